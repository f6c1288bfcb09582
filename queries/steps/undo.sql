-- Everything the scope made or changed that came to be, newest first: what the worksheet undoes.
SELECT
  m.type,
  coalesce(m.id, m.also, m.user_name, '(not named)') AS id,
  coalesce(m.name, m.user_name, '(not named)') AS name,
  m.also,
  m.account,
  m.region,
  m.created_by,
  m.event_id,
  m.event_name,
  m.event_time AS time,
  m.outcome,
  m.known_before,
  u.actor AS later_deleted_by,
  u.event_id AS later_deleted_event_id
FROM made AS m
LEFT JOIN unmade AS u ON u.thing = m.thing
WHERE m.outcome = 'success'
ORDER BY m.event_time DESC NULLS LAST, m.event_id DESC, m.type, m.id, m.also, m.thing;
