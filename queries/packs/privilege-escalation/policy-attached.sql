-- title: Policy attached to a user, group or role
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1098.003], v19: [T1098.003]}
-- covers: [A2.01]
-- why: One attached administrator policy turns any identity into a way to do everything.
-- misses: What customer policies allow, where they were written before the evidence begins; those are rated low.
WITH attached AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.policyArn'), '(unnamed policy)') AS policy,
    'policy/' || regexp_extract(json_extract_string(request_parameters, '$.policyArn'), '([^/]*)$', 1)
      || ' in ' || regexp_extract(json_extract_string(request_parameters, '$.policyArn'), ':iam::([0-9]{12}):policy/', 1) AS customer_policy,
    coalesce(
      'user/' || json_extract_string(request_parameters, '$.userName'),
      'role/' || json_extract_string(request_parameters, '$.roleName'),
      'group/' || json_extract_string(request_parameters, '$.groupName'),
      'unnamed principal') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    identity_type = 'IAMUser' AND json_extract_string(request_parameters, '$.userName') = user_name AS himself
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy')
),
-- Customer policies that the scope itself wrote with all rights, or all over IAM.
own_wide AS (
  SELECT bearer, bool_or(every_action) AS every_action
  FROM policy_statements
  WHERE policy_kind = 'identity' AND coalesce(event_name, '') IN ('CreatePolicy', 'CreatePolicyVersion') AND effect = 'Allow'
    AND outcome = 'success' AND (every_action OR all_of_iam)
  GROUP BY bearer
)
SELECT
  a.event_id,
  a.policy || ' on ' || a.bearer AS subject,
  CASE WHEN a.outcome = 'success' THEN 'Policy ' || a.policy || ' was attached to ' ELSE 'Attempt to attach the policy ' || a.policy || ' to ' END || a.bearer
    || CASE WHEN a.himself THEN ', the caller itself' ELSE '' END
    || CASE WHEN o.bearer IS NOT NULL THEN '; its text, written in the same scope, allows everything' || CASE WHEN o.every_action THEN '' ELSE ' in IAM' END ELSE '' END AS summary,
  CASE
    WHEN regexp_matches(a.policy, '^arn:aws[a-z-]*:iam::aws:policy/(AdministratorAccess.*|IAMFullAccess|job-function/SystemAdministrator)$') OR o.bearer IS NOT NULL
      THEN CASE WHEN a.invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END
    WHEN a.policy LIKE '%/PowerUserAccess' OR a.himself THEN 'medium'
    ELSE 'low'
  END AS severity,
  a.invoked_by
FROM attached AS a
LEFT JOIN own_wide AS o ON o.bearer = a.customer_policy
-- AWS's own quarantine takes rights away; it tells that the key leaked, not that anyone gained.
WHERE a.policy NOT LIKE '%/AWSCompromisedKeyQuarantine%'
ORDER BY a.outcome <> 'success', a.event_time, a.event_id
