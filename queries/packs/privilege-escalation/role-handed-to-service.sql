-- title: Role handed to a machine, function, job or stack
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1548.005, T1098.003], v19: [T1548.005, T1098.003]}
-- covers: [A2.09, A2.11, A2.13, A2.14, A2.15, A2.16, A2.17, A2.19]
-- why: PassRole leaves no event of its own; the call that uses it lends the caller all rights of the role.
-- misses: What the role may do and whether it was ever used so; stacks that make roles without one of their own are rated by their capability.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(
      json_extract_string(request_parameters, '$.iamInstanceProfile.name'), json_extract_string(request_parameters, '$.iamInstanceProfile.arn'),
      json_extract_string(request_parameters, '$.iamInstanceProfile'),
      json_extract_string(request_parameters, '$.launchSpecification.iamInstanceProfile.name'),
      json_extract_string(request_parameters, '$.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Name'),
      json_extract_string(request_parameters, '$.CreateLaunchTemplateRequest.LaunchTemplateData.IamInstanceProfile.Arn'),
      json_extract_string(request_parameters, '$.role'), json_extract_string(request_parameters, '$.roleArn'), json_extract_string(request_parameters, '$.roleARN'),
      json_extract_string(request_parameters, '$.serviceRole'), json_extract_string(request_parameters, '$.taskRoleArn'),
      json_extract_string(request_parameters, '$.overrides.taskRoleArn'), json_extract_string(request_parameters, '$.executionRoleArn'),
      json_extract_string(request_parameters, '$.agentResourceRoleArn'), json_extract_string(request_parameters, '$.administrationRoleARN'),
      CASE WHEN json_extract_string(request_parameters, '$.capabilities') LIKE '%CAPABILITY_%IAM%' THEN 'roles of its own making' END
    ) AS role
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ec2.amazonaws.com', 'autoscaling.amazonaws.com', 'lambda.amazonaws.com', 'cloudformation.amazonaws.com', 'glue.amazonaws.com',
      'sagemaker.amazonaws.com', 'ecs.amazonaws.com', 'codebuild.amazonaws.com', 'rds.amazonaws.com', 'bedrock.amazonaws.com', 'bedrock-agentcore.amazonaws.com',
      'states.amazonaws.com', 'datapipeline.amazonaws.com', 'codestar.amazonaws.com')
    AND (coalesce(event_name, '') IN ('RunInstances', 'RequestSpotInstances', 'CreateLaunchTemplate', 'CreateLaunchTemplateVersion', 'CreateLaunchConfiguration', 'CreateStack', 'UpdateStack',
      'CreateChangeSet', 'CreateStackSet', 'CreateStackInstances', 'CreateDevEndpoint', 'UpdateDevEndpoint', 'CreateJob', 'UpdateJob', 'CreateNotebookInstance',
      'UpdateNotebookInstance', 'CreateTrainingJob', 'CreateProcessingJob', 'RegisterTaskDefinition', 'RunTask', 'StartTask', 'CreateProject', 'UpdateProject',
      'CreateCodeInterpreter', 'CreateAgent', 'UpdateAgent', 'AddRoleToDBInstance', 'AddRoleToDBCluster', 'CreateStateMachine', 'CreatePipeline')
      OR (event_name LIKE 'CreateFunction%' AND event_name NOT LIKE 'CreateFunctionUrl%'))
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  role || CASE WHEN role LIKE 'arn:%' THEN '' ELSE ' in ' || account END AS subject,
  CASE WHEN role = 'roles of its own making' THEN CASE WHEN outcome = 'success' THEN 'A stack was allowed to make roles' ELSE 'Attempt to let a stack make roles' END
    ELSE CASE WHEN outcome = 'success' THEN 'The role or profile ' || role || ' was handed on' ELSE 'Attempt to hand on the role or profile ' || role END END
    || ' by ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'low' ELSE 'medium' END AS severity,
  count(*) AS calls
FROM calls
WHERE role IS NOT NULL
GROUP BY role, account, outcome = 'success'
ORDER BY min(event_time), role, account, summary
