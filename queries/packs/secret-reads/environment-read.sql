-- title: Environment variables exposed
-- severity: low
-- category: credential-access
-- attack: {v18: [T1552], v19: [T1552]}
-- covers: [A5.05]
-- why: The settings of functions, tasks and builds hold passwords in clear text, and these calls return them; the answer is never logged.
-- misses: Whether the settings held anything secret; code downloaded with GetFunction counts here too.
-- params:
--   things: {type: integer, default: 10, about: "Different functions, tasks or projects from which it is medium."}
WITH asked AS (
  SELECT
    event_id,
    event_time,
    split_part(event_source, '.', 1) AS service,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    hop,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.functionName'), json_extract_string(request_parameters, '$.taskDefinition'),
        -- A list, as words.
        regexp_replace(replace(json_extract_string(request_parameters, '$.names'), '","', ', '), '^\["|"\]$', '', 'g'),
      json_extract_string(request_parameters, '$.serviceArn'), json_extract_string(request_parameters, '$.environmentName'),
        json_extract_string(request_parameters, '$.applicationName'),
      json_extract_string(request_parameters, '$.appId')) AS thing
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('lambda.amazonaws.com', 'ecs.amazonaws.com', 'codebuild.amazonaws.com', 'apprunner.amazonaws.com',
    'elasticbeanstalk.amazonaws.com',
      'amplify.amazonaws.com')
    -- Lambda adds a version to the name of the call.
    AND coalesce(event_name LIKE 'GetFunction2%' OR event_name LIKE 'GetFunctionConfiguration%' OR event_name LIKE 'ListFunctions%'
      OR event_name IN ('GetFunction', 'DescribeTaskDefinition', 'BatchGetProjects', 'BatchGetBuilds', 'DescribeService',
        'DescribeConfigurationSettings', 'GetApp',
        'GetBranch', 'ListApps'), false)
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'settings of ' || service || ' by ' || principal AS subject,
  'Settings of ' || service || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END
    || ' read, environment variables among them: '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END || coalesce(CASE WHEN count(DISTINCT thing) = 1 THEN ', of ' ELSE ', for example of ' END || min(thing), '')
    || CASE WHEN count(DISTINCT thing) < 2 THEN '' ELSE '; ' || count(DISTINCT thing) || ' things in all' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(DISTINCT thing) >= $things::INTEGER AND bool_or(hop IS NOT NULL) THEN 'medium'
    ELSE 'low'
  END AS severity,
  array_agg(DISTINCT thing ORDER BY thing) AS things
FROM asked
GROUP BY service, principal, outcome = 'success'
ORDER BY min(event_time), service, principal, summary
