-- Edge "login": a console session lets a command line in (aws login), to the keys that it then gets. No event names them: AuthorizeOAuth2Access
-- and CreateOAuth2Token name the sign-in session, as do all calls by its keys (sessionContext.signInSessionArn).
-- Strong where one credential let that sign-in session in, else weak.
-- https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html
INSERT INTO edges BY NAME
WITH letting AS (
  SELECT
    event_id,
    event_time,
    event_name,
    -- The console's own calls may show no key: then it is the session that acts.
    coalesce(credential, session_of(account_id, principal_id, coalesce(session_created, event_time))) AS issuer,
    coalesce(json_extract_string(additional_event_data, '$.signInSessionArn'), sign_in_session_arn) AS sign_in
  FROM signed_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name IN ('AuthorizeOAuth2Access', 'CreateOAuth2Token') AND outcome = 'success'
),
fitting AS (
  SELECT l.*, s.credential AS issued, s.identity_arn AS principal, count(DISTINCT l.issuer) OVER (PARTITION BY s.credential) AS candidates
  FROM letting AS l
  JOIN signers AS s ON s.sign_in_session_arn = l.sign_in AND s.credential <> l.issuer
  WHERE NOT s.forwarded AND s.credential NOT IN (SELECT issued FROM edges WHERE edge = 'key')
)
SELECT issuer, issued, 'login' AS edge, CASE candidates WHEN 1 THEN 'strong' ELSE 'weak' END AS confidence, event_id, event_time, event_name, principal
FROM fitting
WHERE issuer IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_time, event_id) = 1;
