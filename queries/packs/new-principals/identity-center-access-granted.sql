-- title: Access granted through Identity Center
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.003], v19: [T1098.003]}
-- covers: [A1.16]
-- why: An assignment lets a directory user into an account with a permission set's rights, often across the whole organisation.
-- misses: What an existing permission set allows, where its policies were attached before the evidence begins.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.permissionSetArn'),
      json_extract_string(response_elements, '$.permissionSet.permissionSetArn'),
      'permission set ' || json_extract_string(request_parameters, '$.name'),
      'unnamed permission set') AS permission_set,
    coalesce(json_extract_string(request_parameters, '$.principalId'), 'an unnamed principal') AS principal,
    coalesce(json_extract_string(request_parameters, '$.targetId'), 'an unnamed account') AS target,
    coalesce(json_extract_string(request_parameters, '$.managedPolicyArn'), json_extract_string(request_parameters, '$.customerManagedPolicyReference.name')) AS policy,
    event_id IN (SELECT event_id FROM policy_statements
      WHERE policy_kind = 'identity' AND event_source = 'sso.amazonaws.com' AND effect = 'Allow' AND (every_action OR takeovers <> '')) AS wide
  FROM scope_events
  WHERE event_source = 'sso.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreatePermissionSet', 'CreateAccountAssignment', 'PutInlinePolicyToPermissionSet', 'AttachManagedPolicyToPermissionSet',
      'AttachCustomerManagedPolicyReferenceToPermissionSet')
)
SELECT
  event_id,
  CASE event_name WHEN 'CreateAccountAssignment' THEN principal || ' in ' || target || ' through ' ELSE '' END || permission_set AS subject,
  CASE event_name
    WHEN 'CreateAccountAssignment' THEN CASE WHEN outcome = 'success' THEN 'Principal ' || principal || ' was let into account '
      ELSE 'Attempt to let principal ' || principal || ' into account ' END || target || ' with ' || permission_set
    WHEN 'CreatePermissionSet' THEN CASE WHEN outcome = 'success' THEN 'Created: ' ELSE 'Attempt to create ' END || permission_set
    ELSE CASE WHEN outcome = 'success' THEN 'To the rights of ' ELSE 'Attempt to add to the rights of ' END || permission_set
      || CASE WHEN outcome = 'success' THEN ' was added ' ELSE ' ' END
      || CASE event_name WHEN 'PutInlinePolicyToPermissionSet' THEN 'an inline policy' ELSE 'the policy ' || coalesce(policy, '(unnamed)') END
  END AS summary,
  CASE
    WHEN policy LIKE '%AdministratorAccess' OR policy LIKE '%IAMFullAccess' OR policy LIKE '%PowerUserAccess' THEN 'high'
    WHEN wide THEN 'high'
    WHEN event_name = 'CreatePermissionSet' THEN 'low'
    ELSE 'medium'
  END AS severity,
  policy,
  invoked_by
FROM calls
ORDER BY outcome <> 'success', event_time, event_id
