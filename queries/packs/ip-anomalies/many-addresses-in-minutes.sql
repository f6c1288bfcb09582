-- title: Key used from many networks within minutes
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004, T1090.003], v19: [T1078.004, T1090.003]}
-- covers: [A6.01]
-- why: A key that jumps from network to network goes through proxies that are rented by the thousand, or is in many hands at once.
-- misses: Proxies that are changed slowly; the minutes lie on the clock, so that a burst may be cut in two. Ways out that are always many, as of a relay or a fleet, are low where the baseline or one owner of them all shows it.
-- params:
--   networks: {type: integer, default: 4, about: "Different networks, /24 or /48, from which it is many."}
--   minutes: {type: integer, default: 15, about: "Time within which they are counted."}
WITH turns AS (
  SELECT access_key_id, first_use AS moment, 1 AS step FROM key_places
  UNION ALL
  SELECT access_key_id, last_use + to_minutes($minutes::INTEGER) AS moment, -1 AS step FROM key_places
),
-- Keys that may have been at so many places at a time, each counted from its first use to its last.
roaming AS (
  SELECT DISTINCT access_key_id
  FROM (SELECT access_key_id, sum(step) OVER (PARTITION BY access_key_id ORDER BY moment, step DESC) AS places FROM turns)
  WHERE places >= $networks::INTEGER
),
moves AS (
  SELECT
    d.access_key_id,
    d.principal,
    floor(epoch(d.event_time) / (60 * $minutes::INTEGER)) AS stretch,
    d.source_ip_address,
    min(d.event_time) AS first_use
  FROM direct_events AS d
  WHERE d.source_kind = 'public' AND d.event_time IS NOT NULL AND d.access_key_id IN (SELECT access_key_id FROM roaming)
  GROUP BY d.access_key_id, d.principal, floor(epoch(d.event_time) / (60 * $minutes::INTEGER)), d.source_ip_address
),
jumps AS (
  SELECT
    m.access_key_id,
    m.principal,
    m.stretch,
    count(DISTINCT coalesce(i.network, m.source_ip_address)) AS networks,
    count(DISTINCT coalesce(CAST(i.asn AS VARCHAR), i.network, m.source_ip_address)) AS owners,
    min(m.first_use) AS first_use
  FROM moves AS m
  LEFT JOIN ips AS i ON i.address = m.source_ip_address
  GROUP BY m.access_key_id, m.principal, m.stretch
  HAVING count(DISTINCT coalesce(i.network, m.source_ip_address)) >= $networks::INTEGER
)
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  j.access_key_id AS subject,
  'The key ' || j.access_key_id || ' was used from ' || j.networks || ' different networks within ' || CAST($minutes::INTEGER AS VARCHAR) || ' minutes' AS summary,
  CASE WHEN j.owners = 1 OR coalesce(w.known, 0) >= 10 THEN 'low' ELSE 'medium' END AS severity,
  coalesce(w.told, 'no baseline') AS normal,
  CAST(j.networks AS VARCHAR) || ' networks' AS seen
FROM jumps AS j
JOIN direct_events AS d ON d.access_key_id = j.access_key_id AND d.principal = j.principal AND d.source_kind = 'public'
  AND floor(epoch(d.event_time) / (60 * $minutes::INTEGER)) = j.stretch
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = j.principal AND w.aspect = 'network'
GROUP BY j.access_key_id, j.principal, j.stretch, j.networks, j.owners, j.first_use, w.told, w.known
ORDER BY j.first_use, j.access_key_id, j.principal, j.stretch
