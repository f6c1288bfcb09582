-- title: Topic subscribed to by mail, text message or web address
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1567, T1496.004], v19: [T1567, T1496.004]}
-- covers: [A3.10]
-- why: A subscription sends every message of a topic outside the account for as long as it stands; text messages cost money each.
-- misses: Subscriptions to queues and functions inside AWS, which applications make all day; messages sent without a topic.
SELECT
  event_id,
  coalesce(json_extract_string(request_parameters, '$.topicArn'), 'unnamed topic in '
    || coalesce(recipient_account_id, 'an unknown account')) AS subject,
  'Topic ' || coalesce(json_extract_string(request_parameters, '$.topicArn'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || ' subscribed to by ' || json_extract_string(request_parameters, '$.protocol')
    || coalesce(' for ' || json_extract_string(request_parameters, '$.endpoint'), '') AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'low' ELSE 'medium' END AS severity,
  json_extract_string(request_parameters, '$.protocol') AS protocol,
  json_extract_string(request_parameters, '$.endpoint') AS endpoint,
  json_extract_string(response_elements, '$.subscriptionArn') AS subscription
FROM scope_events
WHERE event_source = 'sns.amazonaws.com' AND event_name = 'Subscribe'
  AND json_extract_string(request_parameters, '$.protocol') IN ('email', 'email-json', 'sms', 'http', 'https')
ORDER BY event_time, event_id
