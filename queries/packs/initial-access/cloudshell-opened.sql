-- title: Shell opened in the console
-- severity: low
-- category: execution
-- attack: {v18: [T1059.009], v19: [T1059.009]}
-- covers: [A11.11]
-- why: "CloudShell is a command line with the rights of the console session and an address of AWS: what is done there looks like AWS itself."
-- misses: What is typed there.
WITH opened AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    source_ip_address AS address
  FROM scope_events
  WHERE event_source = 'cloudshell.amazonaws.com' AND coalesce(event_name, '') IN ('CreateEnvironment', 'StartEnvironment', 'CreateSession', 'PutCredentials', 'RedeemCode')
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal FROM baseline_events
  WHERE event_source = 'cloudshell.amazonaws.com'
)
SELECT
  array_agg(o.event_id ORDER BY o.event_time, o.event_id) AS event_ids,
  o.principal AS subject,
  CASE WHEN bool_or(o.outcome = 'success') THEN 'A shell was opened in the console by ' ELSE 'A shell in the console was asked for by ' END || o.principal
    || ' from ' || string_agg(DISTINCT coalesce(o.address, 'no address'), ', ' ORDER BY coalesce(o.address, 'no address'))
    || CASE WHEN bool_or(o.event_name = 'PutCredentials') THEN '; its credentials went into it' ELSE '' END
    || CASE WHEN bool_and(k.principal IS NOT NULL) THEN ', as before the window' ELSE '' END AS summary,
  CASE WHEN bool_and(k.principal IS NOT NULL) THEN 'info' WHEN bool_or(o.event_name IN ('CreateEnvironment', 'PutCredentials')) THEN 'medium' ELSE 'low' END AS severity
FROM opened AS o
LEFT JOIN known AS k ON k.principal = o.principal
GROUP BY o.principal
ORDER BY min(o.event_time), o.principal
