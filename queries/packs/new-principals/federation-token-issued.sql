-- title: Federation token issued
-- severity: medium
-- category: persistence
-- attack: {v18: [T1550.001, T1098.001], v19: [T1550.001, T1098.001]}
-- covers: [A1.19]
-- why: A federation token lives up to 36 hours and goes on working when the key that asked for it is switched off or deleted.
-- misses: GetSessionToken and AssumeRole, which lineage shows. A principal that did the same before the window is rated low.
WITH wide AS (
  SELECT event_id, bool_or(every_action) AS every_action
  FROM policy_statements
  WHERE policy_kind = 'session' AND effect = 'Allow' AND (every_action OR all_of_iam)
  GROUP BY event_id
),
usual AS (
  SELECT DISTINCT principal_id FROM baseline_events WHERE event_source = 'sts.amazonaws.com' AND event_name = 'GetFederationToken'
)
SELECT
  e.event_id,
  coalesce(
    json_extract_string(e.response_elements, '$.federatedUser.arn'),
    'federated user ' || coalesce(json_extract_string(e.request_parameters, '$.name'), '(unnamed)') || ' of ' || coalesce(e.identity_arn, 'an unnamed caller')
  ) AS subject,
  CASE WHEN e.outcome = 'success' THEN 'A federation token was issued for the name ' ELSE 'Attempt to get a federation token for the name ' END
    || coalesce(json_extract_string(e.request_parameters, '$.name'), '(unnamed)')
    || CASE WHEN w.event_id IS NOT NULL THEN ', passing on every right of the caller' || CASE WHEN w.every_action THEN '' ELSE ' over IAM' END ELSE '' END
    || CASE WHEN u.principal_id IS NOT NULL THEN '; this caller did so before' ELSE '' END AS summary,
  CASE
    WHEN u.principal_id IS NOT NULL THEN 'low'
    WHEN w.event_id IS NOT NULL
      OR json_extract_string(e.request_parameters, '$.policyArns') LIKE '%/AdministratorAccess%'
      OR json_extract_string(e.request_parameters, '$.policyArns') LIKE '%/IAMFullAccess%'
      OR try_cast(json_extract_string(e.request_parameters, '$.durationSeconds') AS BIGINT) > 43200 THEN 'high'
    ELSE 'medium'
  END AS severity,
  json_extract_string(e.response_elements, '$.credentials.accessKeyId') AS issued_key,
  json_extract_string(e.request_parameters, '$.durationSeconds') AS seconds_asked_for
FROM scope_events AS e
LEFT JOIN wide AS w ON w.event_id = e.event_id
LEFT JOIN usual AS u ON u.principal_id = e.principal_id
WHERE e.event_source = 'sts.amazonaws.com' AND e.event_name = 'GetFederationToken'
ORDER BY e.outcome <> 'success', e.event_time, e.event_id
