-- title: Objects written to a foreign bucket or under a foreign key
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1537], v19: [T1537]}
-- covers: [A4.02]
-- why: A copy inside S3 moves data into the thief's account without ever passing a network the victim watches.
-- misses: Copies happen unseen where data events are not recorded; a bucket counts as foreign only where S3 names an owner whose trail is not in the evidence.
WITH written AS (
  SELECT
    event_id,
    event_time,
    principal,
    bucket,
    bucket_owner,
    outcome,
    json_extract_string(request_parameters, '$."x-amz-copy-source"') AS source,
    split_part(json_extract_string(request_parameters, '$."x-amz-server-side-encryption-aws-kms-key-id"'), ':', 5) AS key_owner
  FROM object_access
  WHERE coalesce(event_name, '') IN ('CopyObject', 'UploadPartCopy', 'PutObject', 'CreateMultipartUpload') AND invoked_by IS NULL
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'bucket ' || coalesce(bucket, '(unnamed)') || ' by ' || principal AS subject,
  CASE WHEN outcome = 'success' THEN 'Objects were written to bucket ' ELSE 'Objects were to be written to bucket ' END
    || coalesce(bucket, '(unnamed)')
    || CASE WHEN bucket_owner IS NOT NULL AND bucket_owner NOT IN (SELECT account_id FROM own_accounts) THEN ' of foreign account '
      || bucket_owner ELSE ' under a key of foreign account ' || max(key_owner) END
    || ': ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END || coalesce(', copied from ' || min(source), '') AS summary,
  bucket_owner,
  max(nullif(key_owner, '')) AS key_owner,
  min(source) AS first_source
FROM written
WHERE bucket_owner NOT IN (SELECT account_id FROM own_accounts)
  OR (key_owner <> '' AND key_owner NOT IN (SELECT account_id FROM own_accounts))
GROUP BY principal, bucket, bucket_owner, outcome = 'success'
ORDER BY min(event_time), bucket, bucket_owner, principal, summary
