-- title: Systems Manager given a new machine or standing command
-- severity: medium
-- category: persistence
-- attack: {v18: [T1651], v19: [T1651]}
-- covers: [A9.04]
-- why: An activation enrols any machine, the thief's included, under a role; documents and associations run commands again and again.
-- misses: What a document contains. Commands sent once and sessions are other rules'.
WITH words AS (
  SELECT 'CreateActivation' AS event_name, 'make an activation for machines outside AWS' AS verb, 'An activation for machines outside AWS was made' AS done, 'high' AS severity UNION ALL
  SELECT 'RegisterManagedInstance', 'enrol a machine', 'A machine was enrolled', 'medium' UNION ALL
  SELECT 'CreateDocument', 'write a command document', 'A command document was written', 'low' UNION ALL
  SELECT 'UpdateDocument', 'change a command document', 'A command document was changed', 'medium' UNION ALL
  SELECT 'CreateAssociation', 'set up a standing command', 'A standing command was set up', 'medium' UNION ALL
  SELECT 'StartAutomationExecution', 'run an automation', 'An automation was run', 'medium'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      'activation ' || json_extract_string(response_elements, '$.activationId'),
      'machine ' || json_extract_string(response_elements, '$.instanceId'),
      'document ' || coalesce(json_extract_string(request_parameters, '$.documentName'), json_extract_string(request_parameters, '$.name')),
      'activation with the role ' || json_extract_string(request_parameters, '$.iamRole'),
      'unnamed in ' || coalesce(recipient_account_id, 'an unknown account')) AS thing,
    json_extract_string(request_parameters, '$.iamRole') AS role,
    json_extract_string(request_parameters, '$.documentType') AS document_type
  FROM scope_events
  WHERE event_source = 'ssm.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateActivation', 'RegisterManagedInstance', 'CreateDocument', 'UpdateDocument', 'CreateAssociation', 'StartAutomationExecution')
    -- AWS's own patching and inventory run as standing commands of a service.
    AND coalesce(identity_type, '') <> 'AWSService'
)
SELECT
  c.event_id,
  c.thing AS subject,
  CASE WHEN c.outcome = 'success' THEN w.done ELSE 'Attempt to ' || w.verb END || ': ' || c.thing || coalesce(', with the role ' || c.role, '') AS summary,
  CASE WHEN c.invoked_by IS NOT NULL THEN 'low' ELSE w.severity END AS severity,
  c.document_type,
  c.role
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
