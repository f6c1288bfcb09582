-- title: Computing or hosting rented outside EC2
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.001, T1583], v19: [T1496.001, T1583]}
-- covers: [A3.12]
-- why: Small hosting services run miners and phishing pages under limits and alarms of their own; AWS forbids most of them to keys it knows to be leaked.
-- misses: What was hosted; services that this list does not name.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.app.appArn'), json_extract_string(response_elements, '$.service.serviceArn'),
      json_extract_string(response_elements, '$.operations[0].resourceName'),
    json_extract_string(response_elements, '$.fleetAttributes.fleetArn'), json_extract_string(request_parameters, '$.instanceNames[0]'),
      json_extract_string(request_parameters, '$.bucketName'),
    json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.serviceName'),
      json_extract_string(request_parameters, '$.appId'),
    event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE WHEN outcome = 'success' THEN 'Hosting was set up by ' ELSE 'Hosting was tried, in vain, by ' END || split_part(event_source, '.', 1)
    || ':' || event_name
    || ' in ' || coalesce(aws_region, 'an unknown region') AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'low' ELSE 'medium' END AS severity,
  event_name AS call,
  json_extract_string(request_parameters, '$.bundleId') AS size
FROM scope_events
WHERE coalesce(event_source, '') IN ('lightsail.amazonaws.com', 'gamelift.amazonaws.com', 'amplify.amazonaws.com', 'apprunner.amazonaws.com',
    'mediapackagev2.amazonaws.com')
  AND coalesce(event_name, '') IN ('CreateInstances', 'CreateInstancesFromSnapshot', 'CreateContainerService', 'CreateContainerServiceDeployment',
    'CreateRelationalDatabase', 'CreateBucket', 'CreateBucketAccessKey', 'CreateFleet', 'CreateContainerFleet', 'CreateGameServerGroup', 'CreateApp',
    'CreateBranch', 'CreateDeployment', 'StartDeployment', 'CreateService', 'CreateChannel')
ORDER BY event_time, event_id
