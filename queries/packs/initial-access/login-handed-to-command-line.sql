-- title: Console login handed to a command line
-- severity: low
-- category: credential-access
-- attack: {v18: [T1528, T1550.001], v19: [T1528, T1550.001]}
-- covers: [A11.07]
-- why: With aws login a browser session becomes keys for a program; who does it from another address than the session has its token.
-- misses: Tokens used through a proxy in the same network.
WITH tokens AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    source_ip_address AS address,
    coalesce(json_extract_string(request_parameters, '$.client_id'), json_extract_string(request_parameters, '$.clientId'), 'an unnamed client') AS client
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND coalesce(event_name, '') IN ('AuthorizeOAuth2Access', 'CreateOAuth2Token')
),
logins AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, source_ip_address AS address
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND coalesce(event_name, '') IN ('ConsoleLogin', 'AuthorizeOAuth2Access')
)
SELECT
  array_agg(t.event_id ORDER BY t.event_time, t.event_id) AS event_ids,
  t.principal || ' for ' || t.client AS subject,
  CASE WHEN bool_or(t.event_name = 'CreateOAuth2Token' AND t.outcome = 'success') THEN 'Keys for a program were fetched with the console session of '
    ELSE 'A program was let in to the console session of ' END || t.principal || ', for ' || t.client || ' from ' || string_agg(DISTINCT coalesce(t.address, 'no address'), ', ' ORDER BY coalesce(t.address, 'no address'))
    || CASE WHEN bool_or(t.event_name = 'CreateOAuth2Token' AND l.address IS NULL AND o.principal IS NOT NULL) THEN '; nobody signed in from there' ELSE '' END AS summary,
  CASE WHEN bool_or(t.event_name = 'CreateOAuth2Token' AND l.address IS NULL AND o.principal IS NOT NULL) THEN 'high' ELSE 'low' END AS severity
FROM tokens AS t
LEFT JOIN logins AS l ON l.principal = t.principal AND l.address = t.address
LEFT JOIN (SELECT DISTINCT principal FROM logins) AS o ON o.principal = t.principal
GROUP BY t.principal, t.client
ORDER BY min(t.event_time), t.principal, t.client
