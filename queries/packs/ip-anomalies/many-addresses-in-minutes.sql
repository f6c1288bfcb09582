-- title: Key used from many networks within minutes
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004, T1090.003], v19: [T1078.004, T1090.003]}
-- covers: [A6.01]
-- why: A key that jumps from network to network goes through proxies that are rented by the thousand, or is in many hands at once.
-- misses: Proxies that are changed slowly; minutes are counted whole. Ways out that are always many, as of a relay or a fleet, are low where the baseline or one owner of them all shows it.
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
calls AS (
  SELECT d.access_key_id, d.principal, floor(epoch(d.event_time) / 60) AS minute, p.network, p.announced_by
  FROM direct_events AS d
  JOIN roaming AS r ON r.access_key_id = d.access_key_id
  JOIN key_places AS p ON p.access_key_id = d.access_key_id AND p.source_ip_address = d.source_ip_address
  WHERE d.source_kind = 'public' AND d.event_time IS NOT NULL
  GROUP BY d.access_key_id, d.principal, floor(epoch(d.event_time) / 60), p.network, p.announced_by
),
-- From each minute with a call on; what is counted lies in its stretch of the clock or in the next.
begun AS (
  SELECT DISTINCT c.access_key_id, c.principal, c.minute, floor(c.minute / $minutes::INTEGER) + l.later AS stretch
  FROM calls AS c CROSS JOIN (SELECT 0 AS later UNION ALL SELECT 1 AS later) AS l
),
jumps AS (
  SELECT b.access_key_id, b.principal, b.minute, count(DISTINCT c.network) AS networks, count(DISTINCT c.announced_by) AS owners,
    row_number() OVER (PARTITION BY b.access_key_id, b.principal, floor(b.minute / $minutes::INTEGER) ORDER BY count(DISTINCT c.network) DESC, b.minute) AS nth
  FROM begun AS b
  JOIN calls AS c ON c.access_key_id = b.access_key_id AND c.principal = b.principal AND floor(c.minute / $minutes::INTEGER) = b.stretch
    AND c.minute >= b.minute AND c.minute < b.minute + $minutes::INTEGER
  GROUP BY b.access_key_id, b.principal, b.minute
  HAVING count(DISTINCT c.network) >= $networks::INTEGER
)
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  j.access_key_id AS subject,
  'The key ' || j.access_key_id || ' was used from ' || j.networks || ' different networks within ' || CAST($minutes::INTEGER AS VARCHAR) || ' minutes' AS summary,
  CASE WHEN j.owners = 1 OR coalesce(w.known, 0) >= 10 THEN 'low' ELSE 'medium' END AS severity,
  coalesce(w.told, 'no baseline') AS normal,
  CAST(j.networks AS VARCHAR) || ' networks' AS seen
FROM jumps AS j
JOIN begun AS b ON b.access_key_id = j.access_key_id AND b.principal = j.principal AND b.minute = j.minute
JOIN direct_events AS d ON d.access_key_id = j.access_key_id AND d.principal = j.principal AND d.source_kind = 'public'
  AND floor(floor(epoch(d.event_time) / 60) / $minutes::INTEGER) = b.stretch
  AND floor(epoch(d.event_time) / 60) >= j.minute AND floor(epoch(d.event_time) / 60) < j.minute + $minutes::INTEGER
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = j.principal AND w.aspect = 'network'
WHERE j.nth = 1
GROUP BY j.access_key_id, j.principal, j.minute, j.networks, j.owners, w.told, w.known
ORDER BY j.minute, j.access_key_id, j.principal
