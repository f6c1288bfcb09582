-- title: Users changed by a session of a user, outside the console
-- severity: medium
-- category: persistence
-- attack: {v18: [T1550.001], v19: [T1550.001]}
-- covers: [A6.15]
-- why: A user who wants to change IAM takes the long-lived key; a session token is what one takes to slip past a rule or a watch on that key.
-- misses: Sessions of roles, which change users by profession; calls through a service on the caller's behalf.
WITH changes AS (
  SELECT
    event_id, event_time, event_name, outcome, access_key_id, identity_arn, source_ip_address,
    coalesce(json_extract_string(request_parameters, '$.userName'), 'the caller') AS changed
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateUser', 'CreateAccessKey', 'PutUserPolicy', 'AttachUserPolicy', 'CreateLoginProfile',
      'UpdateLoginProfile', 'AddUserToGroup')
    AND identity_type = 'IAMUser' AND access_key_id LIKE 'ASIA%' AND invoked_by IS NULL AND coalesce(session_credential_from_console, false) = false
)
SELECT
  c.event_id,
  c.event_name || ' on ' || c.changed || ' by ' || coalesce(c.identity_arn, 'an unknown caller') AS subject,
  c.event_name || CASE WHEN c.outcome = 'success' THEN ' was' ELSE ' was to be' END || ' called on user ' || replace(c.changed, 'the caller', '(the caller)')
    || ' with a session token of ' || coalesce(c.identity_arn, 'an unknown user') || ', not from the console' AS summary,
  coalesce(w.told, 'no baseline') AS normal,
  c.source_ip_address AS seen,
  c.access_key_id
FROM changes AS c
LEFT JOIN usual AS w ON w.kind = 'identity' AND w.id = c.identity_arn AND w.aspect = 'address'
ORDER BY c.event_time, c.event_id
