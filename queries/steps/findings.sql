-- What each finding's events say about it: outcome, credential, time, and where the evidence lies; of events the first hundred, in time order.
WITH named AS (
  SELECT DISTINCT finding, event_id
  FROM (
    SELECT f.finding, unnest(f.event_ids) AS event_id
    FROM (SELECT unnest(from_json($findings::JSON, '[{"finding": "INTEGER", "event_ids": ["VARCHAR"]}]'), recursive := false) AS f)
  )
),
-- Nearly all of them lie in the scope; only what does not (consequences) is looked up among all events.
inside AS (
  SELECT event_id, event_time, outcome, file_id, record_index, credential
  FROM scope_events
  WHERE event_id IN (SELECT event_id FROM named)
),
known AS (
  SELECT event_id, event_time, outcome, file_id, record_index, credential FROM inside
  UNION ALL
  SELECT event_id, event_time, outcome, file_id, record_index, NULL AS credential
  FROM events
  WHERE event_id IN (SELECT event_id FROM named EXCEPT SELECT event_id FROM inside)
),
joined AS (
  SELECT
    n.finding,
    e.event_id,
    e.event_time,
    e.outcome,
    e.credential,
    v.path,
    e.record_index,
    row_number() OVER (PARTITION BY n.finding ORDER BY e.event_time NULLS LAST, e.event_id) AS place
  FROM named AS n
  JOIN known AS e ON e.event_id = n.event_id
  JOIN evidence AS v ON v.file_id = e.file_id
)
SELECT
  finding,
  count(*) AS events,
  array_agg(DISTINCT outcome ORDER BY outcome) AS outcomes,
  min(credential) AS credential,
  count(DISTINCT credential) AS credentials,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  array_agg(event_id ORDER BY place) FILTER (WHERE place <= 100) AS event_ids,
  array_agg({file: path, record_index: record_index} ORDER BY place) FILTER (WHERE place <= 100) AS evidence
FROM joined
GROUP BY finding
ORDER BY finding;
