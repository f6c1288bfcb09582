-- The scope in one row: how much, by how many credentials, when, and how it ended. Without seeds every credential is in scope.
WITH ended AS (
  SELECT outcome, count(*) AS events, min(event_time) AS first_event, max(event_time) AS last_event
  FROM scope_events
  GROUP BY outcome
),
used AS (
  SELECT count(DISTINCT credential) AS credentials FROM scope_events
),
listed AS (
  SELECT count(*) AS credentials FROM credentials WHERE in_scope
)
SELECT
  coalesce(sum(ended.events), 0) AS events,
  CASE WHEN any_value(listed.credentials) > 0 THEN any_value(listed.credentials) ELSE any_value(used.credentials) END AS credentials,
  any_value(used.credentials) AS credentials_used,
  min(ended.first_event) AS first_event,
  max(ended.last_event) AS last_event,
  array_agg({outcome: ended.outcome, events: ended.events} ORDER BY ended.outcome) FILTER (WHERE ended.outcome IS NOT NULL) AS outcomes
FROM used
CROSS JOIN listed
LEFT JOIN ended ON true;
