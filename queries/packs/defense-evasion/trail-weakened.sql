-- title: Trail changed to record less or elsewhere
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.01]
-- why: A trail that drops regions, global services or its checksums, or writes to another bucket, goes blind without stopping.
-- misses: A change to a value that was there before (the console sends them all) where the call does not show what was before.
WITH updates AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(nullif(regexp_extract(json_extract_string(request_parameters, '$.name'), '([^/]+)$', 1), ''), '(unnamed)') AS trail,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    json_extract_string(request_parameters, '$.isMultiRegionTrail') AS all_regions,
    json_extract_string(request_parameters, '$.includeGlobalServiceEvents') AS global_services,
    json_extract_string(request_parameters, '$.isOrganizationTrail') AS all_accounts,
    json_extract_string(request_parameters, '$.enableLogFileValidation') AS checksums,
    json_extract_string(request_parameters, '$.s3BucketName') AS bucket,
    json_extract_string(request_parameters, '$.cloudWatchLogsLogGroupArn') AS log_group,
    nullif(regexp_extract(json_extract_string(request_parameters, '$.kmsKeyId'), ':kms:[a-z0-9-]+:([0-9]{12}):', 1), '') AS key_account
  FROM scope_events
  WHERE event_source = 'cloudtrail.amazonaws.com' AND event_name = 'UpdateTrail'
),
judged AS (
  SELECT
    u.event_id,
    u.event_time,
    u.outcome,
    u.invoked_by,
    u.trail,
    u.place,
    CASE WHEN u.all_regions = 'false' THEN '; one region only' ELSE '' END
      || CASE WHEN u.global_services = 'false' THEN '; no global services' ELSE '' END
      || CASE WHEN u.all_accounts = 'false' THEN '; one account only' ELSE '' END
      || CASE WHEN u.checksums = 'false' THEN '; no checksums' ELSE '' END
      || CASE WHEN u.log_group = '' THEN '; nothing to CloudWatch Logs' ELSE '' END
      || CASE WHEN u.key_account NOT IN (SELECT account_id FROM own_accounts) THEN '; encrypted with a key of the unknown account ' || u.key_account ELSE '' END
      -- CloudTrail had not written to the bucket before this call, as far as the evidence tells.
      || CASE WHEN u.bucket IS NOT NULL AND b.bucket IS NULL THEN '; to the bucket ' || u.bucket ELSE '' END AS changes
  FROM updates AS u
  LEFT JOIN log_buckets AS b ON b.bucket = u.bucket AND b.first_seen < u.event_time
)
SELECT
  event_id,
  'trail ' || trail || ' in ' || place AS subject,
  CASE WHEN outcome = 'success' THEN 'The trail ' || trail || ' was changed: ' ELSE 'Attempt to change the trail ' || trail || ': ' END || substr(changes, 3) AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity
FROM judged
WHERE changes <> ''
ORDER BY outcome <> 'success', event_time, event_id
