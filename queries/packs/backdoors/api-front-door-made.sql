-- title: API made or routed to code
-- severity: low
-- category: persistence
-- attack: {v18: [T1133], v19: [T1133]}
-- covers: [A1.22]
-- why: A public API in front of a function is a way to run it, and its role, from outside, long after the credential is gone.
-- misses: Changes to stages and authorizers of APIs that exist; what an imported definition (ImportApi) contains.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(response_elements, '$.apiId'), json_extract_string(response_elements, '$.id'),
      json_extract_string(request_parameters, '$.apiId'), json_extract_string(request_parameters, '$.restApiId'),
      json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.createRestApiInput.name'), '(unnamed)')
      || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS api,
    coalesce(CAST(request_parameters AS VARCHAR), '') LIKE '%:lambda:%' AS to_function,
    json_extract_string(request_parameters, '$.credentialsArn') AS role
  FROM scope_events
  WHERE event_source = 'apigateway.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateRestApi', 'CreateApi', 'ImportRestApi', 'ImportApi', 'CreateRoute', 'CreateIntegration', 'PutIntegration', 'CreateStage', 'CreateDeployment', 'CreateApiKey')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'API ' || api AS subject,
  CASE WHEN outcome = 'success' THEN 'API ' || api || ' was made or extended' ELSE 'Attempt to make or extend the API ' || api END
    || CASE WHEN bool_or(to_function) THEN ' and leads to a function' ELSE '' END
    || ': ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  CASE WHEN bool_or(to_function) AND bool_or(invoked_by IS NULL) THEN 'medium' ELSE 'low' END AS severity,
  max(role) AS role
FROM calls
GROUP BY api, outcome = 'success'
ORDER BY min(event_time), api, summary
