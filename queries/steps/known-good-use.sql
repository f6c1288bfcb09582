-- What each entry covers in the case: events, addresses, and findings of the latest run all of whose events are covered. Those that a credential in
-- scope had a part in are covered and stay open.
WITH covered AS (
  SELECT g.entry, g.event_id, e.event_time, e.source_ip_address
  FROM good_events AS g
  JOIN events AS e ON e.event_id = g.event_id
),
used AS (
  SELECT
    entry,
    count(*) AS events,
    count(DISTINCT source_ip_address) AS addresses,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    list_sort(array_agg(DISTINCT source_ip_address) FILTER (WHERE source_ip_address IS NOT NULL))[1:20] AS some_addresses
  FROM covered
  GROUP BY entry
),
-- Events that an entry would cover, did not another stand before it.
behind AS (
  SELECT n.entry, count(*) AS events, list_sort(array_agg(DISTINCT g.entry)) AS before
  FROM good_events AS g
  CROSS JOIN unnest(g.entries) AS n(entry)
  WHERE n.entry <> g.entry
  GROUP BY n.entry
),
told AS (
  SELECT f.id, f.rule, f.subject, n.event_id
  FROM findings AS f
  CROSS JOIN unnest(f.event_ids) AS n(event_id)
),
explained AS (
  SELECT t.id, t.rule, t.subject, array_agg(DISTINCT g.entry) AS entries, bool_or(s.event_id IS NOT NULL) AS in_scope
  FROM told AS t
  LEFT JOIN good_events AS g ON g.event_id = t.event_id
  LEFT JOIN (SELECT event_id FROM scoped WHERE event_id IN (SELECT event_id FROM told)) AS s ON s.event_id = t.event_id
  GROUP BY t.id, t.rule, t.subject
  HAVING bool_and(g.entry IS NOT NULL)
),
by_entry AS (
  SELECT
    x.entry,
    count(*) FILTER (WHERE NOT x.in_scope) AS findings,
    list_sort(array_agg(x.rule || ': ' || x.subject) FILTER (WHERE NOT x.in_scope))[1:20] AS some_findings,
    count(*) FILTER (WHERE x.in_scope) AS findings_kept
  FROM (SELECT rule, subject, in_scope, unnest(entries) AS entry FROM explained) AS x
  GROUP BY x.entry
)
SELECT
  e.entry,
  coalesce(u.events, 0) AS events,
  coalesce(h.events, 0) AS events_before,
  (SELECT list(b.label ORDER BY b.entry) FROM good_entries AS b WHERE list_contains(h.before, b.entry)) AS entries_before,
  coalesce(u.addresses, 0) AS addresses,
  u.first_seen,
  u.last_seen,
  coalesce(u.some_addresses, []) AS some_addresses,
  coalesce(b.findings, 0) AS findings,
  coalesce(b.some_findings, []) AS some_findings,
  coalesce(b.findings_kept, 0) AS findings_kept
FROM good_entries AS e
LEFT JOIN used AS u ON u.entry = e.entry
LEFT JOIN behind AS h ON h.entry = e.entry
LEFT JOIN by_entry AS b ON b.entry = e.entry
ORDER BY e.entry;
