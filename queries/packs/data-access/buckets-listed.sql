-- title: Buckets and their contents listed
-- severity: low
-- category: discovery
-- attack: {v18: [T1619], v19: [T1619]}
-- covers: [A4.01]
-- why: A list of buckets and of what is in them is the shopping list before a theft of data.
-- misses: Lists of objects happen unseen where data events are not recorded; lists taken from an S3 inventory or from Athena.
-- params:
--   buckets: {type: integer, default: 20, about: "Different buckets looked into by one principal from which it is medium."}
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'buckets listed by ' || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE WHEN outcome = 'success' THEN 'Buckets were listed: ' ELSE 'Buckets were to be listed: ' END || count(*)
    || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || CASE WHEN bool_and(event_name = 'ListBuckets') THEN ' for the list of all buckets'
      WHEN bool_or(event_name = 'ListBuckets') THEN ', the list of all buckets among them' ELSE '' END
    || CASE count(DISTINCT json_extract_string(request_parameters, '$.bucketName')) WHEN 0 THEN '' WHEN 1 THEN '; 1 bucket looked into'
      ELSE '; ' || count(DISTINCT json_extract_string(request_parameters, '$.bucketName')) || ' buckets looked into' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(DISTINCT json_extract_string(request_parameters, '$.bucketName')) >= $buckets::INTEGER THEN 'medium'
    WHEN bool_or(event_name = 'ListBuckets') THEN 'low'
    ELSE 'info'
  END AS severity,
  count(DISTINCT json_extract_string(request_parameters, '$.bucketName')) AS buckets
FROM scope_events
WHERE event_source = 's3.amazonaws.com'
  AND coalesce(event_name, '') IN ('ListBuckets', 'ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'HeadBucket', 'ListDirectoryBuckets',
    'ListMultipartUploads')
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
