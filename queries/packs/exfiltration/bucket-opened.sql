-- title: Bucket opened by its lists, its public access block or its web settings
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1530], v19: [T1530]}
-- covers: [A4.04]
-- why: Access lists that name everyone and a fallen public access block open data to the whole internet.
-- misses: Whether anyone came (another rule); policies (another rule); what was open before.
WITH changed AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce('arn:aws:s3:::' || json_extract_string(request_parameters, '$.bucketName'), 'all buckets of account '
      || coalesce(recipient_account_id, 'unknown')) AS subject,
    coalesce(CAST(request_parameters AS VARCHAR), '') AS request
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('s3.amazonaws.com', 's3control.amazonaws.com')
    AND coalesce(event_name, '') IN ('PutBucketAcl', 'PutObjectAcl', 'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock',
      'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'PutBucketCors', 'PutBucketWebsite')
),
judged AS (
  SELECT
    c.event_id,
    c.event_time,
    c.event_name,
    c.outcome,
    c.invoked_by,
    c.subject,
    a.id AS delivery,
    CASE
      WHEN c.event_name IN ('DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock') THEN 'the public access block was taken away'
      WHEN c.event_name LIKE '%PublicAccessBlock' THEN CASE WHEN regexp_matches(c.request,
        '(?i)"(restrictpublicbuckets|blockpublicpolicy|blockpublicacls|ignorepublicacls)" ?: ?"?false') THEN 'the public access block was loosened' END
      WHEN c.event_name = 'PutBucketWebsite' THEN 'it was made a web site'
      WHEN c.event_name = 'PutBucketCors' THEN CASE WHEN regexp_matches(c.request, '"AllowedOrigin" ?: ?(\[[^\]]*)?"\*"') THEN 'pages of any origin may read it' END
      WHEN regexp_matches(c.request, 'groups/global/AllUsers|"public-read(-write)?"') THEN 'an access list names everyone'
      WHEN regexp_matches(c.request, 'groups/global/AuthenticatedUsers|"authenticated-read"') THEN 'an access list names every AWS account in the world'
      WHEN regexp_matches(c.request, '"EmailAddress"|emailAddress=') THEN 'an access list names somebody by mail address'
      WHEN s.stranger IS NOT NULL THEN 'an access list names the canonical user ' || s.stranger || coalesce(', AWS itself for ' || a.delivers, ', who is not the owner it names')
    END AS how
  FROM changed AS c
  LEFT JOIN acl_strangers AS s ON s.event_id = c.event_id
  LEFT JOIN catalog_service_accounts AS a ON a.id = s.stranger
)
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  subject,
  subject || CASE WHEN subject LIKE 'all buckets%' THEN ' were' ELSE ' was' END || CASE WHEN outcome = 'success' THEN ' opened: ' ELSE ' to be opened: ' END || how AS summary,
  CASE
    WHEN event_name IN ('PutBucketWebsite', 'PutBucketCors') OR delivery IS NOT NULL THEN 'low'
    WHEN invoked_by IS NOT NULL THEN 'medium'
    ELSE 'high'
  END AS severity
FROM judged
WHERE how IS NOT NULL
GROUP BY subject, outcome, event_name, invoked_by, delivery, how
ORDER BY min(event_time), subject, summary
