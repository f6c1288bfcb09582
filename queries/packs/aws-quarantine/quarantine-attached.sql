-- title: AWS put a user into quarantine
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.001], v19: [T1552.001]}
-- covers: [A11.10]
-- why: "AWS attaches this policy when it finds a key of the user in public: the key leaked before, and others may have it."
-- misses: Keys that AWS did not find, and which key of the user it found, which the notice says.
WITH attached AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    regexp_extract(coalesce(json_extract_string(request_parameters, '$.policyArn'), json_extract_string(request_parameters, '$.policyName')), '([^/]*)$', 1) AS policy,
    coalesce('user/' || json_extract_string(request_parameters, '$.userName'), 'role/' || json_extract_string(request_parameters, '$.roleName'),
      'group/' || json_extract_string(request_parameters, '$.groupName'), 'an unnamed principal') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('AttachUserPolicy', 'PutUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy')
),
-- AWS acts in its own name: with seeds, that counts which hit a user whose credential is in scope.
suspects AS (
  SELECT DISTINCT 'user/' || regexp_extract(principal, ':user/(.*/)?([^/]+)$', 2) || ' in ' || regexp_extract(principal, '::([0-9]{12}):', 1) AS bearer
  FROM credentials
  WHERE in_scope AND principal LIKE '%:user/%'
),
seeded AS (
  SELECT count(*) AS suspects FROM credentials
)
SELECT
  a.event_id,
  a.bearer AS subject,
  CASE WHEN a.outcome = 'success' THEN 'The policy ' || a.policy || ' was attached to ' ELSE 'Attempt to attach the policy ' || a.policy || ' to ' END || a.bearer
    || ': AWS found a key of it in public' AS summary,
  a.policy
FROM attached AS a
CROSS JOIN seeded AS n
LEFT JOIN suspects AS s ON s.bearer = a.bearer
LEFT JOIN scope_events AS x ON x.event_id = a.event_id
WHERE (a.policy LIKE 'AWSCompromisedKeyQuarantine%' OR a.policy = 'AWSExposedCredentialPolicy_DO_NOT_REMOVE')
  AND (n.suspects = 0 OR s.bearer IS NOT NULL OR x.event_id IS NOT NULL)
ORDER BY a.outcome <> 'success', a.event_time, a.event_id
