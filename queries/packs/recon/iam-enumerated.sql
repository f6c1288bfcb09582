-- title: Users, roles and policies of the account listed
-- severity: medium
-- category: discovery
-- attack: {v18: [T1087.004, T1069.003], v19: [T1087.004, T1069.003]}
-- covers: [A7.06]
-- why: Who is there, and who may do what, is what a thief needs to know to rise or to hide; a pipeline never asks.
-- misses: Single questions, but for the two that tell everything at once. What was asked the same way before the window is left out.
-- params:
--   names: {type: integer, default: 4, about: "Different questions about IAM from which it is told."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'IAM surveyed by ' || principal AS subject,
  'IAM was asked who is there and who may do what: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND event_source = 'iam.amazonaws.com'
  AND coalesce(event_name, '') IN ('ListUsers', 'ListRoles', 'ListGroups', 'ListPolicies', 'ListAttachedRolePolicies', 'ListAttachedUserPolicies',
    'ListAttachedGroupPolicies', 'ListUserPolicies', 'ListRolePolicies', 'ListGroupsForUser', 'GetAccountAuthorizationDetails', 'GetAccountSummary',
    'ListAccountAliases', 'SimulatePrincipalPolicy', 'SimulateCustomPolicy', 'GetAccountPasswordPolicy', 'GetUser', 'ListMFADevices', 'ListVirtualMFADevices',
    'ListSAMLProviders', 'ListOpenIDConnectProviders', 'ListInstanceProfiles', 'ListEntitiesForPolicy')
GROUP BY principal
HAVING count(DISTINCT event_name) >= $names::INTEGER OR bool_or(coalesce(event_name, '') IN ('GetAccountAuthorizationDetails', 'SimulatePrincipalPolicy'))
ORDER BY min(first_asked), principal
