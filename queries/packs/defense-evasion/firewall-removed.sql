-- title: Web application firewall weakened
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1562.007], v19: [T1686.001]}
-- covers: [A8.10]
-- why: Without its web access list an application stands open to attacks that it was shielded from, and no request is logged.
-- misses: Single rules changed inside a list that stays (UpdateWebACL).
WITH words AS (
  SELECT 'DeleteWebACL' AS event_name, 'delete the web access list' AS act, 'high' AS severity UNION ALL
  SELECT 'DeleteRuleGroup', 'delete the rule group', 'medium' UNION ALL
  SELECT 'DisassociateWebACL', 'take the web access list off', 'high' UNION ALL
  SELECT 'UpdateIPSet', 'change the address set', 'medium' UNION ALL
  SELECT 'DeleteLoggingConfiguration', 'end the logging of requests by', 'high' UNION ALL
  SELECT 'DeleteFirewallPolicy', 'delete the firewall policy', 'medium' UNION ALL
  SELECT 'DeleteFirewall', 'delete the firewall', 'high'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.resourceArn'), json_extract_string(request_parameters, '$.webACLId'),
      json_extract_string(request_parameters, '$.ruleGroupId'), json_extract_string(request_parameters, '$.iPSetId'), json_extract_string(request_parameters, '$.firewallName'),
      json_extract_string(request_parameters, '$.firewallPolicyName'), '(unnamed)')
      || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS thing
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('wafv2.amazonaws.com', 'waf.amazonaws.com', 'waf-regional.amazonaws.com', 'network-firewall.amazonaws.com')
    AND coalesce(event_name, '') IN ('DeleteWebACL', 'DeleteRuleGroup', 'DisassociateWebACL', 'UpdateIPSet', 'DeleteLoggingConfiguration', 'DeleteFirewallPolicy', 'DeleteFirewall')
)
SELECT
  c.event_id,
  c.thing AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || w.act || ' ' || c.thing AS summary,
  CASE WHEN c.invoked_by IS NOT NULL THEN 'low' ELSE w.severity END AS severity,
  c.event_name AS call
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
