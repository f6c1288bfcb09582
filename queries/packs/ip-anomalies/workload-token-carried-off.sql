-- title: Credential of a pod or pipeline used elsewhere than it was issued
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004, T1550], v19: [T1078.004, T1550]}
-- covers: [A6.05, A6.06]
-- why: A pod or a pipeline asks for its credential and uses it from one place; used from another it has been carried off.
-- misses: Hosts with several ways out look the same. The exchange carries no key, so it lies in the scope only when there is no seed.
WITH issued AS (
  SELECT
    issued_access_key_id AS access_key_id,
    source_ip_address AS address,
    coalesce(user_name, principal_id, 'an unnamed workload') AS workload
  FROM direct_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoleWithWebIdentity' AND source_kind = 'public'
    AND issued_access_key_id IS NOT NULL
)
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  i.workload || ' at ' || d.source_ip_address AS subject,
  'A credential issued to ' || i.workload || ' at ' || min(i.address) || ' was used from ' || d.source_ip_address || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    -- A pool of runners goes out by several addresses of one network.
    WHEN bool_and(coalesce(here.network = there.network OR here.asn = there.asn OR n.value IS NOT NULL, false)) THEN 'low'
    WHEN bool_or(here.country <> there.country) THEN 'high'
    ELSE 'medium'
  END AS severity,
  'issued at ' || min(i.address) || ', of its role ' || coalesce(min(w.told), 'no baseline') AS normal,
  d.source_ip_address AS seen,
  min(d.credential) AS access_key_id
FROM direct_events AS d
JOIN issued AS i ON i.access_key_id = d.access_key_id
LEFT JOIN ips AS here ON here.address = d.source_ip_address
LEFT JOIN ips AS there ON there.address = i.address
LEFT JOIN normal AS n ON n.kind = 'role' AND n.id = d.principal AND n.aspect = 'network' AND n.value = here.network
LEFT JOIN usual AS w ON w.kind = 'role' AND w.id = d.principal AND w.aspect = 'network'
WHERE d.source_kind = 'public' AND d.source_ip_address <> i.address
  -- One host may have an address of the old kind and one of the new.
  AND (d.source_ip_address LIKE '%:%') = (i.address LIKE '%:%')
GROUP BY i.workload, d.source_ip_address
ORDER BY min(d.event_time), i.workload, d.source_ip_address
