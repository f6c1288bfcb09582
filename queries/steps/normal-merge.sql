-- What both the evidence and a saved baseline tell becomes one row: calls add up, days are at least the greater number.
CREATE OR REPLACE TEMP TABLE together AS
SELECT
  kind,
  id,
  aspect,
  value,
  (CASE aspect WHEN 'rate' THEN max(calls) ELSE sum(calls) END)::BIGINT AS calls,
  max(days)::INTEGER AS days,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM normal
GROUP BY kind, id, aspect, value;
DELETE FROM normal;
INSERT INTO normal BY NAME SELECT * FROM together;
DROP TABLE together;
