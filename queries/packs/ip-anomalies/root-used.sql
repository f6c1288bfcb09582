-- title: Root user in use
-- severity: low
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: []
-- why: Root is for the few things that nobody else may do; who works with it is careless, or has taken it over.
-- misses: Whether the owner sits behind it. What root changes is told by initial-access/root-changed-something.
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  'root of ' || coalesce(d.account_id, 'an unknown account') AS subject,
  'The root user of ' || coalesce(d.account_id, 'an unknown account') || ' made ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || ' from ' || min(d.source_ip_address) || CASE WHEN min(d.source_ip_address) <> max(d.source_ip_address) THEN ' and elsewhere' ELSE '' END AS summary,
  CASE WHEN count(n.id) > 0 OR (SELECT count(*) FROM normal) = 0 THEN 'low' ELSE 'medium' END AS severity,
  CASE WHEN count(n.id) > 0 THEN 'in use on ' || max(n.days) || CASE WHEN max(n.days) = 1 THEN ' day' ELSE ' days' END
    WHEN (SELECT count(*) FROM normal) = 0 THEN 'no baseline' ELSE 'never in use' END AS normal,
  'in use' AS seen
FROM direct_events AS d
LEFT JOIN normal AS n ON n.kind = 'identity' AND n.id = d.identity_arn AND n.aspect = 'use'
WHERE d.identity_type = 'Root'
GROUP BY d.account_id
ORDER BY min(d.event_time), d.account_id
