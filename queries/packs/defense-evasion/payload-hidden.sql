-- title: Call made too large to be logged
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.13]
-- why: CloudTrail leaves out the parameters of a call that is too large, so padding a policy with spaces hides what it grants; an export that cuts long texts hides it too.
-- misses: What was hidden; it must be looked up in the account. Calls that decide on no access.
SELECT
  event_id,
  event_source || ' ' || event_name || ' by ' || coalesce(session_issuer_arn, identity_arn, principal_id, 'an unnamed caller') AS subject,
  CASE WHEN outcome = 'success' THEN 'The parameters of ' || event_name || ' were left out of the log, since they were too large'
    ELSE 'Attempt at ' || event_name || ' whose parameters were left out of the log, since they were too large' END
    || coalesce(' (' || json_extract_string(request_parameters, '$.originalSize') || ' bytes)', '') AS summary,
  'high' AS severity,
  json_extract_string(request_parameters, '$.originalSize') AS original_size
FROM scope_events
WHERE coalesce(event_source, '') IN ('iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com', 'kms.amazonaws.com', 'cloudtrail.amazonaws.com',
    's3.amazonaws.com', 's3control.amazonaws.com', 'sns.amazonaws.com', 'sqs.amazonaws.com', 'secretsmanager.amazonaws.com', 'ecr.amazonaws.com', 'sso.amazonaws.com',
    'es.amazonaws.com', 'events.amazonaws.com', 'backup.amazonaws.com', 'glacier.amazonaws.com', 'elasticfilesystem.amazonaws.com')
  AND (event_source IN ('iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com', 'kms.amazonaws.com', 'cloudtrail.amazonaws.com')
    OR regexp_matches(event_name, 'Policy|Permission|Attributes$|DomainConfig$'))
  AND coalesce(read_only, false) = false
  AND json_extract_string(request_parameters, '$.omitted') = 'true'
UNION ALL
SELECT
  event_id,
  bearer AS subject,
  'The policy that ' || event_name || ' wrote for ' || bearer || ' is cut short in the log or no JSON: what it grants cannot be told' AS summary,
  'medium' AS severity,
  NULL AS original_size
FROM policies_unread
ORDER BY severity, event_id, subject
