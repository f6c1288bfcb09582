-- What the scope created, or tried to: each with its outcome and who deleted it later, and who changed it last.
-- Where the request alone identifies it, both parts are shown: a route is its table and its destination.
SELECT
  m.type,
  coalesce(CASE WHEN m.path_in = 'request' AND m.also IS NOT NULL THEN m.id || ' ' || m.also ELSE m.id END, '(not named)') AS id,
  m.account,
  m.region,
  m.created_by,
  m.event_id,
  m.event_name,
  m.event_time AS time,
  m.outcome,
  m.known_before,
  u.actor AS later_deleted_by,
  u.event_id AS later_deleted_event_id,
  coalesce(c.calls, 0) AS later_changes,
  c.actor AS later_changed_by,
  c.event_id AS later_changed_event_id
FROM made AS m
LEFT JOIN unmade AS u ON u.thing = m.thing
LEFT JOIN changed AS c ON c.thing = m.thing
WHERE m.makes = 'resource'
ORDER BY m.event_time NULLS LAST, m.event_id, m.type, m.id, m.also, m.thing;
