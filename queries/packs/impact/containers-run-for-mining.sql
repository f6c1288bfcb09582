-- title: Task or job defined and run at once
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.001, T1610], v19: [T1496.001, T1610]}
-- covers: [A10.09]
-- why: A task definition that is registered and run within minutes, from an image of a stranger or with many processors, is how containers mine.
-- misses: Definitions that were there before; what runs inside. Pipelines deploy the same way from own images, which is told as low.
-- params:
--   minutes: {type: integer, default: 15, about: "Longest time between definition and run."}
--   cpu_units: {type: integer, default: 4096, about: "CPU units (1024 to a processor) from which a run is high."}
WITH defined AS (
  SELECT
    event_id,
    event_time,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    json_extract_string(request_parameters, '$.family') AS family,
    coalesce(json_extract_string(request_parameters, '$.containerDefinitions[0].image'), json_extract_string(request_parameters, '$.containerProperties.image')) AS image,
    try_cast(coalesce(json_extract_string(request_parameters, '$.cpu'), json_extract_string(request_parameters, '$.containerDefinitions[0].cpu')) AS BIGINT) AS cpu,
    aws_region
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ecs.amazonaws.com', 'batch.amazonaws.com') AND coalesce(event_name, '') IN ('RegisterTaskDefinition', 'RegisterJobDefinition')
    AND outcome = 'success' AND invoked_by IS NULL AND event_time IS NOT NULL
),
run AS (
  SELECT event_id, event_time, event_name, coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, aws_region, outcome,
    coalesce(try_cast(json_extract_string(request_parameters, '$.desiredCount') AS INTEGER), try_cast(json_extract_string(request_parameters, '$.count') AS INTEGER), 1) AS wanted
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ecs.amazonaws.com', 'batch.amazonaws.com')
    AND coalesce(event_name, '') IN ('RunTask', 'CreateService', 'StartTask', 'SubmitJob') AND invoked_by IS NULL
),
pairs AS (
  SELECT d.principal, d.aws_region, d.event_id AS definition, r.event_id AS start, d.event_time, coalesce(d.family, '(unnamed)') AS family, d.image, d.cpu, r.outcome, r.wanted,
    regexp_extract(d.image, '^([0-9]{12})\.dkr\.ecr\.', 1) AS registry
  FROM defined AS d
  JOIN run AS r ON r.principal = d.principal AND r.aws_region = d.aws_region AND r.event_time BETWEEN d.event_time AND d.event_time + to_minutes($minutes::INTEGER)
),
ids AS (
  SELECT principal, aws_region, family, definition AS event_id, event_time FROM pairs UNION SELECT principal, aws_region, family, start, event_time FROM pairs
)
SELECT
  (SELECT array_agg(i.event_id ORDER BY i.event_time, i.event_id) FROM ids AS i WHERE i.principal = p.principal AND i.aws_region = p.aws_region AND i.family = p.family) AS event_ids,
  'containers ' || p.family || ' in ' || p.aws_region || ' by ' || p.principal AS subject,
  'The containers ' || p.family || ' were defined and ' || CASE WHEN bool_or(p.outcome = 'success') THEN 'run' ELSE 'to be run' END || ' within minutes'
    || coalesce(', from the image ' || min(p.image), '') || CASE WHEN max(p.wanted) > 1 THEN ', ' || max(p.wanted) || ' times' ELSE '' END AS summary,
  CASE
    WHEN max(p.cpu) >= $cpu_units::BIGINT OR max(p.wanted) >= 10 THEN 'high'
    WHEN bool_and(coalesce(p.registry, '') <> '' AND p.registry IN (SELECT account_id FROM own_accounts)) THEN 'low'
    ELSE 'medium'
  END AS severity
FROM pairs AS p
GROUP BY p.principal, p.aws_region, p.family
ORDER BY min(p.event_time), p.family, p.aws_region, p.principal
