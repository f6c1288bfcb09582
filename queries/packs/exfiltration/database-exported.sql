-- title: Database snapshot exported or copied
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1537, T1567.002], v19: [T1537, T1567.002]}
-- covers: [A4.13]
-- why: An export writes tables as files into a bucket; a copy under another key or region gets out of the reach of those who watch the original.
-- misses: Dumps taken through a connection to the database itself.
WITH moved AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      nullif(json_extract_string(request_parameters, '$.sourceArn'), ''), nullif(json_extract_string(request_parameters,
        '$.sourceDBSnapshotIdentifier'), ''),
      nullif(json_extract_string(request_parameters, '$.sourceDBClusterSnapshotIdentifier'), ''), 'unnamed database copy'
    ) AS source,
    json_extract_string(request_parameters, '$.s3BucketName') AS bucket,
    json_extract_string(request_parameters, '$.sourceRegion') AS source_region,
    split_part(json_extract_string(request_parameters, '$.kmsKeyId'), ':', 5) AS key_owner
  FROM scope_events
  WHERE event_source = 'rds.amazonaws.com' AND coalesce(event_name, '') IN ('StartExportTask', 'CopyDBSnapshot', 'CopyDBClusterSnapshot')
)
SELECT
  event_id,
  source AS subject,
  source || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN event_name = 'StartExportTask' THEN ' exported' ELSE ' copied' END
    || coalesce(' to bucket ' || bucket, '') || coalesce(' from region ' || source_region, '')
    || CASE WHEN key_owner <> '' AND key_owner NOT IN (SELECT account_id FROM own_accounts) THEN ' under a key of foreign account '
      || key_owner ELSE '' END AS summary,
  CASE
    WHEN key_owner <> '' AND key_owner NOT IN (SELECT account_id FROM own_accounts) THEN 'high'
    WHEN invoked_by IS NOT NULL THEN 'info'
    ELSE 'medium'
  END AS severity,
  bucket,
  source_region
FROM moved
ORDER BY event_time, event_id
