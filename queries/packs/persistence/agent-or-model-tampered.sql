-- title: Agent or model made, changed or brought in
-- severity: medium
-- category: persistence
-- attack: {v18: [T1505, T1525], v19: [T1505, T1525]}
-- covers: [A9.10]
-- why: An agent that others talk to, or a model of a stranger that they call, answers and acts for whoever changed it.
-- misses: What the agent was told, which CloudTrail leaves out.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.agentName'), json_extract_string(request_parameters, '$.agentId'),
      json_extract_string(request_parameters, '$.importedModelName'), json_extract_string(request_parameters, '$.modelDeploymentName'),
      json_extract_string(request_parameters, '$.modelName'), json_extract_string(request_parameters, '$.name'), '(unnamed)') AS name,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(json_extract_string(request_parameters, '$.modelDataSource.s3DataSource.s3Uri'), json_extract_string(request_parameters, '$.agentResourceRoleArn')) AS rests_on
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'bedrock-agent.amazonaws.com', 'bedrock-agentcore.amazonaws.com')
    AND coalesce(event_name, '') IN ('CreateAgent', 'UpdateAgent', 'AssociateAgentKnowledgeBase', 'UpdateAgentKnowledgeBase', 'CreateAgentActionGroup',
      'UpdateAgentActionGroup', 'CreateModelImportJob', 'CreateCustomModel', 'CreateCustomModelDeployment', 'CreateAgentRuntime', 'UpdateAgentRuntime')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'agent or model ' || name || ' in ' || place AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'The agent or model ' ELSE 'Attempt on the agent or model ' END || name || ' in ' || place
    || CASE WHEN bool_or(event_name LIKE 'Update%' OR event_name LIKE 'Associate%') THEN ' was changed: ' ELSE ' was made or brought in: ' END
    || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'low' ELSE 'medium' END AS severity,
  min(rests_on) AS rests_on
FROM calls
GROUP BY name, place
ORDER BY min(event_time), name, place
