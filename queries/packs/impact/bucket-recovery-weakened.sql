-- title: Versions, copies or encryption of a bucket undone
-- severity: medium
-- category: impact
-- attack: {v18: [T1490, T1486], v19: [T1490, T1486]}
-- covers: [A10.02]
-- why: Without versions and replicas what is deleted stays deleted; a bucket encrypted with the key of a stranger can be read by nobody else.
-- misses: Lifecycles of more days than named below; keys of own accounts that the evidence does not hold are foreign too.
-- params:
--   days: {type: integer, default: 7, about: "Days after which a lifecycle deletes, up to which it counts as a wipe."}
WITH changes AS (
  SELECT
    s.event_id,
    s.event_time,
    s.event_name,
    s.outcome,
    s.invoked_by,
    coalesce(json_extract_string(s.request_parameters, '$.bucketName'), '(unnamed)') AS bucket,
    coalesce(json_extract_string(s.request_parameters, '$.VersioningConfiguration.Status'), '') = 'Suspended' AS suspended,
    coalesce(json_extract_string(s.request_parameters, '$.VersioningConfiguration.MfaDelete'), '') = 'Disabled' AS mfa_off,
    regexp_extract(CAST(s.request_parameters AS VARCHAR), 'arn:aws[a-z-]*:kms:[a-z0-9-]*:([0-9]{12}):', 1) AS key_account,
    e.days
  FROM scope_events AS s
  LEFT JOIN (SELECT event_id, min(days) AS days FROM bucket_expiries GROUP BY event_id) AS e ON e.event_id = s.event_id
  WHERE s.event_source = 's3.amazonaws.com'
    AND coalesce(s.event_name, '') IN ('PutBucketVersioning', 'PutBucketLifecycle', 'PutBucketEncryption', 'DeleteBucketEncryption',
      'DeleteBucketReplication')
),
told AS (
  SELECT
    event_id, event_time, event_name, outcome, invoked_by, bucket, mfa_off,
    CASE
      WHEN event_name = 'PutBucketVersioning' AND mfa_off THEN 'deletion without MFA was allowed'
      WHEN event_name = 'PutBucketVersioning' AND suspended THEN 'versions were suspended'
      WHEN event_name = 'PutBucketLifecycle' AND days <= $days::INTEGER THEN 'everything is deleted after ' || days || CASE WHEN days = 1 THEN ' day' ELSE ' days' END
      WHEN event_name = 'DeleteBucketReplication' THEN 'its copies to another bucket were stopped'
      WHEN event_name = 'DeleteBucketEncryption' THEN 'its encryption was reset to the default'
      WHEN event_name = 'PutBucketEncryption' AND key_account <> '' AND key_account NOT IN (SELECT account_id FROM own_accounts)
        THEN 'it is encrypted with a key of account ' || key_account
    END AS words
  FROM changes
)
SELECT
  event_id,
  'bucket ' || bucket AS subject,
  CASE WHEN outcome = 'success' THEN 'Of the bucket ' ELSE 'Attempt at the bucket ' END || bucket || ': ' || words AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN event_name = 'PutBucketEncryption' THEN 'critical'
    WHEN event_name = 'DeleteBucketEncryption' THEN 'low'
    WHEN mfa_off OR event_name = 'PutBucketLifecycle' THEN 'high'
    ELSE 'medium'
  END AS severity
FROM told
WHERE words IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
