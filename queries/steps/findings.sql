-- What each finding's events say about it: credential, time, and where the evidence lies; of events the first hundred, in time order.
-- Outcome and time come by act too: what was tried must not pass for done because something else was. A portion of the findings at a time.
WITH acted AS MATERIALIZED (
  SELECT * FROM temp.found WHERE finding BETWEEN $first::INTEGER AND $last::INTEGER
),
joined AS (
  SELECT
    e.*,
    v.path,
    row_number() OVER (PARTITION BY e.finding ORDER BY e.event_time NULLS LAST, e.event_id) AS place
  FROM (SELECT DISTINCT finding, event_id, event_time, credential, file_id, record_index FROM acted) AS e
  JOIN evidence AS v ON v.file_id = e.file_id
),
acts AS (
  SELECT finding, array_agg({act: act, outcomes: outcomes, first_seen: first_seen} ORDER BY act) AS acts
  FROM (
    SELECT finding, act, array_agg(DISTINCT outcome ORDER BY outcome) AS outcomes, min(event_time) AS first_seen
    FROM acted
    GROUP BY finding, act
  )
  GROUP BY finding
)
SELECT
  j.finding,
  any_value(a.acts) AS acts,
  count(*) AS events,
  min(credential) AS credential,
  count(DISTINCT credential) AS credentials,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  array_agg(event_id ORDER BY place) FILTER (WHERE place <= 100) AS event_ids,
  array_agg({file: path, record_index: record_index} ORDER BY place) FILTER (WHERE place <= 100) AS evidence
FROM joined AS j
JOIN acts AS a ON a.finding = j.finding
GROUP BY j.finding
ORDER BY j.finding;
