-- title: Objects read from a bucket
-- severity: low
-- category: collection
-- attack: {v18: [T1530], v19: [T1530]}
-- covers: [A4.01]
-- why: Object by object is how most data leaves; how much was taken is the first thing a lawyer asks.
-- misses: Without a seed, reads below these numbers. Reads happen unseen where data events are not recorded; bytes are what S3 sent, a resumed download counts twice.
-- params:
--   objects: {type: integer, default: 100, about: "Objects read by one principal from one bucket from which it is medium."}
--   megabytes: {type: integer, default: 100, about: "Megabytes read by one principal from one bucket from which it is medium."}
WITH reads AS (
  SELECT
    principal,
    bucket,
    array_agg(event_id ORDER BY event_id) AS event_ids,
    sum(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END) AS downloads,
    count(DISTINCT CASE WHEN outcome = 'success' THEN key END) AS objects,
    sum(CASE WHEN outcome <> 'success' THEN 1 ELSE 0 END) AS failed,
    sum(CASE WHEN outcome = 'success' AND bytes_out > 0 THEN bytes_out ELSE 0 END) AS bytes,
    sum(CASE WHEN presigned THEN 1 ELSE 0 END) AS presigned,
    bool_and(invoked_by IS NOT NULL) AS by_service,
    bool_or(hop IS NOT NULL) AS suspected,
    min(event_time) AS first_read
  FROM object_access
  WHERE coalesce(event_name, '') IN ('GetObject', 'SelectObjectContent', 'GetObjectTorrent')
    AND coalesce(account_id, '') NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
  GROUP BY principal, bucket
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal,
    json_extract_string(request_parameters, '$.bucketName') AS bucket
  FROM baseline_events
  WHERE event_source = 's3.amazonaws.com' AND event_name = 'GetObject'
)
SELECT
  r.event_ids,
  'bucket ' || coalesce(r.bucket, '(unnamed)') || ' by ' || r.principal AS subject,
  CASE WHEN r.downloads > 0 THEN 'Objects were read from bucket ' ELSE 'Objects were to be read from bucket ' END || coalesce(r.bucket, '(unnamed)')
    || CASE WHEN r.downloads = 0 THEN '' ELSE ': ' || r.objects || CASE WHEN r.objects = 1 THEN ' object in ' ELSE ' objects in ' END
      || r.downloads || CASE WHEN r.downloads = 1 THEN ' download' ELSE ' downloads' END
      || CASE WHEN r.bytes = 0 THEN '' WHEN r.bytes < 100000 THEN ', ' || CAST(r.bytes AS VARCHAR) || CASE WHEN r.bytes = 1 THEN ' byte' ELSE ' bytes' END
        ELSE ', ' || CAST(round(r.bytes / 1000000.0, 1) AS VARCHAR) || ' MB' END END
    || CASE WHEN r.failed = 0 THEN '' ELSE CASE WHEN r.downloads = 0 THEN ': ' ELSE '; ' END || r.failed
      || CASE WHEN r.failed = 1 THEN ' try failed' ELSE ' tries failed' END END
    || CASE WHEN k.bucket IS NOT NULL THEN '; the same principal read there before the window' ELSE '' END AS summary,
  CASE
    WHEN r.by_service THEN 'info'
    WHEN r.objects >= $objects::INTEGER OR r.bytes >= $megabytes::BIGINT * 1000000 THEN CASE WHEN k.bucket IS NOT NULL THEN 'low' ELSE 'medium' END
    WHEN k.bucket IS NOT NULL THEN 'info'
    ELSE 'low'
  END AS severity,
  r.objects,
  r.bytes,
  r.presigned
FROM reads AS r
LEFT JOIN known AS k ON k.principal = r.principal AND k.bucket = r.bucket
-- Without a seed nobody is suspected: then volume alone is told.
WHERE r.suspected OR r.objects >= $objects::INTEGER OR r.bytes >= $megabytes::BIGINT * 1000000
ORDER BY r.first_read, r.bucket, r.principal
