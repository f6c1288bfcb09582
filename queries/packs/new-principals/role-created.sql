-- title: IAM role created
-- severity: medium
-- category: persistence
-- attack: {v18: [T1136.003], v19: [T1136.003]}
-- covers: [A1.05]
-- why: A role is an identity to come back as; whom its trust policy lets in is judged by the rules of the pack backdoors.
-- misses: Roles that AWS makes for its own services (CreateServiceLinkedRole), since nobody but the service can take them.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.role.arn'),
    'role/' || json_extract_string(request_parameters, '$.roleName') || ' in ' || coalesce(recipient_account_id, 'an unknown account'),
    'unnamed role in ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE WHEN outcome = 'success' THEN 'IAM role ' ELSE 'Attempt to create the IAM role ' END
    || coalesce(json_extract_string(request_parameters, '$.roleName'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was created' ELSE '' END
    || CASE WHEN json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"AWS"%' THEN ', for accounts, users or roles to take'
      WHEN json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"Federated"%' THEN ', for outside identities to take'
      WHEN json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"Service"%' THEN ', for an AWS service to take'
      ELSE '' END
    || CASE WHEN invoked_by IS NOT NULL THEN ', by ' || invoked_by || ' for the caller' ELSE '' END AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"AWS"%'
      OR json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"Federated"%' THEN 'medium'
    WHEN json_extract_string(request_parameters, '$.assumeRolePolicyDocument') LIKE '%"Service"%' THEN 'low'
    ELSE 'medium'
  END AS severity,
  json_extract_string(request_parameters, '$.roleName') AS role_name,
  invoked_by
FROM scope_events
WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateRole'
ORDER BY outcome <> 'success', event_time, event_id
