-- Edge "portal": a sign-in of Identity Center to the keys that its portal fetches for it.
-- CreateToken names the id of the sign-in it makes, which later calls show (userIdentity.credentialId): certain.
INSERT INTO edges BY NAME
WITH made AS (
  SELECT event_id, event_time, event_name, credential AS issuer, json_extract_string(additional_event_data, '$."identitycenter:CredentialId"') AS issued
  FROM signed_events
  WHERE event_name IN ('CreateToken', 'CreateTokenWithIAM') AND outcome = 'success' AND additional_event_data IS NOT NULL
)
SELECT issuer, issued, 'portal' AS edge, 'certain' AS confidence, event_id, event_time, event_name
FROM made
WHERE issued IS NOT NULL AND issuer IS DISTINCT FROM issued
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_time, event_id) = 1;

-- GetRoleCredentials hides what it hands out. The session it opens is made within 2 seconds, by AssumeRoleWithSAML of the same account and
-- permission set. Strong where one sign-in fits, else weak. The key that call names need not be the one used, so the session's others follow too.
INSERT INTO edges BY NAME
WITH fetched AS (
  SELECT
    event_id,
    event_time,
    event_name,
    credential_id AS issuer,
    json_extract_string(service_event_details, '$.account_id') AS account_id,
    json_extract_string(service_event_details, '$.role_name') AS role
  FROM events
  WHERE event_name = 'GetRoleCredentials' AND outcome = 'success' AND credential_id IS NOT NULL
),
opened AS (
  SELECT
    event_time,
    recipient_account_id AS account_id,
    issued_access_key_id,
    regexp_extract(json_extract_string(request_parameters, '$.roleArn'), '/AWSReservedSSO_(.+)_[0-9a-f]{16}$', 1) AS role,
    json_extract_string(response_elements, '$.assumedRoleUser.assumedRoleId') AS role_id,
    json_extract_string(response_elements, '$.assumedRoleUser.arn') AS principal
  FROM events
  WHERE event_name = 'AssumeRoleWithSAML' AND outcome = 'success' AND contains(request_parameters::VARCHAR, 'AWSReservedSSO_')
),
keys AS (
  SELECT account_id, role, event_time, principal, issued_access_key_id AS issued FROM opened WHERE issued_access_key_id IS NOT NULL
  UNION
  SELECT o.account_id, o.role, o.event_time, o.principal, s.credential
  FROM opened AS o
  JOIN signers AS s ON s.principal_id = o.role_id AND s.session_created = o.event_time AND NOT s.forwarded
),
fitting AS (
  SELECT f.*, k.issued, k.principal, count(DISTINCT f.issuer) OVER (PARTITION BY k.issued) AS candidates
  FROM fetched AS f
  JOIN keys AS k ON k.account_id = f.account_id AND k.role = f.role AND k.event_time BETWEEN f.event_time AND f.event_time + INTERVAL 2 SECOND
)
SELECT issuer, issued, 'portal' AS edge, CASE candidates WHEN 1 THEN 'strong' ELSE 'weak' END AS confidence, event_id, event_time, event_name, principal
FROM fitting
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_time DESC, event_id) = 1;

-- An assignment to a user of Identity Center who was there before says nothing of what that user does: weak. (Of one that scope made: 40-user.)
INSERT INTO edges BY NAME
WITH assigned AS (
  SELECT event_id, event_time, event_name, access_key_id AS issuer, json_extract_string(request_parameters, '$.principalId') AS identity_user
  FROM events
  WHERE event_name = 'CreateAccountAssignment' AND outcome = 'success' AND access_key_id IS NOT NULL
)
SELECT a.issuer, s.credential AS issued, 'portal' AS edge, 'weak' AS confidence, a.event_id, a.event_time, a.event_name, s.identity_arn AS principal
FROM assigned AS a
JOIN signers AS s ON s.identity_user = a.identity_user AND s.first_seen >= a.event_time AND s.credential <> a.issuer AND NOT s.forwarded
QUALIFY row_number() OVER (PARTITION BY a.issuer, s.credential ORDER BY a.event_time DESC, a.event_id) = 1;
