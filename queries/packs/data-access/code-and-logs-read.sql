-- title: Container images, code or logs read
-- severity: low
-- category: collection
-- attack: {v18: [T1213], v19: [T1213]}
-- covers: [A4.18]
-- why: Images, source code and logs hold passwords, keys and customer data that nobody meant to keep there.
-- misses: Layers fetched from a cache; a build pulls images by profession, so a pull alone says little.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  split_part(event_source, '.', 1) || ' ' || coalesce(json_extract_string(request_parameters, '$.repositoryName'),
    json_extract_string(request_parameters, '$.logGroupName'),
    json_extract_string(request_parameters, '$.logGroupNames[0]'), '(unnamed)') || ' by '
      || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE event_source WHEN 'logs.amazonaws.com' THEN 'Log group ' WHEN 'codecommit.amazonaws.com' THEN 'Code repository ' ELSE 'Image repository ' END
    || coalesce(json_extract_string(request_parameters, '$.repositoryName'), json_extract_string(request_parameters, '$.logGroupName'),
      json_extract_string(request_parameters, '$.logGroupNames[0]'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' read, '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) OR event_source = 'ecr.amazonaws.com' THEN 'info'
    ELSE 'low'
  END AS severity,
  string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS calls
FROM scope_events
WHERE coalesce(event_source, '') IN ('ecr.amazonaws.com', 'codecommit.amazonaws.com', 'logs.amazonaws.com')
  AND coalesce(event_name, '') IN ('BatchGetImage', 'GetDownloadUrlForLayer', 'GitPull', 'GetFile', 'GetFolder', 'GetBlob', 'FilterLogEvents',
    'GetLogEvents', 'StartQuery', 'GetQueryResults', 'StartLiveTail', 'CreateExportTask')
  -- Without a seed nobody is suspected, and builds pull images all day.
  AND (hop IS NOT NULL OR event_source <> 'ecr.amazonaws.com')
GROUP BY event_source, json_extract_string(request_parameters, '$.repositoryName'), json_extract_string(request_parameters, '$.logGroupName'),
  json_extract_string(request_parameters, '$.logGroupNames[0]'), coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
