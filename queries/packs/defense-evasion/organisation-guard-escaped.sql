-- title: Organisation's guard shaken off
-- severity: critical
-- category: defense-evasion
-- attack: {v18: [T1666, T1562], v19: [T1666, T1685]}
-- covers: [A8.12]
-- why: Outside the organisation, or without its policies, nothing above the account holds the thief back or records him.
-- misses: A policy made weaker by changing its text (UpdatePolicy) is shown, but not judged by what it says.
WITH words AS (
  SELECT 'LeaveOrganization' AS event_name, 'take the account out of its organisation' AS act, 'critical' AS severity UNION ALL
  SELECT 'RemoveAccountFromOrganization', 'put an account out of the organisation', 'critical' UNION ALL
  SELECT 'DetachPolicy', 'detach a policy', 'high' UNION ALL
  SELECT 'DeletePolicy', 'delete a policy', 'high' UNION ALL
  SELECT 'DisablePolicyType', 'switch off a kind of policy', 'high' UNION ALL
  SELECT 'MoveAccount', 'move an account to where other policies hold', 'high' UNION ALL
  SELECT 'UpdatePolicy', 'change a policy', 'medium'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.accountId') || coalesce(' to ' || json_extract_string(request_parameters, '$.destinationParentId'), ''),
      json_extract_string(request_parameters, '$.policyId') || coalesce(' from ' || json_extract_string(request_parameters, '$.targetId'), ''),
      json_extract_string(request_parameters, '$.policyType'),
      recipient_account_id,
      'an unknown account') AS thing
  FROM scope_events
  WHERE event_source = 'organizations.amazonaws.com'
    AND coalesce(event_name, '') IN ('LeaveOrganization', 'RemoveAccountFromOrganization', 'DetachPolicy', 'DeletePolicy', 'DisablePolicyType', 'MoveAccount', 'UpdatePolicy')
)
SELECT
  c.event_id,
  c.thing AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || w.act || ': ' || c.thing AS summary,
  CASE WHEN c.invoked_by IS NOT NULL THEN 'medium' ELSE w.severity END AS severity,
  c.event_name AS call
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
