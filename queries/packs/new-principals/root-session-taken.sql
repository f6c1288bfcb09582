-- title: Root session of a member account taken
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1548.005], v19: [T1548.005]}
-- covers: [A2.08]
-- why: AssumeRoot gives a short root session in any member account, enough to delete its bucket policies, passwords and keys.
-- misses: Sign-ins with the root user's own password, which the initial-access rules show.
SELECT
  event_id,
  'root of ' || coalesce(json_extract_string(request_parameters, '$.targetPrincipal'), 'an unnamed account') AS subject,
  CASE WHEN outcome = 'success' THEN 'A root session was taken in account ' ELSE 'Attempt to take a root session in account ' END
    || coalesce(json_extract_string(request_parameters, '$.targetPrincipal'), '(unnamed)')
    || coalesce(' for ' || json_extract_string(request_parameters, '$.taskPolicyArn.arn'), '') AS summary,
  json_extract_string(request_parameters, '$.taskPolicyArn.arn') AS task_policy,
  json_extract_string(response_elements, '$.credentials.accessKeyId') AS issued_key
FROM scope_events
WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRoot'
ORDER BY outcome <> 'success', event_time, event_id
