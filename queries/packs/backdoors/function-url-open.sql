-- title: Function given a public URL without authentication
-- severity: high
-- category: persistence
-- attack: {v18: [T1133, T1546], v19: [T1133, T1546]}
-- covers: [A1.21]
-- why: Anyone who knows the address can run the function, and with it the rights of its role.
-- misses: Whether the function's policy also lets everyone call the URL (permission-for-outsiders shows that call).
WITH urls AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(json_extract_string(response_elements, '$.functionArn'), json_extract_string(request_parameters, '$.functionName'),
      'unnamed function in ' || coalesce(recipient_account_id, 'an unknown account')) AS function_name,
    json_extract_string(response_elements, '$.functionUrl') AS url
  FROM scope_events
  WHERE event_source = 'lambda.amazonaws.com'
    AND (event_name LIKE 'CreateFunctionUrlConfig%' OR event_name LIKE 'UpdateFunctionUrlConfig%')
    AND json_extract_string(request_parameters, '$.authType') = 'NONE'
)
SELECT
  event_id,
  function_name AS subject,
  CASE WHEN outcome = 'success' THEN 'Function ' || function_name || ' was given a URL that anyone may call' ELSE 'Attempt to give the function ' || function_name || ' a URL that anyone may call' END
    || coalesce(', ' || url, '') AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity,
  url
FROM urls
ORDER BY outcome <> 'success', event_time, event_id
