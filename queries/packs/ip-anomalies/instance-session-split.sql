-- title: One session of an instance in two places
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.005], v19: [T1552.005]}
-- covers: [A6.04]
-- why: A session handed out by an instance's metadata service once by the old way and once by the new, or seen at two addresses, has been copied.
-- misses: A copy used through the instance's own way out. Old software and new on one host fetch by both ways, so the ways alone do not fire.
WITH moved AS (
  SELECT account_id, principal_id, session_created
  FROM direct_events
  WHERE principal_id LIKE '%:i-%' AND session_created IS NOT NULL
  GROUP BY account_id, principal_id, session_created
  HAVING min(source_ip_address) <> max(source_ip_address)
),
sessions AS (
  SELECT
    d.account_id,
    d.principal_id,
    d.session_created,
    array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
    count(DISTINCT CASE WHEN source_kind = 'public' AND source_ip_address NOT LIKE '%:%' THEN source_ip_address END) AS public_addresses,
    count(DISTINCT CASE WHEN source_kind = 'private' AND source_ip_address NOT LIKE '%:%' THEN source_ip_address END) AS private_addresses,
    count(DISTINCT source_ip_address) AS addresses,
    count(DISTINCT i.network) AS networks,
    count(DISTINCT ec2_role_delivery) AS deliveries,
    string_agg(DISTINCT ec2_role_delivery, ' and ' ORDER BY ec2_role_delivery) AS delivered,
    min(d.identity_arn) AS identity_arn,
    count(DISTINCT access_key_id) AS keys,
    string_agg(DISTINCT source_ip_address, ', ' ORDER BY source_ip_address) AS seen_at,
    min(event_time) AS first_use
  FROM direct_events AS d
  LEFT JOIN ips AS i ON i.address = d.source_ip_address
  JOIN moved AS m ON m.principal_id = d.principal_id AND m.session_created = d.session_created AND m.account_id = d.account_id
  GROUP BY d.account_id, d.principal_id, d.session_created
)
SELECT
  event_ids,
  split_part(principal_id, ':', 2) || ' of ' || coalesce(account_id, 'an unknown account') AS subject,
  'One session of instance ' || split_part(principal_id, ':', 2) || ' was used from ' || addresses || ' addresses (' || substr(seen_at, 1, 160) || ')'
    || CASE WHEN deliveries > 1 THEN ', fetched both by the old way and by the new' ELSE '' END
    || CASE WHEN keys > 1 THEN ', under ' || keys || ' keys' ELSE '' END AS summary,
  CASE WHEN deliveries > 1 AND keys > 1 THEN 'high' WHEN deliveries <= 1 AND networks = 1 THEN 'low' ELSE 'medium' END AS severity,
  coalesce(w.told, 'no baseline') AS normal,
  seen_at || coalesce(', ec2RoleDelivery ' || delivered, '') AS seen,
  keys,
  deliveries
FROM sessions
LEFT JOIN usual AS w ON w.kind = 'identity' AND w.id = sessions.identity_arn AND w.aspect = 'address'
-- A private and a public address are a machine with a VPC endpoint, unless the session was fetched twice.
WHERE public_addresses > 1 OR private_addresses > 1 OR (addresses > 1 AND deliveries > 1 AND keys > 1)
ORDER BY first_use, account_id, principal_id, session_created
