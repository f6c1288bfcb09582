-- title: Credential of an instance used away from it
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.005, T1078.004], v19: [T1552.005, T1078.004]}
-- covers: [A6.03]
-- why: The credential of a machine belongs on the machine; anywhere else it has been carried off.
-- misses: Home is where the baseline saw the instance, or its own agent checks in; without either only a suspected credential is judged. Calls through a VPC endpoint show a private address.
WITH places AS (
  SELECT principal_id, source_ip_address AS address, min(identity_arn) AS identity_arn, max(event_time) AS last_use,
    bool_or(coalesce(event_source, '') IN ('ssm.amazonaws.com', 'ssmmessages.amazonaws.com', 'ec2messages.amazonaws.com')) AS of_agent
  FROM direct_events WHERE principal_id LIKE '%:i-%' AND source_kind = 'public'
  GROUP BY principal_id, source_ip_address
),
home AS (
  SELECT principal_id, address FROM places WHERE of_agent
  UNION
  SELECT p.principal_id, n.value AS address FROM places AS p
  JOIN normal AS n ON n.kind = 'identity' AND n.id = p.identity_arn AND n.aspect = 'address'
),
placed AS (
  SELECT h.principal_id, string_agg(DISTINCT h.address, ', ' ORDER BY h.address) AS addresses, max(p.last_use) AS last_home FROM home AS h
  LEFT JOIN places AS p ON p.principal_id = h.principal_id AND p.address = h.address
  GROUP BY h.principal_id
),
away AS (
  SELECT p.principal_id, p.address, i.network, i.asn, i.country FROM places AS p
  LEFT JOIN home AS h ON h.principal_id = p.principal_id AND h.address = p.address
  LEFT JOIN ips AS i ON i.address = p.address
  WHERE h.address IS NULL
),
near AS (
  SELECT a.principal_id, a.address, bool_or(i.network = a.network) AS same_network, bool_or(i.asn = a.asn) AS same_owner FROM away AS a
  JOIN home AS h ON h.principal_id = a.principal_id
  JOIN ips AS i ON i.address = h.address
  GROUP BY a.principal_id, a.address
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  split_part(c.principal_id, ':', 2) || ' from ' || a.address AS subject,
  'The credential of instance ' || split_part(c.principal_id, ':', 2) || ' was used from ' || a.address
    || CASE WHEN bool_or(p.principal_id IS NULL) THEN '; where the instance itself calls from is not known' ELSE ', while the instance itself calls from elsewhere' END
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    WHEN bool_or(p.principal_id IS NULL) THEN 'medium'
    WHEN bool_or(n.same_network) THEN 'low'
    -- A machine that was stopped comes back with another address of its cloud, and is never again at the old one.
    WHEN bool_or(n.same_owner) AND NOT coalesce(max(p.last_home) > min(c.event_time), false) THEN 'low'
    ELSE 'high'
  END AS severity,
  coalesce(min(p.addresses), 'no baseline') AS normal,
  a.address AS seen, min(a.country) AS country
FROM direct_events AS c
JOIN away AS a ON a.principal_id = c.principal_id AND a.address = c.source_ip_address
LEFT JOIN placed AS p ON p.principal_id = c.principal_id
LEFT JOIN near AS n ON n.principal_id = c.principal_id AND n.address = a.address
LEFT JOIN credentials AS s ON s.access_key_id = c.access_key_id AND s.in_scope
WHERE c.principal_id LIKE '%:i-%' AND c.source_kind = 'public' AND (p.principal_id IS NOT NULL OR s.access_key_id IS NOT NULL)
GROUP BY c.principal_id, a.address
ORDER BY min(c.event_time), c.principal_id, a.address
