-- title: Domain moved or unlocked
-- severity: high
-- category: resource-development
-- attack: {v18: [T1584.001], v19: [T1584.001]}
-- covers: [A9.09]
-- why: Whoever holds the domain receives its mail and speaks in its name, long after every key is revoked.
-- misses: Domains at other registrars.
WITH words AS (
  SELECT 'TransferDomainToAnotherAwsAccount' AS event_name, 'was handed to another account' AS words, 'critical' AS weight UNION ALL
  SELECT 'TransferDomain', 'was moved here', 'medium' UNION ALL
  SELECT 'AcceptDomainTransferFromAnotherAwsAccount', 'was taken over from another account', 'medium' UNION ALL
  SELECT 'DisableDomainTransferLock', 'was unlocked for a transfer', 'high' UNION ALL
  SELECT 'RetrieveDomainAuthCode', 'had its transfer code read', 'high' UNION ALL
  SELECT 'UpdateDomainNameservers', 'was pointed to other name servers', 'high' UNION ALL
  SELECT 'UpdateDomainContact', 'was given another contact', 'medium' UNION ALL
  SELECT 'DeleteDomain', 'was given up', 'high' UNION ALL
  SELECT 'DisableDomainAutoRenew', 'is no longer renewed', 'medium'
)
SELECT
  e.event_id,
  'domain ' || coalesce(json_extract_string(e.request_parameters, '$.domainName'), '(unnamed)') AS subject,
  CASE WHEN e.outcome = 'success' THEN 'The domain ' ELSE 'Attempt on the domain ' END || coalesce(json_extract_string(e.request_parameters, '$.domainName'), '(unnamed)')
    || CASE WHEN e.outcome = 'success' THEN ' ' ELSE ', so that it ' END || w.words
    || coalesce(': ' || json_extract_string(e.request_parameters, '$.accountId'), '') AS summary,
  w.weight AS severity
FROM scope_events AS e
JOIN words AS w ON w.event_name = e.event_name
WHERE e.event_source = 'route53domains.amazonaws.com'
ORDER BY e.outcome <> 'success', e.event_time, e.event_id
