-- title: Private endpoint used or refused for a stranger
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1599], v19: [T1599]}
-- covers: [A6.13]
-- why: A foreign credential inside our network is how data is carried to a foreign account past every gate that looks at addresses.
-- misses: Endpoints whose network activity is not recorded; a refusal does not say what would have been carried.
WITH visits AS (
  SELECT
    event_id, event_time, event_source, event_name, outcome, vpc_endpoint_id, account_id, principal_id,
    account_id IN (SELECT account_id FROM own_accounts) AS own
  FROM scope_events
  WHERE event_category = 'NetworkActivity' AND (error_code = 'VpceAccessDenied' OR account_id NOT IN (SELECT account_id FROM own_accounts))
),
-- Whom the endpoint carried for before, where the evidence goes back.
known AS (
  SELECT vpc_endpoint_id, string_agg(DISTINCT account_id, ', ' ORDER BY account_id) AS accounts
  FROM baseline_events
  WHERE vpc_endpoint_id IS NOT NULL AND account_id IS NOT NULL
  GROUP BY vpc_endpoint_id
)
SELECT
  array_agg(v.event_id ORDER BY v.event_time, v.event_id) AS event_ids,
  coalesce(v.vpc_endpoint_id, 'unnamed endpoint') || ' by ' || coalesce(v.account_id, v.principal_id, 'an unknown caller') AS subject,
  'The private endpoint ' || coalesce(v.vpc_endpoint_id, '(unnamed)')
    || CASE WHEN v.outcome = 'success' THEN ' carried calls of ' ELSE ' refused calls of ' END
    || CASE WHEN v.own THEN 'the own account ' ELSE 'foreign account ' END || coalesce(v.account_id, '(unknown)')
    || ': ' || clipped(string_agg(DISTINCT v.event_source || ':' || v.event_name, ', ' ORDER BY v.event_source || ':' || v.event_name), 160) AS summary,
  CASE WHEN bool_or(v.own) THEN 'low' ELSE 'high' END AS severity,
  coalesce('accounts ' || clipped(min(k.accounts), 160), CASE WHEN (SELECT count(*) FROM normal) = 0 THEN 'no baseline' ELSE 'not seen before' END) AS normal,
  'account ' || coalesce(v.account_id, '(unknown)') AS seen
FROM visits AS v
LEFT JOIN known AS k ON k.vpc_endpoint_id = v.vpc_endpoint_id
GROUP BY v.vpc_endpoint_id, v.account_id, v.principal_id, v.own, v.outcome = 'success'
ORDER BY min(v.event_time), subject, summary
