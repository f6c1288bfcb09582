-- title: Containers, clusters or batch jobs started
-- severity: low
-- category: impact
-- attack: {v18: [T1496.001, T1610], v19: [T1496.001, T1610]}
-- covers: [A3.11]
-- why: Containers and batch jobs rent processors without ever launching an instance of one's own, so limits and alarms on EC2 do not see them.
-- misses: What the container ran; pods that a cluster starts inside itself leave no event here.
-- params:
--   cpu_units: {type: integer, default: 8192, about: "CPU units (1024 to a processor) asked for by one task from which it is high."}
WITH started AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    aws_region,
    recipient_account_id,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    try_cast(coalesce(json_extract_string(request_parameters, '$.cpu'), json_extract_string(request_parameters, '$.overrides.cpu')) AS BIGINT) AS cpu,
    json_extract_string(request_parameters, '$.overrides.containerOverrides[0].command') IS NOT NULL AS overridden,
    json_extract_string(request_parameters, '$.containerDefinitions[0].image') AS image,
    coalesce(json_extract_string(request_parameters, '$.taskDefinition'), json_extract_string(request_parameters, '$.family'),
      json_extract_string(request_parameters, '$.clusterName'),
      json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.computeEnvironmentName'),
        json_extract_string(request_parameters, '$.jobName')) AS name
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ecs.amazonaws.com', 'eks.amazonaws.com', 'batch.amazonaws.com')
    AND coalesce(event_name, '') IN ('CreateCluster', 'CreateService', 'RunTask', 'StartTask', 'RegisterTaskDefinition', 'CreateNodegroup',
      'CreateFargateProfile', 'CreateComputeEnvironment', 'SubmitJob')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  split_part(event_source, '.', 1) || ':' || event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of '
    || coalesce(recipient_account_id, 'an unknown account')
    || ' by ' || principal AS subject,
  split_part(event_source, '.', 1) || ':' || event_name || ' was called in ' || coalesce(aws_region, 'an unknown region')
    || CASE WHEN outcome = 'success' THEN '' ELSE ' without success' END
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' time' ELSE ' times' END || coalesce(', for ' || min(name), '')
    || CASE WHEN bool_or(overridden) THEN ', with a command of the caller''s own' ELSE '' END
    || CASE WHEN max(cpu) >= $cpu_units::BIGINT THEN ', asking for ' || CAST(max(cpu) / 1024 AS BIGINT) || ' processors' ELSE '' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN max(cpu) >= $cpu_units::BIGINT THEN 'high'
    WHEN event_name IN ('CreateCluster', 'CreateComputeEnvironment', 'CreateNodegroup', 'CreateFargateProfile') OR bool_or(overridden) THEN 'medium'
    ELSE 'low'
  END AS severity,
  min(image) AS image,
  max(cpu) AS cpu_units
FROM started
GROUP BY event_source, event_name, aws_region, recipient_account_id, principal, outcome = 'success'
ORDER BY min(event_time), event_source, event_name, aws_region, recipient_account_id, principal, summary
