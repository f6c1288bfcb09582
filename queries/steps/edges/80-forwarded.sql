-- Edge "forwarded": the key that an AWS service uses for a caller (forward access session), to the caller's own credential.
-- Derived: no event issues it. It inherits the session of a temporary caller: strong where one credential has that session, or one sign-in
-- opened it. For a long-lived key it is made within 2 seconds of a call: strong where one credential of the principal fits. Else weak.
INSERT INTO edges BY NAME
WITH forwarded AS (
  SELECT * FROM signers WHERE forwarded AND credential NOT IN (SELECT issued FROM edges WHERE edge = 'key')
),
of_session AS (
  SELECT f.credential AS issued, o.credential AS issuer, o.sign_in, bool_or(o.sign_in) OVER of_one AS opened, count(*) OVER of_one AS candidates
  FROM forwarded AS f
  JOIN signers AS o ON NOT o.forwarded AND o.account_id = f.account_id AND o.principal_id = f.principal_id AND o.session_created = f.session_created
  WINDOW of_one AS (PARTITION BY f.credential)
),
calls AS (
  SELECT DISTINCT principal_id, access_key_id AS issuer, event_time
  FROM events
  WHERE invoked_by IS NULL AND access_key_id LIKE 'AKIA%' AND principal_id IN (SELECT principal_id FROM forwarded)
),
moments AS (
  SELECT credential AS issued, principal_id, unnest(range(session_created - INTERVAL 2 SECOND, session_created + INTERVAL 3 SECOND, INTERVAL 1 SECOND)) AS event_time
  FROM forwarded
  WHERE credential NOT IN (SELECT issued FROM of_session)
),
of_moment AS (
  SELECT DISTINCT m.issued, c.issuer
  FROM moments AS m
  JOIN calls AS c ON c.principal_id = m.principal_id AND c.event_time = m.event_time
),
origins AS (
  SELECT issued, issuer, CASE WHEN opened OR candidates = 1 THEN 'strong' ELSE 'weak' END AS confidence
  FROM of_session
  WHERE sign_in OR NOT opened
  UNION ALL
  SELECT issued, issuer, CASE WHEN count(*) OVER (PARTITION BY issued) = 1 THEN 'strong' ELSE 'weak' END AS confidence
  FROM of_moment
)
SELECT
  o.issuer,
  o.issued,
  'forwarded' AS edge,
  o.confidence,
  f.first_event_id AS event_id,
  -- When it came to be is not logged: it bears the time of its caller's session, which may be older than the window.
  f.first_seen AS event_time,
  f.first_event_name AS event_name,
  coalesce(f.issuer_arn, f.identity_arn) AS principal
FROM origins AS o
JOIN forwarded AS f ON f.credential = o.issued;
