-- title: Network built
-- severity: low
-- category: resource-development
-- attack: {v18: [T1578.005], v19: [T1578.005]}
-- covers: [A3.04]
-- why: A network with its own way out is the scaffolding put up before rented machines are started, often in a region nobody watches.
-- misses: Who uses the network afterwards; changes to networks that were there before.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'networks in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') || ' by '
    || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE WHEN outcome = 'success' THEN 'Network parts were made in ' ELSE 'Network parts were to be made in ' END
    || coalesce(aws_region, 'an unknown region') || ' by ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || ': ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'info' ELSE 'low' END AS severity,
  sum(CASE WHEN event_name IN ('CreateVpc', 'CreateDefaultVpc') AND outcome = 'success' THEN 1 ELSE 0 END) AS vpcs
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com'
  AND coalesce(event_name, '') IN ('CreateVpc', 'CreateDefaultVpc', 'CreateSubnet', 'CreateInternetGateway', 'AttachInternetGateway',
    'CreateRoute', 'CreateRouteTable',
    'CreateNatGateway', 'AllocateAddress', 'CreateNetworkInterface', 'CreateSecurityGroup', 'CreateNetworkAcl')
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), aws_region, recipient_account_id, outcome = 'success'
ORDER BY min(event_time), aws_region, recipient_account_id, subject, summary
