-- title: One call refused on thing after thing
-- severity: high
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.03]
-- why: Who asks for the same of ten machines, secrets or buckets and is refused each time is reading a list, not doing work.
-- misses: A sweep that is allowed, which the rules on secrets and data show. What was not found does not count as refused.
-- params:
--   things: {type: integer, default: 10, about: "Different things one call was refused on within the time, from which it is told."}
--   minutes: {type: integer, default: 30, about: "Time within which it was."}
WITH refused AS (
  SELECT
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    event_source,
    event_name,
    CAST(request_parameters AS VARCHAR) AS request,
    min(event_time) AS event_time,
    min(event_id) AS event_id,
    bool_and(coalesce(session_credential_from_console, false)) AS console
  FROM scope_events
  WHERE outcome = 'denied' AND invoked_by IS NULL AND event_time IS NOT NULL AND request_parameters IS NOT NULL
    AND event_source <> 'signin.amazonaws.com' AND coalesce(identity_type, '') <> 'AWSService'
  GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), event_source, event_name, CAST(request_parameters AS VARCHAR)
),
paced AS (
  SELECT
    principal,
    event_source,
    event_name,
    event_time,
    event_id,
    console,
    lag(event_time, $things::INTEGER - 1) OVER (PARTITION BY principal, event_source, event_name ORDER BY event_time, event_id) AS so_many_before
  FROM refused
),
sweeps AS (
  SELECT principal, event_source, event_name, min(so_many_before) AS began, max(event_time) AS ended
  FROM paced
  WHERE event_time <= so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY principal, event_source, event_name
)
SELECT
  array_agg(p.event_id ORDER BY p.event_time, p.event_id) AS event_ids,
  split_part(p.event_source, '.', 1) || ':' || p.event_name || ' by ' || p.principal AS subject,
  split_part(p.event_source, '.', 1) || ':' || p.event_name || ' was refused on ' || count(*) || ' different things within minutes' AS summary,
  -- All is refused, so each severity comes out one level lower.
  CASE WHEN bool_and(p.console) THEN 'low' ELSE 'high' END AS severity,
  min(p.event_time) AS began
FROM paced AS p
JOIN sweeps AS s ON s.principal = p.principal AND s.event_source = p.event_source AND s.event_name = p.event_name AND p.event_time BETWEEN s.began AND s.ended
GROUP BY p.principal, p.event_source, p.event_name
ORDER BY min(p.event_time), subject
