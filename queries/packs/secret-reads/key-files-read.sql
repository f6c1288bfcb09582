-- title: File that holds keys or passwords read from a bucket
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.001], v19: [T1552.001]}
-- covers: [A5.08]
-- why: Files of these names hold keys, passwords or a whole infrastructure's secrets; each must be opened and its content changed.
-- misses: Secrets in files of innocent names; reads happen unseen where data events are not recorded.
WITH read AS (
  SELECT
    o.event_id,
    o.event_time,
    o.bucket,
    o.key,
    o.principal,
    o.outcome,
    o.invoked_by,
    a.family
  FROM object_access AS o
  LEFT JOIN agents AS a ON a.user_agent = o.user_agent
  WHERE coalesce(o.event_name, '') IN ('GetObject', 'SelectObjectContent')
    AND regexp_matches(o.key, '(?i)(^|/)\.aws/|credentials?(\.[a-z]+)?$|(^|[/.])env(\.[a-z]+)?$|\.(pem|ppk|pfx|p12|jks|kdbx|tfstate|tfvars)$|id_(rsa|dsa|ecdsa|ed25519)$|passwords?[^/]*$|htpasswd$|\.(npmrc|netrc|pgpass|dockercfg)$|kubeconfig$')
),
known AS (
  SELECT DISTINCT
    coalesce(session_issuer_arn, identity_arn, account_id) AS principal,
    json_extract_string(request_parameters, '$.bucketName') AS bucket,
    json_extract_string(request_parameters, '$.key') AS key
  FROM baseline_events
  WHERE event_source = 's3.amazonaws.com' AND event_name = 'GetObject'
)
SELECT
  array_agg(r.event_id ORDER BY r.event_time, r.event_id) AS event_ids,
  'arn:aws:s3:::' || coalesce(r.bucket, '(unnamed)') || '/' || r.key AS subject,
  'File ' || r.key || ' in bucket ' || coalesce(r.bucket, '(unnamed)') || CASE WHEN r.outcome = 'success' THEN ' was'
    ELSE ' was to be' END || ' read'
    || CASE WHEN bool_and(k.key IS NOT NULL) THEN ', as the same principal did before the window' ELSE '' END AS summary,
  CASE
    WHEN bool_and(k.key IS NOT NULL OR r.invoked_by IS NOT NULL) THEN 'low'
    -- An agent is the caller's to choose: it lowers, it does not clear.
    WHEN r.key LIKE '%.tfstate' AND bool_and(coalesce(r.family, '') IN ('terraform', 'opentofu', 'pulumi')) THEN 'low'
    ELSE 'high'
  END AS severity
FROM read AS r
LEFT JOIN known AS k ON k.principal = r.principal AND k.bucket = r.bucket AND k.key = r.key
GROUP BY r.bucket, r.key, r.outcome = 'success'
ORDER BY min(r.event_time), r.bucket, r.key, summary
