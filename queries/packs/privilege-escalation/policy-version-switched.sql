-- title: Another version of a policy put in force
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1548.005], v19: [T1548.005]}
-- covers: [A2.03]
-- why: An old, wider version of a policy can be put back in one call that shows none of its text.
-- misses: What the version allows. New versions put in force as they are written are judged by their text (wide-policy-written).
SELECT
  event_id,
  coalesce(json_extract_string(request_parameters, '$.policyArn'), 'unnamed policy in ' || coalesce(recipient_account_id, 'an unknown account')) AS subject,
  CASE WHEN outcome = 'success' THEN 'Version ' || coalesce(json_extract_string(request_parameters, '$.versionId'), '(unnamed)') || ' was put in force for the policy '
    ELSE 'Attempt to put version ' || coalesce(json_extract_string(request_parameters, '$.versionId'), '(unnamed)') || ' in force for the policy ' END
    || coalesce(json_extract_string(request_parameters, '$.policyArn'), '(unnamed)') AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'low' ELSE 'medium' END AS severity,
  json_extract_string(request_parameters, '$.versionId') AS version
FROM scope_events
WHERE event_source = 'iam.amazonaws.com' AND event_name = 'SetDefaultPolicyVersion'
ORDER BY outcome <> 'success', event_time, event_id
