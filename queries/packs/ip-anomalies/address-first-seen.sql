-- title: Address never seen before for this principal
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.02, A6.10]
-- why: An address that the owner never used before is where the thief most likely sits.
-- misses: Says nothing where the baseline knows nothing of the principal (no start of the window given, or a principal made since). Runners with changing addresses look the same.
WITH known AS (
  SELECT DISTINCT coalesce(b.session_issuer_arn, b.identity_arn, b.account_id) AS principal, b.source_ip_address AS address, i.country
  FROM baseline_events AS b
  LEFT JOIN ips AS i ON i.address = b.source_ip_address
  WHERE coalesce(b.source_kind, '') IN ('public', 'private')
),
familiar AS (
  SELECT principal, count(DISTINCT address) AS addresses, count(country) AS countries
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
    min(d.event_time) AS first_use
  FROM direct_events AS d
  JOIN familiar AS f ON f.principal = d.principal
  LEFT JOIN known AS k ON k.principal = d.principal AND k.address = d.source_ip_address
  WHERE k.address IS NULL
  GROUP BY d.principal, d.source_ip_address, d.source_kind
)
SELECT
  u.event_ids,
  u.address || ' for ' || u.principal AS subject,
  'The address ' || u.address || ', never seen for ' || u.principal || ' before the window ('
    || CASE WHEN f.addresses = 1 THEN 'another was' ELSE f.addresses || ' others were' END || '), made ' || u.calls
    || CASE WHEN u.calls = 1 THEN ' call' ELSE ' calls' END
    || CASE WHEN i.country IS NOT NULL AND c.country IS NULL AND f.countries > 0 THEN ' from ' || i.country || ', a country never seen for it'
      ELSE '' END AS summary,
  CASE
    WHEN u.kind = 'private' THEN 'low'
    WHEN i.country IS NOT NULL AND c.country IS NULL AND f.countries > 0 THEN 'high'
    ELSE 'medium'
  END AS severity,
  i.country,
  u.credentials
FROM used AS u
JOIN familiar AS f ON f.principal = u.principal
LEFT JOIN ips AS i ON i.address = u.address
LEFT JOIN (SELECT DISTINCT principal, country FROM known WHERE country IS NOT NULL) AS c ON c.principal = u.principal AND c.country = i.country
ORDER BY u.first_use, u.address, u.principal
