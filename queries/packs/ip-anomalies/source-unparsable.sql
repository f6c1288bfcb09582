-- title: Source that is no address
-- severity: info
-- category: defense-evasion
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: []
-- why: What cannot be read as an address is named here, so that no place is guessed for it and no rule on addresses is believed complete.
-- misses: Where such a call came from; it counts in no other rule of this pack.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'source ' || substr(source_ip_address, 1, 80) AS subject,
  'The source "' || substr(source_ip_address, 1, 80) || '" is no address that can be placed; ' || count(*) || CASE WHEN count(*) = 1
    THEN ' call bears' ELSE ' calls bear' END || ' it' AS summary,
  count(DISTINCT credential) AS credentials
FROM scope_events
WHERE source_kind = 'unparsable'
GROUP BY substr(source_ip_address, 1, 80)
ORDER BY min(event_time), subject
