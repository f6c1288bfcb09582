-- title: Log groups, alarms or event rules removed
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1562.008, T1070], v19: [T1685.002, T1070]}
-- covers: [A8.09]
-- why: Deleting a log group destroys what is in it; alarms and event rules are how people hear of trouble.
-- misses: Alarms made deaf by changing their threshold (PutMetricAlarm); log groups whose retention was short before.
-- params: {days: {type: integer, default: 7, about: A retention of at most so many days counts as removal.}}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    -- A service's own clean-up: only AWS can set invokedBy or a service name as the source.
    invoked_by IS NOT NULL OR source_kind IN ('aws_service', 'aws_internal') AS by_service,
    coalesce(
      json_extract_string(request_parameters, '$.logGroupName') || coalesce('/' || json_extract_string(request_parameters, '$.logStreamName'), ''),
      regexp_replace(json_extract_string(request_parameters, '$.alarmNames'), '[\[\]"]', '', 'g'),
      json_extract_string(request_parameters, '$.name'),
      json_extract_string(request_parameters, '$.rule'),
      '(unnamed)') AS thing,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    CASE event_name
      WHEN 'DeleteLogGroup' THEN 'delete the log group'
      WHEN 'DeleteLogStream' THEN 'delete the log stream'
      WHEN 'DeleteSubscriptionFilter' THEN 'stop the forwarding of the log group'
      WHEN 'DeleteMetricFilter' THEN 'delete the metric filter on the log group'
      WHEN 'PutRetentionPolicy' THEN CASE WHEN try_cast(json_extract_string(request_parameters, '$.retentionInDays') AS INTEGER) <= $days::INTEGER THEN 'shorten the life of the log group' END
      WHEN 'DeleteAlarms' THEN 'delete the alarms'
      WHEN 'DisableAlarmActions' THEN 'silence the alarms'
      WHEN 'RemoveTargets' THEN 'empty the event rule'
      WHEN 'DisableRule' THEN 'disable the event rule'
      ELSE 'delete the event rule'
    END AS act
  FROM scope_events
  WHERE (event_source = 'logs.amazonaws.com'
      AND coalesce(event_name, '') IN ('DeleteLogGroup', 'DeleteLogStream', 'DeleteSubscriptionFilter', 'DeleteMetricFilter', 'PutRetentionPolicy'))
    OR (event_source = 'monitoring.amazonaws.com' AND coalesce(event_name, '') IN ('DeleteAlarms', 'DisableAlarmActions'))
    OR (event_source = 'events.amazonaws.com' AND coalesce(event_name, '') IN ('DisableRule', 'DeleteRule', 'RemoveTargets'))
)
SELECT
  event_id,
  thing || ' in ' || place AS subject,
  CASE WHEN outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || act || ' ' || thing || ' in ' || place AS summary,
  CASE
    WHEN by_service THEN 'info'
    WHEN regexp_matches(thing, '(?i)cloudtrail|guardduty|securityhub|security|flow-?log|audit') THEN 'high'
    WHEN act IN ('delete the log stream', 'shorten the life of the log group') THEN 'low'
    ELSE 'medium'
  END AS severity,
  event_name AS call
FROM calls
WHERE act IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
