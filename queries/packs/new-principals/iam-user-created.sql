-- title: IAM user created
-- severity: medium
-- category: persistence
-- attack: {v18: [T1136.003], v19: [T1136.003]}
-- covers: [A1.01]
-- why: A new IAM user is a way back in that outlives every key and session of the one that made it.
-- misses: Users made by a stack or by AWS itself for the caller are marked as such, not left out; users made through Identity Center are another rule's.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.user.arn'),
    json_extract_string(request_parameters, '$.userName'),
    'unnamed user in ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE WHEN outcome = 'success' THEN 'IAM user ' ELSE 'Attempt to create the IAM user ' END
    || coalesce(json_extract_string(request_parameters, '$.userName'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was created' ELSE '' END
    || CASE WHEN invoked_by IS NOT NULL THEN ' by ' || invoked_by || ' for the caller' ELSE '' END AS summary,
  CASE WHEN principal_id LIKE '%:i-%' THEN 'high' ELSE 'medium' END AS severity,
  json_extract_string(request_parameters, '$.userName') AS user_name,
  invoked_by
FROM scope_events
WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateUser'
ORDER BY outcome <> 'success', event_time, event_id
