-- What both the evidence and a saved baseline tell becomes one row. Calls add up where the one was seen wholly after the other; where their times overlap
-- the same calls may stand in both, and calls are at least the greater number. So are days.
CREATE OR REPLACE TEMP TABLE together AS
SELECT
  kind,
  id,
  aspect,
  value,
  (CASE WHEN aspect <> 'rate' AND max(first_seen) > min(last_seen) THEN sum(calls) ELSE max(calls) END)::BIGINT AS calls,
  max(days)::INTEGER AS days,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM normal
GROUP BY kind, id, aspect, value;
DELETE FROM normal;
INSERT INTO normal BY NAME SELECT * FROM together;
DROP TABLE together;
