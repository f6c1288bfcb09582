-- title: Organisation or spending looked over
-- severity: medium
-- category: discovery
-- attack: {v18: [T1087.004, T1580], v19: [T1087.004, T1580]}
-- covers: [A7.12]
-- why: How large the prey is, and which accounts stand beside this one, is asked before choosing what to do with it.
-- misses: DescribeOrganization alone, which many tools ask.
-- params:
--   names: {type: integer, default: 3, about: "Different questions from which it is medium."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'organisation or spending surveyed by ' || principal AS subject,
  'The organisation or its spending was looked over: ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name)
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE
    WHEN bool_and(console) THEN 'info'
    WHEN bool_and(iac) OR count(DISTINCT event_name) < $names::INTEGER THEN 'low'
    ELSE 'medium'
  END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND coalesce(event_source, '') IN ('organizations.amazonaws.com', 'ce.amazonaws.com', 'budgets.amazonaws.com')
  AND coalesce(event_name, '') IN ('DescribeOrganization', 'ListAccounts', 'ListRoots', 'ListOrganizationalUnitsForParent', 'ListDelegatedAdministrators',
    'ListPolicies', 'ListPoliciesForTarget', 'ListAccountsForParent', 'ListAWSServiceAccessForOrganization', 'GetCostAndUsage', 'GetCostForecast',
    'DescribeBudgets')
GROUP BY principal
HAVING count(DISTINCT event_name) >= 2 OR bool_or(event_name <> 'DescribeOrganization')
ORDER BY min(first_asked), principal
