-- title: Domains, DNS zones or content delivery changed
-- severity: low
-- category: resource-development
-- attack: {v18: [T1583.001, T1584.002], v19: [T1583.001, T1584.002]}
-- covers: [A3.15]
-- why: A name or a delivery address under the victim's account gives phishing and command channels an honest face.
-- misses: Names registered elsewhere that point at the victim's addresses.
WITH changed AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.domainName'),
      json_extract_string(response_elements, '$.hostedZone.id'),
      json_extract_string(request_parameters, '$.hostedZoneId'),
      json_extract_string(response_elements, '$.distribution.id'),
      json_extract_string(request_parameters, '$.id'),
      json_extract_string(request_parameters, '$.name'),
      event_name || ' in ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS name
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('route53.amazonaws.com', 'route53domains.amazonaws.com', 'cloudfront.amazonaws.com')
    AND coalesce(event_name LIKE 'CreateDistribution%' OR event_name LIKE 'UpdateDistribution%'
      OR event_name IN ('CreateHostedZone', 'ChangeResourceRecordSets', 'AssociateVPCWithHostedZone', 'RegisterDomain', 'TransferDomain',
        'TransferDomainToAnotherAwsAccount', 'DisableDomainTransferLock', 'UpdateDomainNameservers'), false)
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  name AS subject,
  name || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' changed by '
    || string_agg(DISTINCT event_name, ', ' ORDER BY event_name)
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    WHEN bool_or(event_name IN ('RegisterDomain', 'TransferDomain', 'TransferDomainToAnotherAwsAccount', 'DisableDomainTransferLock',
      'UpdateDomainNameservers')) THEN 'high'
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN bool_or(event_name = 'CreateHostedZone' OR event_name LIKE 'CreateDistribution%') THEN 'medium'
    ELSE 'low'
  END AS severity
FROM changed
GROUP BY name, outcome = 'success'
ORDER BY min(event_time), name, summary
