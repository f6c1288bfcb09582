-- Edge "host", by way of a service: a group, fleet, cluster or stack made or changed, to the sessions of the machines that AWS launches for it.
-- The launch by the service names it in a tag that only AWS may write (aws:…). Strong where the maker is the one credential, weak where it was changed.
-- https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
INSERT INTO edges BY NAME
WITH grouping_calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    recipient_account_id AS account_id,
    aws_region,
    regexp_matches(event_name, '^(Create|Request|Run)') AS made,
    unnest(list_filter([
      json_extract_string(request_parameters, '$.autoScalingGroupName'),
      json_extract_string(response_elements, '$.CreateFleetResponse.fleetId'),
      json_extract_string(response_elements, '$.fleetId'),
      json_extract_string(response_elements, '$.spotFleetRequestId'),
      json_extract_string(request_parameters, '$.spotFleetRequestId'),
      json_extract_string(request_parameters, '$.ModifyFleetRequest.FleetId'),
      json_extract_string(response_elements, '$.jobFlowId'),
      json_extract_string(response_elements, '$.stackId'),
      json_extract_string(request_parameters, '$.nodegroupName'),
      CASE WHEN event_source = 'batch.amazonaws.com' THEN json_extract_string(request_parameters, '$.computeEnvironmentName') END
    ], lambda name : name IS NOT NULL)) AS name
  FROM events
  WHERE outcome = 'success' AND access_key_id IS NOT NULL
    AND event_name IN ('CreateAutoScalingGroup', 'UpdateAutoScalingGroup', 'SetDesiredCapacity', 'CreateFleet', 'ModifyFleet', 'RequestSpotFleet',
      'ModifySpotFleetRequest', 'RunJobFlow', 'CreateComputeEnvironment', 'CreateStack', 'UpdateStack', 'CreateNodegroup', 'UpdateNodegroupConfig')
),
launches AS (
  SELECT
    event_time,
    recipient_account_id AS account_id,
    aws_region,
    unnest(json_extract_string(response_elements, '$.instancesSet.items[*].instanceId')) AS machine,
    list_distinct(list_transform(
      list_filter(
        coalesce(json_extract(request_parameters, '$.tagSpecificationSet.items[*].tags[*]'), [])
        || coalesce(json_extract(response_elements, '$.instancesSet.items[*].tagSet.items[*]'), []),
        -- A group's name is easily another's tag: anyone may write tags but these.
        lambda tag : regexp_matches(json_extract_string(tag, '$.key'), '^(aws|eks):')),
      lambda tag : json_extract_string(tag, '$.value'))) AS tags
  FROM events
  WHERE event_name = 'RunInstances' AND outcome = 'success' AND invoked_by IS NOT NULL
    AND (contains(request_parameters::VARCHAR, '"aws:') OR contains(response_elements::VARCHAR, '"aws:') OR contains(request_parameters::VARCHAR, '"eks:'))
),
launched AS (
  SELECT g.*, l.machine
  FROM grouping_calls AS g
    -- Batch calls the groups of a compute environment by its name, and what makes them unique.
  JOIN (SELECT * EXCLUDE (tags), unnest(tags || list_transform(tags, lambda tag : regexp_extract(tag, '^(.+)-asg-[0-9a-f-]{36}$', 1))) AS name FROM launches) AS l
    ON l.name = g.name AND l.account_id = g.account_id AND l.aws_region = g.aws_region AND l.event_time >= g.event_time
)
SELECT
  l.issuer,
  s.credential AS issued,
  'host' AS edge,
  CASE WHEN l.made THEN 'strong' ELSE 'weak' END AS confidence,
  l.event_id,
  l.event_time,
  l.event_name,
  s.identity_arn AS principal
FROM launched AS l
JOIN signers AS s ON split_part(s.principal_id, ':', 2) = l.machine AND s.credential <> l.issuer
  AND s.credential NOT IN (SELECT issued FROM edges WHERE edge = 'key' AND issuer IS NOT NULL)
QUALIFY row_number() OVER (PARTITION BY l.issuer, s.credential ORDER BY confidence, l.event_time DESC, l.event_id) = 1;
