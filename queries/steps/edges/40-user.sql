-- Edge "user": a user made, to all that bears the user's id. Strong: AWS never gives a user id twice, and nobody had the user before.
-- A credential given to a user who was there before says nothing of the user's others: weak, a place to look. An innocent user is never drawn in.
INSERT INTO edges BY NAME
WITH made AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    json_extract_string(response_elements, '$.user.userId') AS user_id
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateUser' AND outcome = 'success' AND access_key_id IS NOT NULL
),
-- A user of Identity Center, whose id its sign-ins and some calls of its sessions bear (onBehalfOf).
enrolled AS (
  SELECT event_id, event_time, event_name, access_key_id AS issuer, json_extract_string(response_elements, '$.userId') AS user_id
  FROM events
  WHERE event_source IN ('identitystore.amazonaws.com', 'sso-directory.amazonaws.com') AND event_name = 'CreateUser' AND outcome = 'success'
    AND access_key_id IS NOT NULL
),
armed AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    iam_arn(aws_region, recipient_account_id, 'user', coalesce(
      json_extract_string(request_parameters, '$.userName'),
      json_extract_string(response_elements, '$.accessKey.userName'))) AS user_arn
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND outcome = 'success' AND access_key_id IS NOT NULL
    AND event_name IN ('CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile', 'CreateServiceSpecificCredential',
      'ResetServiceSpecificCredential', 'UploadSSHPublicKey', 'CreateVirtualMFADevice', 'EnableMFADevice')
)
SELECT m.issuer, s.credential AS issued, 'user' AS edge, 'strong' AS confidence, m.event_id, m.event_time, m.event_name, s.identity_arn AS principal
FROM made AS m
JOIN signers AS s ON s.principal_id = m.user_id
UNION ALL
SELECT e.issuer, s.credential AS issued, 'user' AS edge, 'strong' AS confidence, e.event_id, e.event_time, e.event_name, s.identity_arn AS principal
FROM enrolled AS e
JOIN signers AS s ON s.identity_user = e.user_id
UNION ALL
(SELECT a.issuer, s.credential AS issued, 'user' AS edge, 'weak' AS confidence, a.event_id, a.event_time, a.event_name, s.identity_arn AS principal
FROM armed AS a
JOIN signers AS s ON regexp_replace(s.identity_arn, ':user/.*/', ':user/') = a.user_arn AND s.first_seen >= a.event_time
WHERE s.credential <> a.issuer AND NOT s.forwarded
QUALIFY row_number() OVER (PARTITION BY a.issuer, s.credential ORDER BY a.event_time DESC, a.event_id) = 1);
