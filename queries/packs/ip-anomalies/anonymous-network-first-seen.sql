-- title: Discovery from a VPN, hosting or Tor network new to the caller
-- severity: medium
-- category: discovery
-- attack: {v18: [T1526, T1090.003], v19: [T1526, T1090.003]}
-- covers: [A6.09]
-- why: Who looks around an account from rented or hidden addresses that its owner never used has reason to hide where they sit.
-- misses: What a network is for is told by its name, by AWS's ranges and by a list of Tor exits, where given; unnamed VPNs and home proxies pass for anybody. Says nothing of a caller without earlier use.
-- params:
--   calls: {type: integer, default: 3, about: "Different discovering calls from the network from which it is said."}
WITH used AS (
  SELECT
    d.principal,
    i.owner,
    coalesce('AS' || CAST(i.asn AS VARCHAR), i.network) AS network,
    coalesce(i.as_name, i.network) AS name,
    min(d.event_time) AS first_use,
    count(DISTINCT d.source_ip_address) AS addresses,
    count(DISTINCT CASE WHEN regexp_matches(d.event_name, '^(Get|List|Describe|Lookup|Search|BatchGet)') THEN d.event_source || d.event_name END) AS asked,
    array_agg(CASE WHEN regexp_matches(d.event_name, '^(Get|List|Describe|Lookup|Search|BatchGet)') THEN d.event_id END
      ORDER BY d.event_time, d.event_id) AS event_ids
  FROM direct_events AS d
  JOIN ips AS i ON i.address = d.source_ip_address
  WHERE i.owner IN ('vpn', 'hosting', 'tor') AND d.event_time IS NOT NULL
  GROUP BY d.principal, i.owner, coalesce('AS' || CAST(i.asn AS VARCHAR), i.network), coalesce(i.as_name, i.network)
),
-- Before the window, and in it before the first use from there.
earlier AS (
  SELECT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, source_ip_address AS address, min(event_time) AS first_use
  FROM baseline_events
  WHERE coalesce(source_kind, '') IN ('public', 'private')
  GROUP BY coalesce(session_issuer_arn, identity_arn, account_id), source_ip_address
  UNION ALL
  SELECT principal, source_ip_address AS address, min(event_time) AS first_use FROM direct_events GROUP BY principal, source_ip_address
),
compared AS (
  SELECT
    u.principal,
    u.owner,
    u.network,
    bool_or(coalesce('AS' || CAST(i.asn AS VARCHAR), i.network) = u.network) AS known,
    bool_or(coalesce(i.owner, '') = u.owner) AS kin
  FROM used AS u
  JOIN earlier AS e ON e.principal = u.principal AND e.first_use < u.first_use
  LEFT JOIN ips AS i ON i.address = e.address
  GROUP BY u.principal, u.owner, u.network
)
SELECT
  u.event_ids,
  u.network || ' for ' || u.principal AS subject,
  'From ' || CASE u.owner WHEN 'tor' THEN 'a Tor exit in ' WHEN 'vpn' THEN 'the VPN network ' ELSE 'the hosting network ' END || u.name
    || CASE WHEN u.network = u.name THEN '' ELSE ' (' || u.network || ')' END || ', which ' || u.principal || ' never used before, '
    || u.asked || ' different calls looked around' AS summary,
  CASE WHEN c.kin THEN 'low' WHEN u.owner = 'tor' THEN 'high' ELSE 'medium' END AS severity,
  u.owner,
  u.addresses
FROM used AS u
JOIN compared AS c ON c.principal = u.principal AND c.owner = u.owner AND c.network = u.network
WHERE u.asked >= $calls::INTEGER AND NOT coalesce(c.known, false)
ORDER BY u.first_use, u.network, u.principal
