-- What each finding's events say about it: outcome, credential, time, and where the evidence lies.
WITH named AS (
  SELECT f.finding, unnest(f.event_ids) AS event_id
  FROM (SELECT unnest(from_json($findings::JSON, '[{"finding": "INTEGER", "event_ids": ["VARCHAR"]}]'), recursive := false) AS f)
),
joined AS (
  SELECT n.finding, e.event_id, e.event_time, e.outcome, s.credential, v.path, e.record_index
  FROM (SELECT DISTINCT finding, event_id FROM named) AS n
  JOIN events AS e ON e.event_id = n.event_id
  JOIN evidence AS v ON v.file_id = e.file_id
  LEFT JOIN (SELECT event_id, min(credential) AS credential FROM scope_events WHERE event_id IN (SELECT event_id FROM named) GROUP BY event_id) AS s
    ON s.event_id = e.event_id
)
SELECT
  finding,
  count(*) AS events,
  array_agg(event_id ORDER BY event_time NULLS LAST, event_id) AS event_ids,
  array_agg(DISTINCT outcome ORDER BY outcome) AS outcomes,
  array_agg(DISTINCT credential ORDER BY credential) FILTER (WHERE credential IS NOT NULL) AS credentials,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  array_agg({file: path, record_index: record_index} ORDER BY event_time NULLS LAST, event_id) AS evidence
FROM joined
GROUP BY finding
ORDER BY finding;
