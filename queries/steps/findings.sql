-- What each finding's events say about it: credential, time, and where the evidence lies; of events the first hundred, in time order.
-- Outcome and time come by act too: what was tried must not pass for done because something else was. A portion of the findings at a time.
-- The least hundred are kept as they come: an ordered aggregate takes twice as long, and a list of all of them might not fit in memory.
WITH acted AS MATERIALIZED (
  SELECT * FROM temp.found WHERE finding BETWEEN $first::INTEGER AND $last::INTEGER
),
joined AS (
  SELECT
    e.finding,
    count(*) AS events,
    min(e.credential) AS credential,
    count(DISTINCT e.credential) AS credentials,
    min(e.event_time) AS first_seen,
    max(e.event_time) AS last_seen,
    min({event_time: e.event_time, event_id: e.event_id, file: v.path, record_index: e.record_index}, 100) AS listed
  FROM (SELECT DISTINCT finding, event_id, event_time, credential, file_id, record_index FROM acted) AS e
  JOIN evidence AS v ON v.file_id = e.file_id
  GROUP BY e.finding
),
acts AS (
  SELECT finding, list_sort(array_agg({act: act, outcomes: outcomes, first_seen: first_seen})) AS acts
  FROM (
    SELECT finding, act, list_sort(array_agg(DISTINCT outcome)) AS outcomes, min(event_time) AS first_seen
    FROM acted
    GROUP BY finding, act
  )
  GROUP BY finding
)
SELECT
  j.* EXCLUDE (listed),
  a.acts,
  list_transform(j.listed, lambda one: one.event_id) AS event_ids,
  list_transform(j.listed, lambda one: {file: one.file, record_index: one.record_index}) AS evidence
FROM joined AS j
JOIN acts AS a ON a.finding = j.finding
ORDER BY j.finding;
