-- title: Key used from two places within minutes
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.01]
-- why: One key at work in two places is the plainest sign that somebody else holds it too.
-- misses: A thief behind the owner's own address, and places that take turns slowly. Without seeds, changes within one provider's network say nothing and are not told. Country is unknown for documentation and unlisted addresses.
-- params:
--   minutes: {type: integer, default: 15, about: "Longest time between the use from one address and the use from the next."}
WITH roaming AS (
  SELECT access_key_id
  FROM key_places
  GROUP BY access_key_id
  HAVING min(provider) <> max(provider) OR (count(*) > 1 AND EXISTS (SELECT 1 FROM credentials WHERE in_scope))
),
stays AS (
  SELECT
    d.access_key_id, d.source_ip_address AS address, date_trunc('minute', d.event_time) AS minute, min(p.provider) AS provider, min(d.event_id) AS event_id,
    min(d.principal) AS principal, bool_and(coalesce(d.session_credential_from_console, false)) AS console
  FROM direct_events AS d
  JOIN roaming AS r ON r.access_key_id = d.access_key_id
  JOIN key_places AS p ON p.access_key_id = d.access_key_id AND p.source_ip_address = d.source_ip_address
  WHERE d.source_kind = 'public' AND d.event_time IS NOT NULL
  GROUP BY d.access_key_id, d.source_ip_address, date_trunc('minute', d.event_time)
),
steps AS (
  SELECT access_key_id, address, minute, event_id, principal, console,
    lag(address) OVER turns AS earlier, lag(minute) OVER turns AS earlier_minute, provider = lag(provider) OVER turns AS near
  FROM stays
  WINDOW turns AS (PARTITION BY access_key_id ORDER BY minute, address)
)
SELECT
  array_agg(s.event_id ORDER BY s.minute, s.address) AS event_ids,
  s.access_key_id AS subject,
  'Key ' || s.access_key_id || ' changed between public addresses ' || count(*) || CASE WHEN count(*) = 1 THEN ' time' ELSE ' times' END
    || ', each within ' || CAST($minutes::INTEGER AS VARCHAR) || ' minutes: ' || substr(string_agg(DISTINCT s.earlier || ' to ' || s.address,
      ', ' ORDER BY s.earlier || ' to ' || s.address), 1, 200) AS summary,
  CASE
    WHEN bool_or(here.country <> there.country AND coalesce(here.owner, '') NOT IN ('vpn', 'tor', 'cloud', 'aws', 'hosting')
      AND coalesce(there.owner, '') NOT IN ('vpn', 'tor', 'cloud', 'aws', 'hosting')) THEN CASE WHEN bool_and(s.console) THEN 'medium' ELSE 'high' END
    -- One change is a move, or one host with an old and a new kind of address; a return is two places at once, unless both are the owner's own, or two
    -- ways out of one network. A VPN is entered without travel.
    WHEN count(*) = 1 OR bool_and(s.console) OR bool_and((s.address LIKE '%:%') <> (s.earlier LIKE '%:%')) THEN 'low'
    WHEN bool_and(coalesce(here.network = there.network OR here.asn = there.asn OR (h.value IS NOT NULL AND t.value IS NOT NULL), false)) THEN 'low'
    WHEN bool_and(here.country = there.country AND (here.owner = 'vpn' OR there.owner = 'vpn')) THEN 'low'
    ELSE 'medium'
  END AS severity,
  coalesce(min(w.told), 'no baseline') AS normal,
  string_agg(DISTINCT s.address, ', ' ORDER BY s.address) AS seen,
  string_agg(DISTINCT here.country, ', ' ORDER BY here.country) AS countries
FROM steps AS s
LEFT JOIN ips AS here ON here.address = s.address
LEFT JOIN ips AS there ON there.address = s.earlier
LEFT JOIN normal AS h ON h.kind IN ('identity', 'role') AND h.id = s.principal AND h.aspect = 'network' AND h.value = here.network
LEFT JOIN normal AS t ON t.kind IN ('identity', 'role') AND t.id = s.principal AND t.aspect = 'network' AND t.value = there.network
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = s.principal AND w.aspect = 'network'
WHERE s.earlier <> s.address AND s.minute <= s.earlier_minute + to_minutes($minutes::INTEGER)
  AND (NOT s.near OR EXISTS (SELECT 1 FROM credentials WHERE in_scope))
GROUP BY s.access_key_id
ORDER BY min(s.minute), s.access_key_id
