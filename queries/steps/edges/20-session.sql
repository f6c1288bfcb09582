-- Edge "session": a role session whose key the issuing call does not name is found by the role's id with its session name, and the
-- second it was made: later calls bear both (userIdentity.principalId, sessionContext.attributes.creationDate).
-- Strong where the call named no key, or one that is never used, and one caller fits. Several callers in one second are ambiguous: weak;
-- but one whose source identity the session does not bear is none of them.
-- Where the key it named is in use, another key of the session may be anyone's who reached the same role: weak.
-- Edge "console": but where AWS says of all calls by a key that the console made it (sessionCredentialFromConsole), it comes from that session,
-- be it by switching to the role or by a sign-in link: strong. The console makes one key a request.
INSERT INTO edges BY NAME
WITH issues AS (
  SELECT
    event_id,
    event_time,
    event_name,
    credential AS issuer,
    -- The other account's copy of a call shows no key and is no second caller; whoever else shows none is one.
    CASE WHEN credential IS NOT NULL THEN credential
      WHEN NOT coalesce(bool_or(credential IS NOT NULL) OVER (PARTITION BY shared_event_id), false) OR shared_event_id IS NULL THEN event_id
    END AS caller,
    json_extract_string(response_elements, '$.assumedRoleUser.assumedRoleId') AS role_id,
    json_extract_string(response_elements, '$.assumedRoleUser.arn') AS principal,
    issued_access_key_id AS named,
    issued_access_key_id IN (SELECT credential FROM signers) AS used,
    coalesce(
      json_extract_string(response_elements, '$.sourceIdentity'), json_extract_string(request_parameters, '$.sourceIdentity'), source_identity) AS bears
  FROM signed_events
  WHERE event_name LIKE 'AssumeRole%' AND outcome = 'success'
),
fitting AS (
  SELECT i.*, s.credential AS issued, s.from_console, count(DISTINCT i.caller) OVER (PARTITION BY s.credential) AS callers
  FROM issues AS i
  JOIN signers AS s ON s.principal_id = i.role_id AND s.session_created = i.event_time
    AND (s.source_identity = i.bears OR s.source_identity IS NULL OR i.bears IS NULL)
  WHERE NOT s.forwarded AND s.credential NOT IN (SELECT issued FROM edges WHERE edge = 'key')
)
SELECT
  CASE WHEN from_console THEN coalesce(named, issuer) ELSE issuer END AS issuer,
  issued,
  CASE WHEN from_console THEN 'console' ELSE 'session' END AS edge,
  CASE WHEN callers = 1 AND (from_console OR NOT coalesce(used, false)) THEN 'strong' ELSE 'weak' END AS confidence,
  event_id,
  event_time,
  event_name,
  principal
FROM fitting
WHERE issuer IS NOT NULL AND issuer <> issued;
