-- Calls by hour of the week (UTC), 0 is Monday from midnight on: in the scope, and in what was normal for its callers. Calls that callers sent themselves,
-- from an address, in both; strangers are those of a caller that nothing is known of.
WITH sent AS (
  SELECT
    CASE WHEN session_issuer_arn IS NULL THEN 'identity' ELSE 'role' END AS kind,
    coalesce(session_issuer_arn, identity_arn) AS id,
    24 * (date_part('isodow', event_time) - 1) + date_part('hour', event_time) AS hour
  FROM scope_events
  WHERE source_kind IN ('public', 'private')
    AND invoked_by IS NULL
    AND coalesce(identity_type, '') <> 'AWSService'
    AND event_time IS NOT NULL
),
hourly AS (
  SELECT kind, id, value::INTEGER AS hour, calls FROM normal WHERE aspect = 'week_hour'
),
seen AS (
  SELECT hour, count(*) AS events, count(*) FILTER (WHERE (kind, id) NOT IN (SELECT (kind, id) FROM hourly)) AS strangers
  FROM sent
  GROUP BY hour
),
usual AS (
  SELECT n.hour, sum(n.calls)::BIGINT AS calls
  FROM hourly AS n
  JOIN (SELECT DISTINCT kind, id FROM sent) AS c ON c.kind = n.kind AND c.id = n.id
  GROUP BY n.hour
)
SELECT h.hour, coalesce(s.events, 0) AS seen, coalesce(s.strangers, 0) AS strangers, coalesce(u.calls, 0) AS normal
FROM range(168) AS h(hour)
LEFT JOIN seen AS s ON s.hour = h.hour
LEFT JOIN usual AS u ON u.hour = h.hour
ORDER BY h.hour;
