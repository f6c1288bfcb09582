-- title: Network joined to another
-- severity: medium
-- category: command-and-control
-- attack: {v18: [T1599, T1133], v19: [T1599, T1133]}
-- covers: [A3.05]
-- why: Peering, a VPN or a connect endpoint lets the other side reach private machines without touching a public address.
-- misses: Transit gateways shared through RAM and Direct Connect.
WITH joined AS (
  SELECT
    event_id,
    event_time,
    event_name,
    aws_region,
    outcome,
    coalesce(
      json_extract_string(response_elements, '$.vpcPeeringConnection.vpcPeeringConnectionId'),
      json_extract_string(request_parameters, '$.vpcPeeringConnectionId'),
      json_extract_string(response_elements, '$.CreateClientVpnEndpointResponse.clientVpnEndpointId'),
      json_extract_string(response_elements, '$.CreateInstanceConnectEndpointResponse.instanceConnectEndpoint.instanceConnectEndpointId'),
      json_extract_string(response_elements, '$.vpnConnection.vpnConnectionId'),
      event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS subject,
    coalesce(
      json_extract_string(request_parameters, '$.peerOwnerId'),
      json_extract_string(response_elements, '$.vpcPeeringConnection.requesterVpcInfo.ownerId')
    ) AS peer_account
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateVpcPeeringConnection', 'AcceptVpcPeeringConnection', 'CreateClientVpnEndpoint',
      'CreateVpnConnection', 'CreateInstanceConnectEndpoint')
)
SELECT
  event_id,
  subject,
  CASE event_name
    WHEN 'CreateVpcPeeringConnection' THEN 'Peering with another network'
    WHEN 'AcceptVpcPeeringConnection' THEN 'Peering that another network had offered'
    WHEN 'CreateInstanceConnectEndpoint' THEN 'An endpoint to log in to private instances'
    ELSE 'A VPN into the network'
  END
    || CASE WHEN outcome = 'success' THEN ' was ' ELSE ' was to be ' END
    || CASE event_name WHEN 'CreateVpcPeeringConnection' THEN 'offered' WHEN 'AcceptVpcPeeringConnection' THEN 'accepted' ELSE 'made' END
    || CASE WHEN peer_account IS NOT NULL THEN '; the other side is account ' || peer_account ELSE '' END AS summary,
  CASE WHEN peer_account NOT IN (SELECT account_id FROM own_accounts) THEN 'high' ELSE 'medium' END AS severity,
  peer_account
FROM joined
ORDER BY event_time, event_id
