-- title: Templates, connections or keys of applications read
-- severity: low
-- category: credential-access
-- attack: {v18: [T1552], v19: [T1552]}
-- covers: [A5.09]
-- why: Stack templates, database connections and API keys carry passwords in clear text, and these calls return them.
-- misses: Whether anything secret was in them; the answer is never logged.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  split_part(event_source, '.', 1) || ':' || event_name || ' by ' || coalesce(session_issuer_arn, identity_arn, account_id,
    'an unknown caller') AS subject,
  CASE event_source
    WHEN 'cloudformation.amazonaws.com' THEN 'Stack templates, parameters or outputs'
    WHEN 'glue.amazonaws.com' THEN 'Database connections'
    WHEN 'apigateway.amazonaws.com' THEN 'API keys'
    ELSE 'Database endpoints'
  END || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' read by ' || event_name || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) OR event_name = 'DescribeStacks' THEN 'info'
    WHEN event_name IN ('GetConnection', 'GetConnections') AND bool_or(coalesce(json_extract_string(request_parameters, '$.hidePassword'),
      'false') <> 'true') THEN 'medium'
    WHEN event_name LIKE 'GetApiKey%' AND bool_or(json_extract_string(request_parameters, '$.includeValues') = 'true'
      OR json_extract_string(request_parameters, '$.includeValue') = 'true') THEN 'medium'
    ELSE 'low'
  END AS severity,
  array_agg(DISTINCT coalesce(json_extract_string(request_parameters, '$.stackName'), json_extract_string(request_parameters, '$.name'),
    json_extract_string(request_parameters, '$.apiKey')) ORDER BY coalesce(json_extract_string(request_parameters, '$.stackName'), json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.apiKey'))) AS named
FROM scope_events
WHERE coalesce(event_source, '') IN ('cloudformation.amazonaws.com', 'glue.amazonaws.com', 'apigateway.amazonaws.com', 'dms.amazonaws.com')
  AND coalesce(event_name, '') IN ('GetTemplate', 'DescribeStacks', 'GetConnection', 'GetConnections', 'GetApiKey', 'GetApiKeys', 'DescribeEndpoints')
GROUP BY event_source, event_name, coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
