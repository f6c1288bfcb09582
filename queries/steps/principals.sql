-- Principals and credentials that the scope made, and what it did to principals: each with its outcome and who undid it later, and who changed it last.
-- IAM lets a caller leave out its own name: what succeeded without a name acted on the caller.
SELECT
  m.kind,
  coalesce(m.also, m.name, CASE WHEN m.outcome = 'success' AND m.kind IN ('access_key', 'login_profile', 'service_specific_credential', 'ssh_public_key', 'signing_certificate', 'mfa_device') THEN m.user_name END, '(not named)') AS name,
  CASE WHEN m.by_path THEN m.id END AS id,
  m.account,
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
WHERE m.makes IN ('principal', 'principal_change')
ORDER BY m.event_time NULLS LAST, m.event_id, m.kind, m.id, m.also, m.thing;
