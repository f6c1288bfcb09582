-- title: Token or certificate issued
-- severity: low
-- category: credential-access
-- attack: {v18: [T1528, T1552.004], v19: [T1528, T1552.004]}
-- covers: [A5.10]
-- why: A token opens registries, packages or other accounts without the key that asked for it, and outlives its revocation by hours.
-- misses: What was done with the token; the token itself is never logged.
WITH issued AS (
  SELECT
    event_id,
    event_time,
    split_part(event_source, '.', 1) AS service,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, credential, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.certificateArn'), json_extract_string(request_parameters, '$.domain'),
      json_extract_string(service_event_details, '$.account_id')) AS opens
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ecr.amazonaws.com', 'ecr-public.amazonaws.com', 'codeartifact.amazonaws.com', 'sso.amazonaws.com',
      'sso-oauth.amazonaws.com', 'acm.amazonaws.com')
    AND coalesce(event_name, '') IN ('GetAuthorizationToken', 'GetRoleCredentials', 'CreateToken', 'CreateTokenWithIAM', 'ExportCertificate')
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, event_name
  FROM baseline_events
  WHERE coalesce(event_name, '') IN ('GetAuthorizationToken', 'GetRoleCredentials', 'CreateToken', 'CreateTokenWithIAM', 'ExportCertificate')
)
SELECT
  array_agg(i.event_id ORDER BY i.event_time, i.event_id) AS event_ids,
  i.service || ':' || i.event_name || ' by ' || i.principal AS subject,
  CASE WHEN i.event_name = 'ExportCertificate' THEN 'A certificate with its private key' ELSE 'A token of ' || i.service END
    || CASE WHEN i.outcome = 'success' THEN ' was' ELSE ' was to be' END || ' issued by ' || i.event_name || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END || coalesce(', for ' || min(i.opens), '') AS summary,
  CASE
    WHEN i.event_name = 'ExportCertificate' THEN 'high'
    WHEN bool_or(k.principal IS NOT NULL) OR bool_and(i.invoked_by IS NOT NULL) THEN 'info'
    ELSE 'low'
  END AS severity
FROM issued AS i
LEFT JOIN known AS k ON k.principal = i.principal AND k.event_name = i.event_name
GROUP BY i.service, i.event_name, i.principal, i.outcome = 'success'
ORDER BY min(i.event_time), i.service, i.event_name, i.principal, summary
