-- title: Machines, functions, clusters or queues destroyed in numbers
-- severity: medium
-- category: impact
-- attack: {v18: [T1485, T1489], v19: [T1485, T1489]}
-- covers: [A10.07]
-- why: What runs the business is stopped or deleted to do harm, or to cover up; numbers tell it from daily work.
-- misses: A single deletion, unless by a credential in scope; what auto scaling and pipelines do through services.
-- params:
--   many: {type: integer, default: 5, about: "Things one principal stopped or deleted within the hour from which it is medium, and high from four times as many."}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    hop,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    date_trunc('hour', event_time) AS hour,
    greatest(1, coalesce(json_array_length(json_extract(request_parameters, '$.instancesSet.items')), 1)) AS things,
    coalesce(json_extract_string(request_parameters, '$.functionName'), json_extract_string(request_parameters, '$.name'),
      json_extract_string(request_parameters, '$.queueUrl'), json_extract_string(request_parameters, '$.volumeId'),
      json_extract_string(request_parameters, '$.instancesSet.items[0].instanceId'), json_extract_string(request_parameters, '$.cluster'),
      json_extract_string(request_parameters, '$.stackName'), '(unnamed)') AS thing
  FROM scope_events
  WHERE invoked_by IS NULL AND coalesce(identity_type, '') <> 'AWSService'
    AND coalesce(event_source, '') IN ('ec2.amazonaws.com', 'lambda.amazonaws.com', 'eks.amazonaws.com', 'ecs.amazonaws.com', 'sqs.amazonaws.com', 'cloudformation.amazonaws.com')
    -- Lambda adds a version to the name of the call.
    AND coalesce(event_name IN ('TerminateInstances', 'DeleteVolume', 'StopInstances', 'DeleteFunction', 'DeleteCluster', 'DeleteService', 'PurgeQueue',
      'DeleteQueue', 'DeleteStack') OR event_name LIKE 'DeleteFunction2%', false)
),
hours AS (
  SELECT principal, event_name, hour, sum(CASE WHEN outcome = 'success' THEN things ELSE 0 END) AS things
  FROM calls
  GROUP BY principal, event_name, hour
),
peaks AS (
  SELECT principal, event_name, max(things) AS peak FROM hours GROUP BY principal, event_name
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.event_name || ' by ' || c.principal AS subject,
  c.event_name || CASE WHEN bool_or(c.outcome = 'success') THEN ' took ' ELSE ' was tried on ' END || sum(c.things)
    || CASE WHEN sum(c.things) = 1 THEN ' thing: ' ELSE ' things: ' END || clipped(string_agg(DISTINCT c.thing, ', ' ORDER BY c.thing), 200) AS summary,
  CASE WHEN max(p.peak) >= 4 * $many::INTEGER THEN 'high' WHEN max(p.peak) >= $many::INTEGER OR c.event_name = 'DeleteCluster' THEN 'medium' ELSE 'low' END AS severity,
  max(p.peak) AS most_in_an_hour
FROM calls AS c
JOIN peaks AS p ON p.principal = c.principal AND p.event_name = c.event_name
WHERE p.peak >= $many::INTEGER OR c.hop IS NOT NULL OR c.event_name = 'DeleteCluster'
GROUP BY c.event_name, c.principal
ORDER BY min(c.event_time), c.event_name, c.principal
