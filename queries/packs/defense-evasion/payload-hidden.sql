-- title: Call made too large to be logged
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.13]
-- why: CloudTrail leaves out the parameters of a call that is too large, so padding a policy with spaces hides what it grants.
-- misses: What was hidden; it must be looked up in the account. Calls of other services than those that decide on access.
SELECT
  event_id,
  event_source || ' ' || event_name || ' by ' || coalesce(session_issuer_arn, identity_arn, principal_id, 'an unnamed caller') AS subject,
  CASE WHEN outcome = 'success' THEN 'The parameters of ' || event_name || ' were left out of the log, since they were too large'
    ELSE 'Attempt at ' || event_name || ' whose parameters were left out of the log, since they were too large' END
    || coalesce(' (' || json_extract_string(request_parameters, '$.originalSize') || ' bytes)', '') AS summary,
  json_extract_string(request_parameters, '$.originalSize') AS original_size
FROM scope_events
WHERE coalesce(event_source, '') IN ('iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com', 'kms.amazonaws.com', 'cloudtrail.amazonaws.com')
  AND coalesce(read_only, false) = false
  AND json_extract_string(request_parameters, '$.omitted') = 'true'
ORDER BY outcome <> 'success', event_time, event_id
