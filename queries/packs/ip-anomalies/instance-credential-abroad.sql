-- title: Credential of an instance used away from it
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.005, T1078.004], v19: [T1552.005, T1078.004]}
-- covers: [A6.03]
-- why: The credential of a machine belongs on the machine; anywhere else it has been carried off.
-- misses: Home is where the instance's own agent checks in; without such calls in the scope only a suspected credential is judged. Calls through a VPC endpoint show a private address.
WITH suspected AS (
  SELECT access_key_id FROM credentials WHERE in_scope
),
-- An instance of one address has nothing to tell, unless its credential is suspected.
worth AS (
  SELECT principal_id
  FROM direct_events
  WHERE principal_id LIKE '%:i-%' AND source_kind = 'public'
  GROUP BY principal_id
  HAVING min(source_ip_address) <> max(source_ip_address)
  UNION
  SELECT d.principal_id
  FROM direct_events AS d
  JOIN suspected AS s ON s.access_key_id = d.access_key_id
  WHERE d.principal_id LIKE '%:i-%' AND d.source_kind = 'public'
),
calls AS (
  SELECT d.event_id, d.event_time, d.principal_id, d.source_ip_address AS address, d.event_source, d.access_key_id
  FROM direct_events AS d
  JOIN worth AS w ON w.principal_id = d.principal_id
  WHERE d.source_kind = 'public'
),
home AS (
  SELECT DISTINCT principal_id, address
  FROM calls
  WHERE event_source IN ('ssm.amazonaws.com', 'ssmmessages.amazonaws.com', 'ec2messages.amazonaws.com')
  UNION
  SELECT DISTINCT principal_id, source_ip_address AS address
  FROM baseline_events
  WHERE principal_id LIKE '%:i-%' AND source_kind = 'public'
),
placed AS (
  SELECT DISTINCT principal_id FROM home
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  split_part(c.principal_id, ':', 2) || ' from ' || c.address AS subject,
  'The credential of instance ' || split_part(c.principal_id, ':', 2) || ' was used from ' || c.address
    || CASE WHEN bool_or(p.principal_id IS NOT NULL) THEN ', while the instance itself calls from elsewhere'
      ELSE '; where the instance itself calls from is not known' END
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE WHEN bool_or(p.principal_id IS NOT NULL) THEN 'high' ELSE 'medium' END AS severity,
  min(i.country) AS country
FROM calls AS c
LEFT JOIN home AS h ON h.principal_id = c.principal_id AND h.address = c.address
LEFT JOIN placed AS p ON p.principal_id = c.principal_id
LEFT JOIN suspected AS s ON s.access_key_id = c.access_key_id
LEFT JOIN ips AS i ON i.address = c.address
WHERE h.address IS NULL AND (p.principal_id IS NOT NULL OR s.access_key_id IS NOT NULL)
GROUP BY c.principal_id, c.address
ORDER BY min(c.event_time), c.principal_id, c.address
