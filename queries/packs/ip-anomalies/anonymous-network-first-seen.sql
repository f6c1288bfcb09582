-- title: Discovery from a VPN, hosting or Tor network new to the caller
-- severity: medium
-- category: discovery
-- attack: {v18: [T1526, T1090.003], v19: [T1526, T1090.003]}
-- covers: [A6.09]
-- why: Who looks around an account from rented or hidden addresses that its owner never used has reason to hide where they sit.
-- misses: What a network is for is told by its name, by AWS's ranges and by a list of Tor exits, where given; unnamed VPNs and home proxies pass for anybody. What the caller asks from elsewhere too does not count; says nothing of a caller without earlier use.
-- params:
--   calls: {type: integer, default: 3, about: "Different discovering calls, new to the caller, from which it is said."}
WITH asked AS (
  SELECT
    d.event_id, d.event_time, d.principal,
    d.event_source || ':' || d.event_name AS call,
    i.owner,
    coalesce('AS' || CAST(i.asn AS VARCHAR), i.network) AS network,
    coalesce(i.as_name, i.network) AS name
  FROM direct_events AS d
  JOIN ips AS i ON i.address = d.source_ip_address
  WHERE i.owner IN ('vpn', 'hosting', 'tor') AND d.event_time IS NOT NULL
    AND regexp_matches(d.event_name, '^(Get|List|Describe|Lookup|Search|BatchGet)')
),
began AS (
  SELECT principal, owner, network, min(event_time) AS first_use, count(*) AS asked FROM asked GROUP BY principal, owner, network
),
-- What the caller did, from where, before: in the baseline, and in the scope before the first use from there.
earlier AS (
  SELECT b.principal, b.network, n.aspect, CASE n.aspect WHEN 'asn' THEN 'AS' || n.value ELSE n.value END AS value
  FROM began AS b
  JOIN normal AS n ON n.kind IN ('identity', 'role') AND n.id = b.principal AND n.aspect IN ('asn', 'network', 'owner', 'call')
  UNION
  SELECT b.principal, b.network, 'call' AS aspect, d.event_source || ':' || d.event_name AS value
  FROM began AS b
  JOIN direct_events AS d ON d.principal = b.principal AND d.event_time < b.first_use
),
compared AS (
  SELECT b.principal, b.network, bool_or(e.value = b.network AND e.aspect <> 'call') AS known, bool_or(e.value = b.owner AND e.aspect = 'owner') AS kin, min(b.asked) AS asked
  FROM began AS b
  JOIN earlier AS e ON e.principal = b.principal AND e.network = b.network
  GROUP BY b.principal, b.network
)
SELECT
  array_agg(a.event_id ORDER BY a.event_time, a.event_id) AS event_ids,
  a.network || ' for ' || a.principal AS subject,
  'From ' || CASE a.owner WHEN 'tor' THEN 'a Tor exit in ' WHEN 'vpn' THEN 'the VPN network ' ELSE 'the hosting network ' END || a.name
    || CASE WHEN a.network = a.name THEN '' ELSE ' (' || a.network || ')' END || ', which ' || a.principal || ' never used before, '
    || count(DISTINCT a.call) || ' different calls looked around that it never made from elsewhere' AS summary,
  -- Among many questions that it always asks, a few new ones are an ordinary month.
  CASE WHEN bool_or(c.kin) OR 5 * count(*) < min(c.asked) THEN 'low' WHEN a.owner = 'tor' THEN 'high' ELSE 'medium' END AS severity,
  coalesce(min(w.told), 'no baseline') AS normal,
  a.network AS seen,
  a.owner
FROM asked AS a
JOIN compared AS c ON c.principal = a.principal AND c.network = a.network
LEFT JOIN earlier AS e ON e.principal = a.principal AND e.network = a.network AND e.aspect = 'call' AND e.value = a.call
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = a.principal AND w.aspect = 'asn'
WHERE e.value IS NULL AND NOT coalesce(c.known, false)
GROUP BY a.owner, a.network, a.name, a.principal
HAVING count(DISTINCT a.call) >= $calls::INTEGER
ORDER BY min(a.event_time), a.network, a.principal
