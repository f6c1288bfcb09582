-- Which entry covers each event asked about, and whether a credential in scope made it.
SELECT a.event_id, g.entry, s.event_id IS NOT NULL AS in_scope
FROM asked_events AS a
LEFT JOIN good_events AS g ON g.event_id = a.event_id
LEFT JOIN (SELECT event_id FROM scoped WHERE event_id IN (SELECT event_id FROM asked_events)) AS s ON s.event_id = a.event_id
ORDER BY a.event_id;
