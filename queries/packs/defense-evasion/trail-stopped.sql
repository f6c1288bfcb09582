-- title: Trail stopped or deleted
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.01]
-- why: From then on nothing is recorded by this trail; what the log does not show after it may still have happened.
-- misses: Whether another trail recorded on; Event history keeps management events for 90 days whatever happens to trails.
WITH stops AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(nullif(regexp_extract(json_extract_string(request_parameters, '$.name'), '([^/]+)$', 1), ''), '(unnamed)') AS trail,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    hop,
    coalesce(session_issuer_arn, identity_arn, principal_id) AS principal
  FROM scope_events
  WHERE event_source = 'cloudtrail.amazonaws.com' AND coalesce(event_name, '') IN ('StopLogging', 'DeleteTrail')
),
made AS (
  SELECT json_extract_string(request_parameters, '$.name') AS trail, coalesce(session_issuer_arn, identity_arn, principal_id) AS principal
  FROM scope_events
  WHERE event_source = 'cloudtrail.amazonaws.com' AND event_name = 'CreateTrail' AND outcome = 'success'
),
-- A trail that the same actor made watched nobody before: with seeds the scope is one actor, without them a principal is.
own_trails AS (
  SELECT DISTINCT s.event_id FROM stops AS s JOIN made AS m ON m.trail = s.trail AND (s.hop IS NOT NULL OR m.principal = s.principal)
)
SELECT
  s.event_id,
  'trail ' || s.trail || ' in ' || s.place AS subject,
  CASE s.event_name
    WHEN 'StopLogging' THEN CASE WHEN s.outcome = 'success' THEN 'The trail ' || s.trail || ' was stopped' ELSE 'Attempt to stop the trail ' || s.trail END
    ELSE CASE WHEN s.outcome = 'success' THEN 'The trail ' || s.trail || ' was deleted' ELSE 'Attempt to delete the trail ' || s.trail END
  END || CASE WHEN o.event_id IS NOT NULL THEN '; the same actor had made it before' WHEN s.outcome = 'not_found' THEN ', which was not there' ELSE '' END AS summary,
  CASE WHEN o.event_id IS NOT NULL OR s.invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity,
  s.event_name AS call
FROM stops AS s
LEFT JOIN own_trails AS o ON o.event_id = s.event_id
ORDER BY s.outcome <> 'success', s.event_time, s.event_id
