-- title: Credential of an instance used away from it
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.005, T1078.004], v19: [T1552.005, T1078.004]}
-- covers: [A6.03]
-- why: The credential of a machine belongs on the machine; anywhere else it has been carried off.
-- misses: Home is where the baseline saw the instance, or its own agent checks in; without either only a suspected credential is judged. Calls through a VPC endpoint show a private address.
WITH calls AS (
  SELECT d.event_id, d.event_time, d.principal_id, d.identity_arn, d.source_ip_address AS address, d.event_source, d.access_key_id, i.network, i.asn, i.country
  FROM direct_events AS d
  LEFT JOIN ips AS i ON i.address = d.source_ip_address
  WHERE d.principal_id LIKE '%:i-%' AND d.source_kind = 'public'
),
home AS (
  SELECT DISTINCT principal_id, address
  FROM calls
  WHERE event_source IN ('ssm.amazonaws.com', 'ssmmessages.amazonaws.com', 'ec2messages.amazonaws.com')
  UNION
  SELECT DISTINCT c.principal_id, n.value AS address
  FROM calls AS c
  JOIN normal AS n ON n.kind = 'identity' AND n.id = c.identity_arn AND n.aspect = 'address'
),
placed AS (
  SELECT h.principal_id, string_agg(DISTINCT h.address, ', ' ORDER BY h.address) AS addresses, max(c.event_time) AS last_home
  FROM home AS h
  LEFT JOIN calls AS c ON c.principal_id = h.principal_id AND c.address = h.address
  GROUP BY h.principal_id
),
near AS (
  SELECT c.principal_id, c.address, bool_or(i.network = c.network) AS same_network, bool_or(i.asn = c.asn) AS same_owner
  FROM (SELECT DISTINCT principal_id, address, network, asn FROM calls) AS c
  JOIN home AS h ON h.principal_id = c.principal_id
  JOIN ips AS i ON i.address = h.address
  GROUP BY c.principal_id, c.address
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  split_part(c.principal_id, ':', 2) || ' from ' || c.address AS subject,
  'The credential of instance ' || split_part(c.principal_id, ':', 2) || ' was used from ' || c.address
    || CASE WHEN bool_or(p.principal_id IS NULL) THEN '; where the instance itself calls from is not known'
      ELSE ', while the instance itself calls from elsewhere' END
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    WHEN bool_or(p.principal_id IS NULL) THEN 'medium'
    WHEN bool_or(n.same_network) THEN 'low'
    -- A machine that was stopped comes back with another address of its cloud, and is never again at the old one.
    WHEN bool_or(n.same_owner) AND NOT coalesce(max(p.last_home) > min(c.event_time), false) THEN 'low'
    ELSE 'high'
  END AS severity,
  coalesce(min(p.addresses), 'no baseline') AS normal,
  c.address AS seen,
  min(c.country) AS country
FROM calls AS c
LEFT JOIN home AS h ON h.principal_id = c.principal_id AND h.address = c.address
LEFT JOIN placed AS p ON p.principal_id = c.principal_id
LEFT JOIN near AS n ON n.principal_id = c.principal_id AND n.address = c.address
LEFT JOIN credentials AS s ON s.access_key_id = c.access_key_id AND s.in_scope
WHERE h.address IS NULL AND (p.principal_id IS NOT NULL OR s.access_key_id IS NOT NULL)
GROUP BY c.principal_id, c.address
ORDER BY min(c.event_time), c.principal_id, c.address
