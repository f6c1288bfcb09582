-- title: Users changed by a session of a user, outside the console
-- severity: medium
-- category: persistence
-- attack: {v18: [T1550.001], v19: [T1550.001]}
-- covers: [A6.15]
-- why: A user who wants to change IAM takes the long-lived key; a session token is what one takes to slip past a rule or a watch on that key.
-- misses: Sessions of roles, which change users by profession; calls through a service on the caller's behalf.
SELECT
  event_id,
  event_name || ' on ' || coalesce(json_extract_string(request_parameters, '$.userName'), 'the caller') || ' by '
    || coalesce(identity_arn, 'an unknown caller') AS subject,
  event_name || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' called on user '
    || coalesce(json_extract_string(request_parameters, '$.userName'), '(the caller)')
    || ' with a session token of ' || coalesce(identity_arn, 'an unknown user') || ', not from the console' AS summary,
  access_key_id
FROM scope_events
WHERE event_source = 'iam.amazonaws.com'
  AND coalesce(event_name, '') IN ('CreateUser', 'CreateAccessKey', 'PutUserPolicy', 'AttachUserPolicy', 'CreateLoginProfile',
    'UpdateLoginProfile', 'AddUserToGroup')
  AND identity_type = 'IAMUser' AND access_key_id LIKE 'ASIA%' AND invoked_by IS NULL AND coalesce(session_credential_from_console, false) = false
ORDER BY event_time, event_id
