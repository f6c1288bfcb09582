-- Edge "console": what leads to a sign-in, and from it to the keys that the console makes for its session, one a request.

-- A sign-in to its keys, strong: same principal, and a session made in the second of the sign-in.
INSERT INTO edges BY NAME
SELECT
  l.credential AS issuer,
  s.credential AS issued,
  'console' AS edge,
  'strong' AS confidence,
  l.first_event_id AS event_id,
  l.session_created AS event_time,
  l.first_event_name AS event_name,
  s.identity_arn AS principal
FROM signers AS l
JOIN signers AS s ON s.account_id = l.account_id AND s.principal_id = l.principal_id AND s.session_created = l.session_created
WHERE l.sign_in AND NOT s.sign_in AND NOT s.forwarded
  AND s.credential NOT IN (SELECT issued FROM edges WHERE edge IN ('key', 'login'));

-- A sign-in link to the sign-in, strong: same principal, within the 15 minutes that a link lives, and one credential that asked for one.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
INSERT INTO edges BY NAME
WITH asked AS (
  SELECT event_id, event_time, event_name, principal_id, credential AS issuer
  FROM signed_events
  WHERE event_name = 'GetSigninToken' AND outcome = 'success' AND credential IS NOT NULL
),
fitting AS (
  SELECT a.*, l.credential AS issued, l.identity_arn AS principal, count(DISTINCT a.issuer) OVER (PARTITION BY l.credential) AS candidates
  FROM asked AS a
  JOIN signers AS l ON l.sign_in AND l.principal_id = a.principal_id
    AND l.session_created BETWEEN a.event_time AND a.event_time + INTERVAL 15 MINUTE
)
SELECT issuer, issued, 'console' AS edge, CASE candidates WHEN 1 THEN 'strong' ELSE 'weak' END AS confidence, event_id, event_time, event_name, principal
FROM fitting
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_time DESC, event_id) = 1;

-- A password to the sign-ins with it: whoever set the user's password last before the sign-in. An earlier one no longer works.
-- Strong where one credential did so in that second, else weak.
INSERT INTO edges BY NAME
WITH passwords AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    iam_arn(aws_region, recipient_account_id, 'user', coalesce(
      json_extract_string(request_parameters, '$.userName'),
      json_extract_string(response_elements, '$.loginProfile.userName'),
      user_name)) AS user_arn
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name IN ('CreateLoginProfile', 'UpdateLoginProfile', 'ChangePassword') AND outcome = 'success'
),
fitting AS (
  SELECT
    p.*,
    l.credential AS issued,
    l.identity_arn AS principal,
    rank() OVER (PARTITION BY l.credential ORDER BY p.event_time DESC) AS place
  FROM passwords AS p
  -- Users may have a path, which the names of calls leave out.
  JOIN signers AS l ON l.sign_in AND regexp_replace(l.identity_arn, ':user/.*/', ':user/') = p.user_arn AND l.session_created >= p.event_time
)
SELECT
  issuer,
  issued,
  'console' AS edge,
  CASE count(DISTINCT coalesce(issuer, '')) OVER (PARTITION BY issued) WHEN 1 THEN 'strong' ELSE 'weak' END AS confidence,
  event_id,
  event_time,
  event_name,
  principal
FROM fitting
WHERE place = 1
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_id) = 1;
