-- title: Own code run by a service under its role
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1548.005, T1059], v19: [T1548.005, T1059]}
-- covers: [A2.11, A2.14, A2.15, A2.17, A2.18, A2.19, A9.08]
-- why: Builds, notebooks, pipelines and agents run what the caller brings, with the rights of a role the caller may not have.
-- misses: What the code does; roles handed over in the call itself are another rule's (role-handed-to-service).
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.projectName'), json_extract_string(request_parameters, '$.notebookInstanceName'),
      json_extract_string(request_parameters, '$.notebookInstanceLifecycleConfigName'), json_extract_string(request_parameters, '$.domainId'),
      json_extract_string(request_parameters, '$.endpointName'), json_extract_string(request_parameters, '$.pipelineId'),
      json_extract_string(request_parameters, '$.codeInterpreterIdentifier'), json_extract_string(request_parameters, '$.agentId'),
      json_extract_string(request_parameters, '$.functionName'), json_extract_string(request_parameters, '$.name'), '(unnamed)')
      || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS thing,
    CASE
      WHEN event_name = 'StartBuild' THEN CASE
        WHEN json_extract_string(request_parameters, '$.buildspecOverride') IS NOT NULL THEN 'run other commands in the build project'
        WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"(source(Type|Location)Override|imageOverride|serviceRoleOverride|environmentVariablesOverride)"') THEN 'run the build project with other inputs' END
      WHEN event_name LIKE 'CreatePresigned%' THEN 'open by a signed address'
      WHEN event_name LIKE '%LifecycleConfig' THEN 'set a start-up script for notebooks:'
      WHEN event_name LIKE '%DevEndpoint' THEN CASE
        WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"(add|public)[A-Za-z]*[kK]eys?"') THEN 'put an SSH key on the development endpoint' END
      WHEN event_name LIKE 'CreateEventSourceMapping%' THEN 'feed events to the function'
      WHEN event_name LIKE '%PipelineDefinition' THEN 'define the data pipeline'
      WHEN event_name = 'ActivatePipeline' THEN 'run the data pipeline'
      WHEN event_name = 'InvokeCodeInterpreter' THEN 'run code in the interpreter'
      ELSE 'give an action to the agent'
    END AS act
  FROM scope_events
  WHERE (event_source = 'codebuild.amazonaws.com' AND event_name = 'StartBuild')
    OR (event_source = 'sagemaker.amazonaws.com' AND coalesce(event_name, '') IN ('CreatePresignedNotebookInstanceUrl', 'CreatePresignedDomainUrl',
      'CreateNotebookInstanceLifecycleConfig', 'UpdateNotebookInstanceLifecycleConfig'))
    OR (event_source = 'glue.amazonaws.com' AND coalesce(event_name, '') IN ('CreateDevEndpoint', 'UpdateDevEndpoint'))
    OR (event_source = 'lambda.amazonaws.com' AND event_name LIKE 'CreateEventSourceMapping%')
    OR (event_source = 'datapipeline.amazonaws.com' AND coalesce(event_name, '') IN ('PutPipelineDefinition', 'ActivatePipeline'))
    OR (coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'bedrock-agentcore.amazonaws.com') AND coalesce(event_name, '') IN ('InvokeCodeInterpreter', 'CreateAgentActionGroup', 'UpdateAgentActionGroup'))
)
SELECT
  event_id,
  thing AS subject,
  CASE WHEN outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || act || ' ' || thing AS summary,
  CASE WHEN invoked_by IS NOT NULL OR event_name LIKE 'CreateEventSourceMapping%' THEN 'low' ELSE 'medium' END AS severity,
  event_name AS call
FROM calls
WHERE act IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
