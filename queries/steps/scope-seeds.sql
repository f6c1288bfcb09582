-- With seeds the scope is what the credentials in scope did inside the window. Events without a time cannot be shown to lie outside it.
INSERT INTO scoped BY NAME
SELECT e.*, c.access_key_id AS credential, c.hop, c.confidence
FROM events AS e
JOIN credentials AS c ON c.access_key_id = credential_of(e.access_key_id, e.event_name, e.outcome, e.account_id, e.principal_id, e.event_time)
WHERE c.in_scope
  AND ($from::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time < $to::TIMESTAMP);
