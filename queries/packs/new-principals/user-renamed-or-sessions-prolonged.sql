-- title: User renamed or role sessions made longer
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098], v19: [T1098]}
-- covers: [A1.11]
-- why: A renamed user slips away from a responder's list; longer sessions outlast the revocation of the credential that opened them.
-- misses: A limit that was as long before; sessions prolonged by chaining.
-- params: {seconds: {type: integer, default: 21600, about: Role sessions at least this long are shown.}}
WITH changes AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    json_extract_string(request_parameters, '$.userName') AS user_name,
    json_extract_string(request_parameters, '$.newUserName') AS new_user_name,
    json_extract_string(request_parameters, '$.roleName') AS role_name,
    coalesce(try_cast(json_extract_string(request_parameters, '$.maxSessionDuration') AS INTEGER), 0) AS session_seconds
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('UpdateUser', 'UpdateRole')
)
SELECT
  event_id,
  CASE event_name WHEN 'UpdateUser' THEN 'user/' || coalesce(user_name, '(unnamed)') ELSE 'role/' || coalesce(role_name, '(unnamed)') END || ' in ' || account AS subject,
  CASE event_name
    WHEN 'UpdateUser' THEN CASE WHEN outcome = 'success' THEN 'User ' || coalesce(user_name, '(unnamed)') || ' was renamed to '
      ELSE 'Attempt to rename user ' || coalesce(user_name, '(unnamed)') || ' to ' END || coalesce(new_user_name, '(unnamed)')
    ELSE CASE WHEN outcome = 'success' THEN 'Sessions of role ' || coalesce(role_name, '(unnamed)') || ' may now last ' || session_seconds || ' seconds'
      ELSE 'Attempt to let sessions of role ' || coalesce(role_name, '(unnamed)') || ' last ' || session_seconds || ' seconds' END
  END AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'low' WHEN event_name = 'UpdateUser' THEN 'medium' ELSE 'low' END AS severity,
  new_user_name,
  session_seconds
FROM changes
WHERE new_user_name <> user_name OR session_seconds >= $seconds::INTEGER
ORDER BY outcome <> 'success', event_time, event_id
