-- title: Machine-learning or cluster computing started
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.001], v19: [T1496.001]}
-- covers: [A3.13]
-- why: Notebooks, training jobs and clusters rent the dearest machines AWS has, outside the limits set for EC2.
-- misses: What was computed; models called through Bedrock are another pack's.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.trainingJobArn'), json_extract_string(response_elements, '$.processingJobArn'),
    json_extract_string(response_elements, '$.endpointArn'), json_extract_string(response_elements, '$.endpointConfigArn'),
    json_extract_string(response_elements, '$.notebookInstanceArn'), json_extract_string(response_elements, '$.autoMLJobArn'),
    json_extract_string(response_elements, '$.jobFlowId'), json_extract_string(response_elements, '$.quantumTaskArn'),
    event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE WHEN outcome = 'success' THEN 'Rented computing was started by ' ELSE 'Rented computing was asked for, in vain, by ' END
    || split_part(event_source, '.', 1) || ':' || event_name || ' in ' || coalesce(aws_region, 'an unknown region')
    || coalesce(', on ' || nullif(regexp_extract(CAST(request_parameters AS VARCHAR),
      '"(ml\.)?[a-z]+[0-9][a-z0-9-]*\.[0-9]*(metal|nano|micro|small|medium|large|xlarge)"', 0), ''), '') AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"(ml\.)?(p|g|gr|trn|inf|dl)[0-9][a-z0-9-]*\.|\.([89]|[1-9][0-9])xlarge"')
      OR event_source = 'braket.amazonaws.com' THEN 'high'
    ELSE 'medium'
  END AS severity,
  event_name AS call
FROM scope_events
WHERE coalesce(event_source, '') IN ('sagemaker.amazonaws.com', 'elasticmapreduce.amazonaws.com', 'emr-serverless.amazonaws.com',
    'braket.amazonaws.com')
  AND coalesce(event_name, '') IN ('CreateEndpoint', 'CreateEndpointConfig', 'CreateTrainingJob', 'CreateProcessingJob', 'CreateTransformJob',
    'CreateHyperParameterTuningJob', 'CreateAutoMLJob', 'CreateAutoMLJobV2', 'CreateNotebookInstance', 'CreateCluster', 'RunJobFlow',
    'AddInstanceGroups', 'AddInstanceFleet', 'StartJobRun', 'CreateQuantumTask', 'CreateJob')
ORDER BY event_time, event_id
