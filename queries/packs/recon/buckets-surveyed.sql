-- title: Buckets looked over for what protects them
-- severity: medium
-- category: discovery
-- attack: {v18: [T1619, T1526], v19: [T1619, T1526]}
-- covers: [A7.11]
-- why: Whose buckets are open, unlogged or without versions is asked before they are read, wiped or held for ransom.
-- misses: A look at one bucket, and reads of the objects themselves, which the data-access rules show.
-- params:
--   buckets: {type: integer, default: 3, about: "Buckets one principal asked about from which it is told."}
--   questions: {type: integer, default: 3, about: "Different questions about buckets from which it is told."}
--   minutes: {type: integer, default: 5, about: "How soon after asking who it is a key lists the buckets, for that to be told."}
WITH asked AS (
  SELECT
    coalesce(s.session_issuer_arn, s.identity_arn, s.account_id, 'an unknown caller') AS principal,
    s.event_name,
    json_extract_string(s.request_parameters, '$.bucketName') AS bucket,
    s.user_agent,
    min(s.event_time) AS event_time,
    min(s.event_id) AS event_id,
    bool_and(coalesce(s.session_credential_from_console, false)) AS of_console
  FROM scope_events AS s
  WHERE s.event_source = 's3.amazonaws.com' AND s.invoked_by IS NULL AND coalesce(s.identity_type, '') <> 'AWSService'
    AND coalesce(s.event_name, '') IN ('ListBuckets', 'GetBucketAcl', 'GetBucketPolicy', 'GetBucketPolicyStatus', 'GetBucketPublicAccessBlock',
      'GetAccountPublicAccessBlock', 'GetBucketVersioning', 'GetBucketLocation', 'GetBucketLogging', 'GetBucketEncryption', 'GetBucketLifecycle',
      'GetBucketReplication', 'GetBucketTagging', 'GetBucketObjectLockConfiguration')
  GROUP BY coalesce(s.session_issuer_arn, s.identity_arn, s.account_id, 'an unknown caller'), s.event_name,
    json_extract_string(s.request_parameters, '$.bucketName'), s.user_agent
),
named AS (
  SELECT principal, min(event_time) AS asked_at
  FROM direct_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'GetCallerIdentity'
  GROUP BY principal
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, event_name
  FROM baseline_events
  WHERE event_source = 's3.amazonaws.com'
)
SELECT
  array_agg(a.event_id ORDER BY a.event_time, a.event_id) AS event_ids,
  'buckets surveyed by ' || a.principal AS subject,
  CASE WHEN count(DISTINCT a.bucket) = 0 THEN 'The buckets were listed right after the key asked who it is'
    ELSE count(DISTINCT a.bucket) || CASE WHEN count(DISTINCT a.bucket) = 1 THEN ' bucket was' ELSE ' buckets were' END || ' looked over: '
      || string_agg(DISTINCT a.event_name, ', ' ORDER BY a.event_name) END AS summary,
  CASE WHEN bool_and(a.of_console OR coalesce(g.kind, '') IN ('browser', 'console')) THEN 'info'
    WHEN count(DISTINCT a.bucket) = 0 OR bool_and(coalesce(g.kind, '') = 'iac') THEN 'low'
    ELSE 'medium'
  END AS severity
FROM asked AS a
LEFT JOIN agents AS g ON g.user_agent = a.user_agent
LEFT JOIN named AS n ON n.principal = a.principal AND a.event_time BETWEEN n.asked_at AND n.asked_at + to_minutes($minutes::INTEGER)
LEFT JOIN known AS k ON k.principal = a.principal AND k.event_name = a.event_name
WHERE k.principal IS NULL
GROUP BY a.principal
HAVING (count(DISTINCT a.bucket) >= $buckets::INTEGER AND count(DISTINCT a.event_name) >= $questions::INTEGER) OR bool_or(n.principal IS NOT NULL)
ORDER BY min(a.event_time), a.principal
