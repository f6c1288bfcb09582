-- What each finding's events say about it: credential, time, and where the evidence lies; of events the first hundred, in time order.
-- Outcome and time come by act too: what was tried must not pass for done because something else was. A portion of the findings at a time.
WITH acted AS (
  SELECT finding, act, event_id FROM temp.found_acts WHERE finding BETWEEN $first::INTEGER AND $last::INTEGER
),
named AS (
  SELECT DISTINCT finding, event_id FROM acted
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
  JOIN temp.found_events AS e ON e.event_id = n.event_id
  JOIN evidence AS v ON v.file_id = e.file_id
),
ended AS (
  SELECT a.finding, a.act, array_agg(DISTINCT e.outcome ORDER BY e.outcome) AS outcomes, min(e.event_time) AS first_seen
  FROM acted AS a
  JOIN temp.found_events AS e ON e.event_id = a.event_id
  GROUP BY a.finding, a.act
),
acts AS (
  SELECT finding, array_agg({act: act, outcomes: outcomes, first_seen: first_seen} ORDER BY act) AS acts
  FROM ended
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
