-- title: Policy that held rights back removed
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1098, T1562], v19: [T1098, T1685]}
-- covers: [A2.06]
-- why: Deleting a policy that denies gives rights without granting any.
-- misses: Deny policies whose name does not tell and that were written before the evidence begins; AWS's quarantine is another rule's.
WITH removed AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.policyName'), json_extract_string(request_parameters, '$.policyArn'), '(unnamed)') AS policy,
    coalesce(
      'user/' || json_extract_string(request_parameters, '$.userName'),
      'role/' || json_extract_string(request_parameters, '$.roleName'),
      'group/' || json_extract_string(request_parameters, '$.groupName'),
      'everyone who had it') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('DeleteUserPolicy', 'DeleteRolePolicy', 'DeleteGroupPolicy', 'DetachUserPolicy', 'DetachRolePolicy', 'DetachGroupPolicy', 'DeletePolicy')
),
-- Inline policies whose text, written in the scope, denies something.
denying AS (
  SELECT DISTINCT bearer, policy_name FROM policy_statements WHERE policy_kind = 'identity' AND effect = 'Deny' AND policy_name IS NOT NULL AND outcome = 'success'
)
SELECT
  r.event_id,
  r.policy || ' on ' || r.bearer AS subject,
  CASE WHEN r.outcome = 'success' THEN 'Policy ' || r.policy || ' was taken from ' ELSE 'Attempt to take the policy ' || r.policy || ' from ' END || r.bearer
    || CASE WHEN d.policy_name IS NOT NULL THEN '; its text denied something' ELSE '; its name says that it held something back' END AS summary,
  CASE WHEN r.invoked_by IS NOT NULL THEN 'low' WHEN d.policy_name IS NOT NULL THEN 'high' ELSE 'medium' END AS severity,
  r.event_name AS call
FROM removed AS r
LEFT JOIN denying AS d ON d.bearer = r.bearer AND d.policy_name = r.policy
WHERE (d.policy_name IS NOT NULL OR regexp_matches(r.policy, '(?i)boundar|deny|denied|guard|restrict|prevent|protect|block|lockdown|revokeoldersessions'))
  AND r.policy NOT LIKE '%AWSCompromisedKeyQuarantine%' AND r.policy NOT LIKE 'AWSExposedCredentialPolicy%'
ORDER BY r.outcome <> 'success', r.event_time, r.event_id
