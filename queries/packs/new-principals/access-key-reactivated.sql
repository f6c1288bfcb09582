-- title: Access key switched on again
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.001], v19: [T1098.001]}
-- covers: [A1.11]
-- why: Switching a disabled key on again undoes containment, and brings back a key that nobody expects to be in use.
-- misses: A key that was already active is shown too, since the log does not tell what it was before.
SELECT
  event_id,
  coalesce(json_extract_string(request_parameters, '$.accessKeyId'), 'unnamed key in ' || coalesce(recipient_account_id, 'an unknown account')) AS subject,
  CASE WHEN outcome = 'success' THEN 'Access key ' ELSE 'Attempt to switch on access key ' END
    || coalesce(json_extract_string(request_parameters, '$.accessKeyId'), '(unnamed)')
    || ' of ' || CASE
      WHEN coalesce(json_extract_string(request_parameters, '$.userName'), user_name) IS NOT NULL
        THEN 'user ' || coalesce(json_extract_string(request_parameters, '$.userName'), user_name)
      WHEN identity_type = 'Root' THEN 'the root user'
      ELSE 'an unnamed user'
    END
    || CASE WHEN outcome = 'success' THEN ' was switched on' ELSE '' END AS summary,
  CASE WHEN identity_type = 'Root' AND json_extract_string(request_parameters, '$.userName') IS NULL THEN 'critical' ELSE 'high' END AS severity,
  json_extract_string(request_parameters, '$.userName') AS user_name,
  invoked_by
FROM scope_events
WHERE event_source = 'iam.amazonaws.com'
  AND event_name = 'UpdateAccessKey'
  AND lower(json_extract_string(request_parameters, '$.status')) = 'active'
ORDER BY outcome <> 'success', event_time, event_id
