-- title: Container image pushed
-- severity: low
-- category: persistence
-- attack: {v18: [T1525], v19: [T1525]}
-- covers: [A3.11]
-- why: Whoever pushes an image decides what the next deployment runs.
-- misses: What the image holds; registries outside AWS. A CI key pushes by profession, so a push alone says little.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'repository ' || coalesce(json_extract_string(request_parameters, '$.repositoryName'), '(unnamed)') || ' in '
    || coalesce(aws_region, 'an unknown region')
    || ' of ' || coalesce(recipient_account_id, 'an unknown account') || ' by ' || coalesce(session_issuer_arn, identity_arn, account_id,
      'an unknown caller') AS subject,
  'Repository ' || coalesce(json_extract_string(request_parameters, '$.repositoryName'), '(unnamed)')
    || CASE WHEN NOT bool_or(outcome = 'success') THEN ' was to be created or to receive an image' ELSE '' END
    || CASE WHEN bool_or(event_name = 'CreateRepository' AND outcome = 'success') THEN ' was created' ELSE '' END
    || CASE WHEN bool_or(event_name = 'CreateRepository' AND outcome = 'success') AND bool_or(event_name = 'PutImage' AND outcome = 'success') THEN ' and' ELSE '' END
    || CASE sum(CASE WHEN event_name = 'PutImage' AND outcome = 'success' THEN 1 ELSE 0 END) WHEN 0 THEN '' WHEN 1 THEN ' received 1 pushed image'
      ELSE ' received ' || sum(CASE WHEN event_name = 'PutImage' AND outcome = 'success' THEN 1 ELSE 0 END) || ' pushed images' END
    || CASE sum(CASE WHEN outcome = 'success' THEN 0 ELSE 1 END) WHEN 0 THEN '' WHEN 1 THEN '; 1 call failed'
      ELSE '; ' || sum(CASE WHEN outcome = 'success' THEN 0 ELSE 1 END) || ' calls failed' END AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'info' ELSE 'low' END AS severity,
  array_agg(DISTINCT json_extract_string(response_elements, '$.image.imageId.imageDigest') ORDER BY json_extract_string(response_elements, '$.image.imageId.imageDigest')) AS digests
FROM scope_events
WHERE event_source = 'ecr.amazonaws.com' AND coalesce(event_name, '') IN ('CreateRepository', 'PutImage')
GROUP BY json_extract_string(request_parameters, '$.repositoryName'), aws_region, recipient_account_id,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller')
ORDER BY min(event_time), subject
