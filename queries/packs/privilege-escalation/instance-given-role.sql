-- title: Role put on an instance or into an instance profile
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1098.003, T1548.005], v19: [T1098.003, T1548.005]}
-- covers: [A2.10]
-- why: Whoever can log in to the instance has the role's rights from then on.
-- misses: Roles given at launch (role-handed-to-service); what the role may do.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(
      json_extract_string(request_parameters, '$.instanceProfileName'),
      json_extract_string(request_parameters, '$.AssociateIamInstanceProfileRequest.IamInstanceProfile.Name'),
      json_extract_string(request_parameters, '$.AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn'),
      json_extract_string(request_parameters, '$.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Name'),
      json_extract_string(request_parameters, '$.ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn'),
      '(unnamed)') AS profile,
    coalesce(
      json_extract_string(request_parameters, '$.AssociateIamInstanceProfileRequest.InstanceId'),
      json_extract_string(response_elements, '$.ReplaceIamInstanceProfileAssociationResponse.iamInstanceProfileAssociation.instanceId'),
      json_extract_string(request_parameters, '$.ReplaceIamInstanceProfileAssociationRequest.AssociationId'),
      'an unnamed instance') AS instance,
    coalesce(json_extract_string(request_parameters, '$.roleName'), '(unnamed)') AS role
  FROM scope_events
  WHERE (event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('CreateInstanceProfile', 'AddRoleToInstanceProfile'))
    OR (event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('AssociateIamInstanceProfile', 'ReplaceIamInstanceProfileAssociation'))
)
SELECT
  event_id,
  CASE WHEN event_name LIKE '%InstanceProfile' AND event_name NOT LIKE 'Associate%' THEN 'instance profile ' || profile ELSE instance END || ' in ' || account AS subject,
  CASE
    WHEN event_name = 'CreateInstanceProfile' THEN CASE WHEN outcome = 'success' THEN 'The instance profile ' || profile || ' was created' ELSE 'Attempt to create the instance profile ' || profile END
    WHEN event_name = 'AddRoleToInstanceProfile' THEN CASE WHEN outcome = 'success' THEN 'Role ' || role || ' was put into the instance profile ' || profile
      ELSE 'Attempt to put the role ' || role || ' into the instance profile ' || profile END
    WHEN outcome = 'success' THEN 'Instance ' || instance || ' was given the instance profile ' || profile
    ELSE 'Attempt to give the instance ' || instance || ' the instance profile ' || profile
  END AS summary,
  CASE
    WHEN event_name = 'CreateInstanceProfile' OR invoked_by IS NOT NULL THEN 'low'
    WHEN event_name = 'AddRoleToInstanceProfile' THEN 'medium'
    ELSE 'high'
  END AS severity,
  invoked_by
FROM calls
ORDER BY event_name, outcome <> 'success', event_time, event_id
