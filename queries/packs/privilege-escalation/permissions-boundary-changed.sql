-- title: Permissions boundary removed or replaced
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1098, T1562], v19: [T1098, T1685]}
-- covers: [A2.05]
-- why: A boundary is the ceiling over what an identity may do; without it, rights that were held back come into force.
-- misses: What the boundary allowed before, and boundaries left out when a user or role is created.
WITH changes AS (
  SELECT
    event_id,
    event_time,
    event_name LIKE 'Delete%' AS removed,
    outcome,
    invoked_by,
    coalesce(
      'user/' || json_extract_string(request_parameters, '$.userName'),
      'role/' || json_extract_string(request_parameters, '$.roleName'),
      'unnamed principal') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    coalesce(json_extract_string(request_parameters, '$.permissionsBoundary'), '(unnamed)') AS boundary
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('PutUserPermissionsBoundary', 'PutRolePermissionsBoundary', 'DeleteUserPermissionsBoundary', 'DeleteRolePermissionsBoundary')
)
SELECT
  event_id,
  bearer AS subject,
  CASE
    WHEN removed THEN CASE WHEN outcome = 'success' THEN 'The permissions boundary of ' || bearer || ' was removed' ELSE 'Attempt to remove the permissions boundary of ' || bearer END
    WHEN outcome = 'success' THEN 'The permissions boundary of ' || bearer || ' was set to ' || boundary
    ELSE 'Attempt to set the permissions boundary of ' || bearer || ' to ' || boundary
  END AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN removed OR regexp_matches(boundary, ':aws:policy/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$') THEN 'high'
    ELSE 'low'
  END AS severity,
  CASE WHEN NOT removed THEN boundary END AS boundary
FROM changes
ORDER BY outcome <> 'success', event_time, event_id
