-- title: Console password set for a user that had none
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.001], v19: [T1098.001]}
-- covers: [A1.03]
-- why: A password opens the console without any access key, and outlives every key that is revoked.
-- misses: Passwords of Identity Center users; whether anyone signed in with it (the initial-access rules show sign-ins).
WITH profiles AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(json_extract_string(request_parameters, '$.userName'), json_extract_string(response_elements, '$.loginProfile.userName'),
      CASE WHEN identity_type <> 'Root' THEN user_name END) AS named,
    identity_type,
    user_name,
    lower(coalesce(json_extract_string(request_parameters, '$.passwordResetRequired'), 'false')) <> 'true' AS stays
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateLoginProfile'
)
SELECT
  event_id,
  CASE WHEN named IS NULL AND identity_type = 'Root' THEN 'root user of ' || account ELSE 'user/' || coalesce(named, '(unnamed)') || ' in ' || account END AS subject,
  CASE WHEN outcome = 'success' THEN 'A console password was set for ' ELSE 'Attempt to set a console password for ' END
    || CASE WHEN named IS NULL AND identity_type = 'Root' THEN 'the root user' ELSE 'user ' || coalesce(named, '(unnamed)') END
    || CASE WHEN identity_type = 'IAMUser' AND named = user_name THEN ', the caller itself' ELSE '' END
    || CASE WHEN stays THEN '; it need not be changed at the first sign-in' ELSE '' END AS summary,
  CASE
    WHEN named IS NULL AND identity_type = 'Root' THEN 'critical'
    WHEN invoked_by IS NOT NULL OR NOT stays THEN 'medium'
    ELSE 'high'
  END AS severity,
  named AS user_name,
  invoked_by
FROM profiles
ORDER BY outcome <> 'success', event_time, event_id
