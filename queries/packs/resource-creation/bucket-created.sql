-- title: Bucket created
-- severity: low
-- category: collection
-- attack: {v18: [T1074.002], v19: [T1074.002]}
-- covers: [A3.07]
-- why: A new bucket is where stolen data is gathered before it leaves; AWS itself forbids the call to keys it knows to be leaked.
-- misses: Buckets in the attacker's own account, which no log of ours shows.
SELECT
  event_id,
  'arn:aws:s3:::' || coalesce(json_extract_string(request_parameters, '$.bucketName'), '(unnamed)') AS subject,
  'Bucket ' || coalesce(json_extract_string(request_parameters, '$.bucketName'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || ' created in ' || coalesce(json_extract_string(request_parameters, '$.CreateBucketConfiguration.LocationConstraint'), aws_region,
      'an unknown region')
    || CASE WHEN json_extract_string(request_parameters, '$."x-amz-acl"') LIKE 'public%' THEN ', readable by anyone' ELSE '' END AS summary,
  CASE
    WHEN json_extract_string(request_parameters, '$."x-amz-acl"') LIKE 'public%' THEN 'high'
    WHEN invoked_by IS NOT NULL THEN 'info'
    ELSE 'low'
  END AS severity,
  json_extract_string(request_parameters, '$."x-amz-acl"') AS canned_acl
FROM scope_events
WHERE event_source = 's3.amazonaws.com' AND event_name = 'CreateBucket'
ORDER BY event_time, event_id
