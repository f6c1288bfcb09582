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
  FROM scope_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoleWithWebIdentity' AND source_kind = 'public'
    AND issued_access_key_id IS NOT NULL
)
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  i.workload || ' at ' || d.source_ip_address AS subject,
  'A credential issued to ' || i.workload || ' at ' || min(i.address) || ' was used from ' || d.source_ip_address || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE WHEN bool_or(here.country <> there.country) THEN 'high' ELSE 'medium' END AS severity,
  min(d.credential) AS access_key_id
FROM direct_events AS d
JOIN issued AS i ON i.access_key_id = d.access_key_id
LEFT JOIN ips AS here ON here.address = d.source_ip_address
LEFT JOIN ips AS there ON there.address = i.address
WHERE d.source_kind = 'public' AND d.source_ip_address <> i.address
  -- One host may have an address of the old kind and one of the new.
  AND (d.source_ip_address LIKE '%:%') = (i.address LIKE '%:%')
GROUP BY i.workload, d.source_ip_address
ORDER BY min(d.event_time), i.workload, d.source_ip_address
