-- title: Image, layer or build that others run was replaced
-- severity: medium
-- category: persistence
-- attack: {v18: [T1525], v19: [T1525]}
-- covers: [A9.07]
-- why: What is put in the place of a trusted image, layer or build is run by everyone who runs the original, with their rights.
-- misses: What the new image holds; that a tag was moved shows only where the push before it is in the evidence.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    hop,
    coalesce(json_extract_string(request_parameters, '$.repositoryName'), json_extract_string(request_parameters, '$.layerName'),
      json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.family'), '(unnamed)') AS name,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    json_extract_string(request_parameters, '$.imageTag') AS tag,
    coalesce(json_extract_string(request_parameters, '$.source.location'), json_extract_string(request_parameters, '$.source.buildspec')) AS source,
    regexp_extract(json_extract_string(request_parameters, '$.containerDefinitions[0].image'), '^([0-9]{12})[.]dkr[.]ecr[.]', 1) AS registry,
    json_extract_string(request_parameters, '$.containerDefinitions[0].image') AS image
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ecr.amazonaws.com', 'lambda.amazonaws.com', 'codebuild.amazonaws.com', 'ecs.amazonaws.com')
    AND regexp_matches(event_name, '^(PutImage|PublishLayerVersion[0-9v]*|UpdateProject|RegisterTaskDefinition)$')
),
pushers AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, event_name FROM baseline_events
  WHERE coalesce(event_source, '') IN ('ecr.amazonaws.com', 'lambda.amazonaws.com', 'codebuild.amazonaws.com', 'ecs.amazonaws.com')
),
earlier AS (
  SELECT json_extract_string(request_parameters, '$.repositoryName') AS name, json_extract_string(request_parameters, '$.imageTag') AS tag, min(event_time) AS first_pushed
  FROM events
  WHERE event_source = 'ecr.amazonaws.com' AND event_name = 'PutImage' AND outcome = 'success'
  GROUP BY json_extract_string(request_parameters, '$.repositoryName'), json_extract_string(request_parameters, '$.imageTag')
)
SELECT
  c.event_id,
  CASE c.event_name WHEN 'PutImage' THEN 'image ' WHEN 'UpdateProject' THEN 'build ' WHEN 'RegisterTaskDefinition' THEN 'task ' ELSE 'layer ' END || c.name || ' in ' || c.place AS subject,
  CASE WHEN c.outcome = 'success' THEN '' ELSE 'Attempt: ' END
    || CASE
      WHEN c.event_name = 'PutImage' AND e.first_pushed < c.event_time THEN 'Image pushed over one of the same tag in ' || c.name || ': ' || c.tag
      WHEN c.event_name = 'PutImage' THEN 'Image pushed to ' || c.name || coalesce(': ' || c.tag, '')
      WHEN c.event_name = 'UpdateProject' THEN 'Build ' || c.name || ' changed' || coalesce(': to ' || substr(c.source, 1, 120), '')
      WHEN c.event_name = 'RegisterTaskDefinition' THEN 'Task ' || c.name || ' defined anew' || coalesce(': from the image ' || c.image, '')
      ELSE 'Version of the layer ' || c.name || ' published' END AS summary,
  CASE
    WHEN c.invoked_by IS NOT NULL OR p.principal IS NOT NULL THEN 'low'
    WHEN c.hop IS NOT NULL OR c.event_name = 'UpdateProject' OR (c.registry <> '' AND c.registry NOT IN (SELECT account_id FROM own_accounts)) THEN 'medium'
    ELSE 'low'
  END AS severity
FROM calls AS c
LEFT JOIN pushers AS p ON p.principal = c.principal AND p.event_name = c.event_name
LEFT JOIN earlier AS e ON e.name = c.name AND e.tag = c.tag
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
