-- Edge "session": a role session whose key the issuing call does not name is found by the role's id with its session name, and the
-- second it was made: later calls bear both (userIdentity.principalId, sessionContext.attributes.creationDate).
-- Strong where the call named no key, or one that is never used, and one caller fits. Several callers in one second are ambiguous: weak.
-- Where the key it named is in use, another key of the session may be anyone's who reached the same role: weak.
INSERT INTO edges BY NAME
WITH issues AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    json_extract_string(response_elements, '$.assumedRoleUser.assumedRoleId') AS role_id,
    json_extract_string(response_elements, '$.assumedRoleUser.arn') AS principal,
    issued_access_key_id IN (SELECT credential FROM signers) AS used
  FROM events
  WHERE event_name LIKE 'AssumeRole%' AND outcome = 'success' AND access_key_id IS NOT NULL
),
fitting AS (
  SELECT i.*, s.credential AS issued, count(DISTINCT i.issuer) OVER (PARTITION BY s.credential) AS callers
  FROM issues AS i
  JOIN signers AS s ON s.principal_id = i.role_id AND s.session_created = i.event_time
  WHERE NOT s.forwarded AND s.credential NOT IN (SELECT issued FROM edges WHERE edge = 'key')
)
SELECT
  issuer,
  issued,
  'session' AS edge,
  CASE WHEN callers = 1 AND NOT coalesce(used, false) THEN 'strong' ELSE 'weak' END AS confidence,
  event_id,
  event_time,
  event_name,
  principal
FROM fitting;
