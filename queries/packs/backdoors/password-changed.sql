-- title: Console password of a user changed
-- severity: high
-- category: persistence
-- attack: {v18: [T1098], v19: [T1098]}
-- covers: [A1.04]
-- why: A new password for someone else is a way to sign in as that person, under a name nobody suspects.
-- misses: Passwords of the root user, which are changed on a sign-in page (initial-access rules); Identity Center passwords.
WITH changes AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(CASE WHEN event_name = 'UpdateLoginProfile' THEN json_extract_string(request_parameters, '$.userName') END, user_name, '(unnamed)') AS holder,
    event_name = 'ChangePassword' OR (identity_type = 'IAMUser' AND json_extract_string(request_parameters, '$.userName') = user_name) AS own_password,
    lower(coalesce(json_extract_string(request_parameters, '$.passwordResetRequired'), 'false')) = 'true' AS to_be_changed
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('UpdateLoginProfile', 'ChangePassword')
)
SELECT
  event_id,
  'user/' || holder || ' in ' || account AS subject,
  CASE WHEN outcome = 'success' THEN 'The console password of user ' || holder || ' was changed' ELSE 'Attempt to change the console password of user ' || holder END
    || CASE WHEN own_password THEN ', by that user' ELSE ', by someone else' END
    || CASE WHEN to_be_changed THEN '; it must be changed at the next sign-in' ELSE '' END AS summary,
  CASE WHEN own_password THEN 'low' WHEN invoked_by IS NOT NULL OR to_be_changed THEN 'medium' ELSE 'high' END AS severity,
  holder AS user_name
FROM changes
ORDER BY outcome <> 'success', event_time, event_id
