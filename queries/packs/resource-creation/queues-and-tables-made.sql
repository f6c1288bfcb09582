-- title: Queues, topics or tables created
-- severity: info
-- category: resource-development
-- attack: {v18: [T1074.002], v19: [T1074.002]}
-- covers: [A3.10]
-- why: They are to be removed with everything else the credential made, and can hold data on its way out.
-- misses: What passes through them.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.tableDescription.tableArn'), json_extract_string(response_elements, '$.topicArn'),
      json_extract_string(response_elements, '$.queueUrl'),
    json_extract_string(request_parameters, '$.tableName'), json_extract_string(request_parameters, '$.queueName'),
      json_extract_string(request_parameters, '$.name'),
    event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE event_name WHEN 'CreateQueue' THEN 'Queue ' WHEN 'CreateTopic' THEN 'Topic ' ELSE 'Table ' END
    || coalesce(json_extract_string(request_parameters, '$.tableName'), json_extract_string(request_parameters, '$.queueName'),
      json_extract_string(request_parameters, '$.name'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' created in ' || coalesce(aws_region, 'an unknown region') AS summary,
  invoked_by
FROM scope_events
WHERE coalesce(event_source, '') IN ('sqs.amazonaws.com', 'sns.amazonaws.com', 'dynamodb.amazonaws.com')
  AND coalesce(event_name, '') IN ('CreateQueue', 'CreateTopic', 'CreateTable')
ORDER BY event_time, event_id
