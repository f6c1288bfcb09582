-- title: Private endpoint used or refused for a stranger
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1599], v19: [T1599]}
-- covers: [A6.13]
-- why: A foreign credential inside our network is how data is carried to a foreign account past every gate that looks at addresses.
-- misses: Endpoints whose network activity is not recorded; a refusal does not say what would have been carried.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  coalesce(vpc_endpoint_id, 'unnamed endpoint') || ' by ' || coalesce(account_id, principal_id, 'an unknown caller') AS subject,
  'The private endpoint ' || coalesce(vpc_endpoint_id, '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' carried calls of ' ELSE ' refused calls of ' END
    || CASE WHEN account_id IN (SELECT account_id FROM own_accounts) THEN 'the own account ' ELSE 'foreign account ' END
      || coalesce(account_id, '(unknown)')
    || ': ' || substr(string_agg(DISTINCT event_source || ':' || event_name, ', ' ORDER BY event_source || ':' || event_name), 1, 160) AS summary,
  CASE WHEN account_id IN (SELECT account_id FROM own_accounts) THEN 'low' ELSE 'high' END AS severity
FROM scope_events
WHERE event_category = 'NetworkActivity'
  AND (error_code = 'VpceAccessDenied' OR account_id NOT IN (SELECT account_id FROM own_accounts))
GROUP BY vpc_endpoint_id, account_id, principal_id, outcome = 'success'
ORDER BY min(event_time), subject, summary
