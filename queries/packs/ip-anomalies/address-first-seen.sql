-- title: Address never seen before for this principal
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.02, A6.10]
-- why: An address that the owner never used before is where the thief most likely sits.
-- misses: Says nothing where the baseline knows nothing of the principal (no start of the window given, or a principal made since). A thief in a network of the owner's is low, unless five times as busy.
WITH known AS (
  SELECT id AS principal, aspect, value
  FROM normal
  WHERE kind IN ('identity', 'role') AND aspect IN ('address', 'network', 'asn', 'country')
),
familiar AS (
  SELECT
    principal,
    sum(CASE WHEN aspect = 'address' THEN 1 ELSE 0 END) AS addresses,
    sum(CASE WHEN aspect = 'country' THEN 1 ELSE 0 END) AS countries
  FROM known
  GROUP BY principal
),
used AS (
  SELECT
    d.principal,
    d.source_ip_address AS address,
    d.source_kind AS kind,
    array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
    count(*) AS calls,
    count(DISTINCT d.credential) AS credentials,
    min(d.event_time) AS first_use,
    count(*) / greatest(count(DISTINCT date_trunc('hour', d.event_time)), 1) AS hourly
  FROM direct_events AS d
  JOIN familiar AS f ON f.principal = d.principal
  LEFT JOIN known AS k ON k.principal = d.principal AND k.aspect = 'address' AND k.value = d.source_ip_address
  WHERE k.value IS NULL
  GROUP BY d.principal, d.source_ip_address, d.source_kind
)
SELECT
  u.event_ids,
  u.address || ' for ' || u.principal AS subject,
  'The address ' || u.address || ', never seen for ' || u.principal || ' before the window ('
    || CASE WHEN f.addresses = 1 THEN 'another was' ELSE f.addresses || ' others were' END || '), made ' || u.calls
    || CASE WHEN u.calls = 1 THEN ' call' ELSE ' calls' END
    || CASE WHEN i.country IS NOT NULL AND c.value IS NULL AND f.countries > 0 THEN ' from ' || i.country || ', a country never seen for it'
      WHEN a.value IS NOT NULL OR n.value IS NOT NULL THEN ' from a network well known for it' ELSE '' END AS summary,
  CASE
    WHEN u.kind = 'private' THEN 'low'
    WHEN i.country IS NOT NULL AND c.value IS NULL AND f.countries > 0 THEN 'high'
    WHEN (a.value IS NOT NULL OR n.value IS NOT NULL) AND u.hourly <= 5 * coalesce(r.calls, 0) THEN 'low'
    ELSE 'medium'
  END AS severity,
  i.country,
  u.credentials
FROM used AS u
JOIN familiar AS f ON f.principal = u.principal
LEFT JOIN ips AS i ON i.address = u.address
LEFT JOIN known AS c ON c.principal = u.principal AND c.aspect = 'country' AND c.value = i.country
LEFT JOIN known AS a ON a.principal = u.principal AND a.aspect = 'asn' AND a.value = CAST(i.asn AS VARCHAR)
LEFT JOIN known AS n ON n.principal = u.principal AND n.aspect = 'network' AND n.value = i.network
LEFT JOIN normal AS r ON r.kind IN ('identity', 'role') AND r.id = u.principal AND r.aspect = 'rate'
ORDER BY u.first_use, u.address, u.principal
