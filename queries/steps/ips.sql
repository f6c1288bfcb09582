-- Every address the scope's calls came from, with its place and which credentials used it.
WITH used AS (
  SELECT
    source_ip_address AS address,
    count(*) AS events,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    array_agg(DISTINCT credential ORDER BY credential) FILTER (WHERE credential IS NOT NULL) AS credentials
  FROM scope_events
  WHERE source_ip_address IS NOT NULL
  GROUP BY source_ip_address
),
known AS (
  SELECT source_ip_address AS address, count(*) AS events
  FROM known_events
  GROUP BY source_ip_address
)
SELECT
  u.address,
  coalesce(i.kind, 'unparsable') AS kind,
  i.country,
  i.city,
  i.latitude,
  i.longitude,
  i.accuracy_km,
  i.asn,
  i.as_name,
  i.network,
  i.owner,
  i.aws_region,
  i.known_good,
  u.events,
  coalesce(k.events, 0) AS known_before,
  u.first_seen,
  u.last_seen,
  coalesce(u.credentials, []) AS credentials
FROM used AS u
LEFT JOIN ips AS i ON i.address = u.address
LEFT JOIN known AS k ON k.address = u.address
ORDER BY u.first_seen NULLS LAST, u.address;
