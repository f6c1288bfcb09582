-- title: Code set to run by event or schedule
-- severity: medium
-- category: persistence
-- attack: {v18: [T1546, T1053], v19: [T1546, T1053]}
-- covers: [A9.01]
-- why: A rule that calls a function whenever a user is made, or every hour, works on for the thief after every key is revoked.
-- misses: Triggers made by stacks, and what the code does that they call.
WITH triggers AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.rule'), json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.functionName'), '(unnamed)') AS name,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(json_extract_string(request_parameters, '$.targets[0].arn'), json_extract_string(request_parameters, '$.target.arn'),
      json_extract_string(request_parameters, '$.eventSourceArn')) AS target,
    coalesce(json_extract_string(request_parameters, '$.scheduleExpression'), json_extract_string(request_parameters, '$.eventPattern')) AS trigger,
    json_extract_string(request_parameters, '$.roleArn') AS role
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('events.amazonaws.com', 'scheduler.amazonaws.com', 'states.amazonaws.com', 'pipes.amazonaws.com')
    AND coalesce(event_name, '') IN ('PutRule', 'PutTargets', 'CreateSchedule', 'UpdateSchedule', 'CreateStateMachine', 'UpdateStateMachine', 'CreatePipe')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'trigger ' || name || ' in ' || place AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'Code was set to run' ELSE 'Attempt to set code to run' END || ' by ' || name || ' in ' || place
    || coalesce(', ' || substr(min(trigger), 1, 160), '') || coalesce(', calling ' || min(target), '') AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'low'
    -- What wakes when IAM, sign-ins or trails change, and what calls another account, is no timer of an application.
    WHEN bool_or(regexp_matches(trigger, 'aws.iam|iam[.]amazonaws|CreateUser|signin[.]amazonaws|ConsoleLogin|guardduty|cloudtrail[.]amazonaws')) THEN 'high'
    WHEN bool_or(regexp_extract(target, '^arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):', 1) NOT IN (SELECT account_id FROM own_accounts WHERE account_id IS NOT NULL)
      AND regexp_extract(target, '^arn:[^:]*:[^:]*:[^:]*:([0-9]{12}):', 1) <> '') THEN 'high'
    ELSE 'medium'
  END AS severity,
  min(target) AS target,
  min(role) AS role
FROM triggers
GROUP BY name, place
ORDER BY min(event_time), name, place
