-- title: AWS's quarantine of a leaked key lifted
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1098, T1562], v19: [T1098, T1685]}
-- covers: [A2.06]
-- why: AWS attaches this policy when it finds a key in public; taking it off gives the leaked key its powers back.
-- misses: A responder who lifts the quarantine after changing the key looks the same; other policies that undo it.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(json_extract_string(request_parameters, '$.policyArn'), json_extract_string(request_parameters, '$.policyName')) AS policy,
    coalesce(
      'user/' || json_extract_string(request_parameters, '$.userName'),
      'role/' || json_extract_string(request_parameters, '$.roleName'),
      'group/' || json_extract_string(request_parameters, '$.groupName'),
      'unnamed principal') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    identity_type = 'IAMUser' AND json_extract_string(request_parameters, '$.userName') = user_name AS himself
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('DetachUserPolicy', 'DetachRolePolicy', 'DetachGroupPolicy', 'DeleteUserPolicy', 'DeleteRolePolicy', 'DeleteGroupPolicy')
)
SELECT
  event_id,
  bearer AS subject,
  CASE WHEN outcome = 'success' THEN 'The quarantine ' || policy || ' was lifted from ' ELSE 'Attempt to lift the quarantine ' || policy || ' from ' END || bearer
    || CASE WHEN himself THEN ', by that user' ELSE '' END AS summary,
  CASE WHEN himself THEN 'critical' ELSE 'high' END AS severity,
  policy
FROM calls
WHERE policy LIKE '%AWSCompromisedKeyQuarantine%' OR policy LIKE 'AWSExposedCredentialPolicy%'
ORDER BY outcome <> 'success', event_time, event_id
