-- Edge "passed": a role handed to a service with the thing made or changed (state machine, stack, pipeline, job, schedule, …), to the sessions that
-- the service then opens with it. Strong where the same credential made the role too, so that nobody else's work runs with it; else weak: which of
-- the things that use the role acted, no event tells.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
INSERT INTO edges BY NAME
WITH entered AS (
  SELECT
    issued_access_key_id AS issued,
    event_time,
    invoked_by AS service,
    json_extract_string(request_parameters, '$.roleArn') AS role,
    json_extract_string(response_elements, '$.assumedRoleUser.arn') AS principal
  FROM events
  WHERE event_name = 'AssumeRole' AND identity_type = 'AWSService' AND outcome = 'success' AND issued_access_key_id IS NOT NULL
),
roles AS (
  SELECT DISTINCT role, service FROM entered WHERE role IS NOT NULL
),
passing AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    split_part(event_source, '.', 1) AS service,
    unnest(list_distinct(regexp_extract_all(request_parameters::VARCHAR, 'arn:aws[a-z-]*:iam::[0-9]{12}:role/[^"\\]+'))) AS role
  FROM events
  WHERE outcome = 'success' AND NOT coalesce(read_only, false) AND access_key_id IS NOT NULL AND invoked_by IS NULL
    AND event_source NOT IN ('iam.amazonaws.com', 'sts.amazonaws.com')
    AND regexp_matches(event_name, '^(Create|Update|Put|Start|Run|Register|Submit|Modify|Deploy|Send|Execute)')
    AND contains(request_parameters::VARCHAR, ':role/')
),
made AS (
  SELECT access_key_id AS issuer, event_time, json_extract_string(response_elements, '$.role.arn') AS role
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateRole' AND outcome = 'success' AND access_key_id IS NOT NULL
),
fitting AS (
  SELECT p.*, e.issued, e.principal, m.issuer IS NOT NULL AS own
  FROM passing AS p
  -- The service that opens the session is the one called, under a name that may be longer (ecs: ecs-tasks, batch: ecs-tasks of its jobs).
  JOIN roles AS r ON r.role = p.role AND (starts_with(r.service, p.service) OR (p.service = 'batch' AND starts_with(r.service, 'ecs-tasks')))
  JOIN entered AS e ON e.role = r.role AND e.service = r.service AND e.event_time >= p.event_time
  LEFT JOIN made AS m ON m.role = p.role AND m.issuer = p.issuer AND m.event_time <= p.event_time
)
SELECT issuer, issued, 'passed' AS edge, CASE WHEN own THEN 'strong' ELSE 'weak' END AS confidence, event_id, event_time, event_name, principal
FROM fitting
WHERE issued NOT IN (SELECT issued FROM edges WHERE edge IN ('host', 'code') AND confidence = 'strong') AND issuer <> issued
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY confidence, event_time DESC, event_id) = 1;
