-- What was normal: the same principals in the time before, by any of their credentials.
INSERT INTO baselined BY NAME
SELECT e.*
FROM events AS e
WHERE ($to::TIMESTAMP IS NULL OR e.event_time < $to::TIMESTAMP)
  AND ($from::TIMESTAMP IS NULL OR e.event_time >= $from::TIMESTAMP)
  AND e.event_time IS NOT NULL
  AND e.invoked_by IS NULL
  AND coalesce(e.session_issuer_arn, e.identity_arn) IN (SELECT coalesce(session_issuer_arn, identity_arn) FROM scope_events);
