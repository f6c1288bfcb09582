-- title: Console credential used by something other than the console
-- severity: medium
-- category: credential-access
-- attack: {v18: [T1539, T1550], v19: [T1539, T1550]}
-- covers: [A6.14]
-- why: The console keeps its credentials in the browser; a command line that holds one got it out of there.
-- misses: A replay under a browser's name. CloudShell hands out console credentials by design and counts as info.
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  a.family || ' by ' || d.principal AS subject,
  'A credential of the console was used by ' || a.family || ' from ' || min(d.source_ip_address) || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE WHEN a.family = 'cloudshell' THEN 'info' ELSE 'medium' END AS severity,
  coalesce(min(w.told), 'no baseline') AS normal,
  a.family AS seen,
  min(d.user_agent) AS user_agent
FROM direct_events AS d
JOIN agents AS a ON a.user_agent = d.user_agent
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = d.principal AND w.aspect = 'agent'
WHERE d.session_credential_from_console = true
  -- Calls from outside AWS come over TLS that the log describes; the console's own back end leaves it out.
  AND d.tls_details IS NOT NULL
  AND a.kind NOT IN ('browser', 'console', 'service')
GROUP BY a.family, d.principal
ORDER BY min(d.event_time), a.family, d.principal
