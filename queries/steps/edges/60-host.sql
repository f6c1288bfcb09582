-- Edge "host": a machine, task or build launched, entered or changed, to the sessions of its role, whose name is the machine's or task's id,
-- or the build's after 'AWSCodeBuild-'. Strong where scope launched it. On a machine that was there before, strong only where a key of it is used within the hour from
-- an address that the one who entered used too, and from none that the machine had used before; else weak: the machine's own work.
INSERT INTO edges BY NAME
WITH acts AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    source_ip_address,
    event_name IN ('RunInstances', 'RunTask', 'StartTask', 'StartBuild') AS launched,
    unnest(list_distinct(CASE event_name
      WHEN 'RunInstances' THEN json_extract_string(response_elements, '$.instancesSet.items[*].instanceId')
      -- Named one by one, or as targets; targets by tag name none.
      WHEN 'SendCommand' THEN coalesce(json_extract_string(request_parameters, '$.instanceIds[*]'), [])
        || flatten(list_transform(
          list_filter(
            coalesce(json_extract(request_parameters, '$.targets[*]'), []),
            lambda target : lower(json_extract_string(target, '$.key')) = 'instanceids'),
          lambda target : json_extract_string(target, '$.values[*]')))
      WHEN 'RunTask' THEN list_transform(json_extract_string(response_elements, '$.tasks[*].taskArn'), lambda arn : regexp_extract(arn, '([^/]+)$', 1))
      WHEN 'StartTask' THEN list_transform(json_extract_string(response_elements, '$.tasks[*].taskArn'), lambda arn : regexp_extract(arn, '([^/]+)$', 1))
      WHEN 'StartBuild' THEN ['AWSCodeBuild-' || regexp_extract(json_extract_string(response_elements, '$.build.id'), ':(.+)$', 1)]
      ELSE [coalesce(
        json_extract_string(request_parameters, '$.instanceId'),
        -- Of a task: ecs:cluster_task_container.
        nullif(regexp_extract(json_extract_string(request_parameters, '$.target'), '^ecs:.+_([0-9a-f]{32})_', 1), ''),
        json_extract_string(request_parameters, '$.target'),
        regexp_extract(json_extract_string(request_parameters, '$.task'), '([^/]+)$', 1),
        json_extract_string(request_parameters, '$.AssociateIamInstanceProfileRequest.InstanceId'))]
    END)) AS machine
  FROM events
  WHERE outcome = 'success' AND access_key_id IS NOT NULL
    AND event_name IN ('RunInstances', 'SendCommand', 'StartSession', 'ResumeSession', 'SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey',
      'RunTask', 'StartTask', 'StartBuild', 'ExecuteCommand', 'AssociateIamInstanceProfile', 'ModifyInstanceAttribute')
),
sessions AS (
  SELECT credential, identity_arn, first_seen, split_part(principal_id, ':', 2) AS machine
  FROM signers
  WHERE regexp_matches(principal_id, ':(m?i-[0-9A-Za-z]+|[0-9a-f]{32}|AWSCodeBuild-.+)$')
    -- Whoever takes a role may call the session as a machine is called.
    AND credential NOT IN (SELECT issued FROM edges WHERE edge = 'key' AND issuer IS NOT NULL)
),
fitting AS (
  SELECT a.*, s.credential AS issued, s.identity_arn AS principal, s.first_seen
  FROM acts AS a
  JOIN sessions AS s ON s.machine = a.machine AND s.credential <> a.issuer AND (a.launched OR s.first_seen >= a.event_time)
),
seen AS (
  SELECT DISTINCT access_key_id AS credential, source_ip_address
  FROM events
  WHERE source_kind IN ('public', 'private')
    AND access_key_id IN (
      SELECT issuer FROM fitting WHERE NOT launched
      UNION ALL
      SELECT credential FROM sessions WHERE machine IN (SELECT machine FROM fitting WHERE NOT launched))
),
carried AS (
  SELECT DISTINCT f.event_id, f.issued
  FROM fitting AS f
  JOIN seen AS key ON key.credential = f.issued
  JOIN seen AS actor ON actor.credential = f.issuer AND actor.source_ip_address = key.source_ip_address
  WHERE NOT f.launched AND f.first_seen <= f.event_time + INTERVAL 1 HOUR
    AND NOT EXISTS (
      FROM sessions AS before
      JOIN seen AS earlier ON earlier.credential = before.credential
      WHERE before.machine = f.machine AND before.first_seen < f.event_time AND earlier.source_ip_address = key.source_ip_address)
)
SELECT
  f.issuer,
  f.issued,
  'host' AS edge,
  CASE WHEN f.launched OR c.issued IS NOT NULL THEN 'strong' ELSE 'weak' END AS confidence,
  f.event_id,
  f.event_time,
  f.event_name,
  f.principal
FROM fitting AS f
LEFT JOIN carried AS c ON c.event_id = f.event_id AND c.issued = f.issued
QUALIFY row_number() OVER (PARTITION BY f.issuer, f.issued ORDER BY confidence, f.event_time, f.event_id) = 1;
