-- title: Lambda function, version or layer created
-- severity: medium
-- category: execution
-- attack: {v18: [T1648], v19: [T1648]}
-- covers: [A3.08]
-- why: A function runs code under a role of the account, with no machine and no key to find, and may run again long after.
-- misses: Changes to functions that exist, their triggers and their URLs (other packs); the code itself.
WITH made AS (
  SELECT
    s.event_id,
    s.event_time,
    s.event_name,
    s.outcome,
    s.invoked_by,
    a.kind,
    coalesce(
      json_extract_string(s.request_parameters, '$.functionName'),
      json_extract_string(s.request_parameters, '$.layerName'),
      json_extract_string(s.response_elements, '$.functionName'),
      '(unnamed)'
    ) || ' in ' || coalesce(s.aws_region, 'an unknown region') || ' of ' || coalesce(s.recipient_account_id, 'an unknown account') AS name,
    coalesce(json_extract_string(s.response_elements, '$.functionArn'), json_extract_string(s.response_elements, '$.layerVersionArn')) AS arn,
    json_extract_string(s.request_parameters, '$.role') AS role
  FROM scope_events AS s
  LEFT JOIN agents AS a ON a.user_agent = s.user_agent
  -- Lambda adds a version to the name of the call.
  WHERE s.event_source = 'lambda.amazonaws.com'
    AND (s.event_name LIKE 'CreateFunction%' OR s.event_name LIKE 'PublishLayerVersion%' OR s.event_name LIKE 'PublishVersion%'
      OR s.event_name LIKE 'CreateAlias%')
    AND s.event_name NOT LIKE 'CreateFunctionUrl%'
)
SELECT
  event_id,
  -- A failed try has no ARN of its own: it belongs to the function of that name.
  coalesce(arn, max(arn) OVER (PARTITION BY name), name) AS subject,
  CASE
    WHEN event_name LIKE 'CreateFunction%' THEN 'Lambda function '
    WHEN event_name LIKE 'PublishLayer%' THEN 'Layer, code that functions load, '
    ELSE 'A version or alias of the Lambda function '
  END || name
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN role IS NOT NULL THEN ' made, to run as ' || role ELSE ' made' END AS summary,
  CASE
    WHEN event_name LIKE 'PublishVersion%' OR event_name LIKE 'CreateAlias%' THEN 'info'
    WHEN invoked_by IS NOT NULL OR kind = 'iac' THEN 'low'
    ELSE 'medium'
  END AS severity,
  role
FROM made
ORDER BY CASE WHEN outcome = 'success' THEN 0 ELSE 1 END, event_time, event_id
