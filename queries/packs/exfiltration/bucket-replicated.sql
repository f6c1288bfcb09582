-- title: Bucket set to copy or announce its objects elsewhere
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1537, T1020], v19: [T1537, T1020]}
-- covers: [A4.03]
-- why: Replication, batch copies and notifications carry every new object away by themselves, long after the credential is gone.
-- misses: Whom the destination bucket belongs to, unless the call names an account; replication set up before the window.
WITH set_up AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.bucketName'), 'batch jobs of '
      || coalesce(recipient_account_id, 'an unknown account')) AS bucket,
    regexp_extract(CAST(request_parameters AS VARCHAR), '"Account" ?: ?"([0-9]{12})"', 1) AS account,
    regexp_extract(CAST(request_parameters AS VARCHAR), '"(Bucket|targetResource|TargetResource)" ?: ?"(arn:[^"]{1,200})"', 2) AS destination
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('s3.amazonaws.com', 's3control.amazonaws.com')
    AND coalesce(event_name, '') IN ('PutBucketReplication', 'PutBucketNotification', 'CreateJob', 'JobCreated')
)
SELECT
  r.event_id,
  bucket AS subject,
  CASE event_name WHEN 'PutBucketReplication' THEN 'Bucket ' WHEN 'PutBucketNotification' THEN 'Bucket ' ELSE 'For ' END || bucket
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE event_name WHEN 'PutBucketReplication' THEN ' set to copy its objects' WHEN 'PutBucketNotification'
      THEN ' set to announce its objects' ELSE ' made a job over many objects' END
    || CASE WHEN destination <> '' THEN ' to ' || destination ELSE '' END
    || CASE WHEN account <> '' THEN ' in account ' || account ELSE '' END
    || CASE WHEN s.accounts <> account THEN ', and to account ' || s.accounts ELSE '' END AS summary,
  CASE
    WHEN s.accounts IS NOT NULL THEN 'high'
    WHEN event_name = 'PutBucketNotification' OR invoked_by IS NOT NULL THEN 'low'
    ELSE 'medium'
  END AS severity,
  coalesce(s.accounts, nullif(account, '')) AS account,
  nullif(destination, '') AS destination
FROM set_up AS r
-- Each rule of a replication has a destination of its own.
LEFT JOIN strangers_named AS s ON s.event_id = r.event_id
ORDER BY event_time, r.event_id
