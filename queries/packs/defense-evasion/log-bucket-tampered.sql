-- title: Bucket that holds the logs changed, emptied or deleted
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008, T1070], v19: [T1685.002, T1070]}
-- covers: [A8.03]
-- why: Logs can be made to vanish after the fact by expiring, overwriting or deleting them where they lie.
-- misses: Log buckets in another account, and buckets that nothing in the evidence shows to be written by a trail.
-- params: {days: {type: integer, default: 90, about: Logs that expire within so many days count as made to vanish.}}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    json_extract_string(request_parameters, '$.bucketName') AS bucket,
    coalesce(CAST(request_parameters AS VARCHAR), '') AS request
  FROM scope_events
  WHERE event_source = 's3.amazonaws.com'
    AND coalesce(event_name, '') IN ('PutBucketLifecycle', 'PutBucketPolicy', 'DeleteBucketPolicy', 'DeleteBucket', 'PutBucketLogging', 'PutBucketVersioning', 'DeleteObject', 'DeleteObjects')
    AND coalesce(identity_type, '') <> 'AWSService'
),
judged AS (
  SELECT
    c.event_id,
    c.event_time,
    c.event_name,
    c.outcome,
    c.invoked_by,
    c.bucket,
    CASE
      WHEN c.event_name = 'PutBucketLogging' THEN CASE WHEN NOT contains(c.request, 'LoggingEnabled') THEN 'no longer log access to' END
      WHEN b.bucket IS NULL THEN NULL
      WHEN c.event_name = 'PutBucketLifecycle' THEN CASE
        WHEN c.event_id IN (SELECT event_id FROM bucket_expiries WHERE days <= $days::INTEGER) THEN 'shorten the life of the logs in' END
      WHEN c.event_name = 'PutBucketPolicy' THEN CASE WHEN contains(c.request, '"Deny"') OR NOT contains(c.request, 'cloudtrail.amazonaws.com') THEN 'shut CloudTrail out of' END
      WHEN c.event_name = 'PutBucketVersioning' THEN CASE WHEN contains(c.request, 'Suspended') THEN 'keep no versions in' END
      WHEN c.event_name = 'DeleteBucketPolicy' THEN 'remove the policy of'
      WHEN c.event_name = 'DeleteBucket' THEN 'delete'
      ELSE 'delete objects in'
    END AS act
  FROM calls AS c
  LEFT JOIN log_buckets AS b ON b.bucket = c.bucket
)
SELECT
  event_id,
  'bucket ' || bucket AS subject,
  CASE WHEN outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || act || ' the bucket ' || bucket
    || CASE event_name WHEN 'PutBucketLogging' THEN '' ELSE ', where a trail writes' END AS summary,
  CASE WHEN event_name = 'PutBucketLogging' OR invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity,
  event_name AS call
FROM judged
WHERE act IS NOT NULL AND bucket IS NOT NULL
ORDER BY CASE event_name WHEN 'PutBucketLifecycle' THEN 0 WHEN 'DeleteBucket' THEN 1 ELSE 2 END, outcome <> 'success', event_time, event_id
