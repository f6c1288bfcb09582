-- With seeds the scope is what the credentials in scope did inside the window. Events without a time cannot be shown to lie outside it.
INSERT INTO scoped BY NAME
SELECT e.*, c.hop, c.confidence
FROM signed_events AS e
JOIN credentials AS c ON c.access_key_id = e.credential
WHERE c.in_scope
  AND ($from::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time < $to::TIMESTAMP);
