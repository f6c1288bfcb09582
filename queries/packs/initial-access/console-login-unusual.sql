-- title: Console login by root, a machine or a federation token
-- severity: high
-- category: initial-access
-- attack: {v18: [T1078.004, T1021.007], v19: [T1078.004, T1021.007]}
-- covers: [A11.04]
-- why: Root signs in when something is wrong; machines and tokens of command lines never do, unless somebody turned them into a way in.
-- misses: Logins of roles through a provider, which is how people sign in.
WITH logins AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(identity_arn, account_id || '/' || user_name, principal_id, 'an unknown user') AS who,
    CASE
      WHEN identity_type = 'Root' THEN 'root'
      WHEN regexp_matches(principal_id, ':m?i-[0-9a-f]{8,}$') THEN 'machine'
      WHEN identity_type = 'FederatedUser' THEN 'token'
    END AS kind,
    source_ip_address AS address
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin'
)
SELECT
  event_id,
  who AS subject,
  CASE kind WHEN 'root' THEN 'The root user of the account' WHEN 'machine' THEN 'The credentials of a machine, ' || who || ',' ELSE 'The federation token ' || who END
    || CASE WHEN outcome = 'success' THEN ' signed in to the console from ' ELSE ' tried to sign in to the console from ' END || coalesce(address, 'no address') AS summary,
  CASE kind WHEN 'machine' THEN 'critical' ELSE 'high' END AS severity
FROM logins
WHERE kind IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
