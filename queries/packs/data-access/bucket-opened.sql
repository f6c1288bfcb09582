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
      'PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock',
      'PutBucketCors', 'PutBucketWebsite')
),
judged AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    subject,
    CASE
      WHEN event_name IN ('DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock') THEN 'the public access block was taken away'
      WHEN event_name LIKE '%PublicAccessBlock' THEN CASE WHEN regexp_matches(request,
        '(?i)"(restrictpublicbuckets|blockpublicpolicy|blockpublicacls|ignorepublicacls)" ?: ?"?false')
          THEN 'the public access block was loosened' END
      WHEN event_name LIKE '%Acl' THEN CASE
        WHEN regexp_matches(request, 'groups/global/AllUsers|"public-read(-write)?"') THEN 'an access list names everyone'
        WHEN regexp_matches(request, 'groups/global/AuthenticatedUsers|"authenticated-read"')
          THEN 'an access list names every AWS account in the world' END
      WHEN event_name = 'PutBucketWebsite' THEN 'it was made a web site'
      WHEN regexp_matches(request, '"AllowedOrigin" ?: ?\[? ?"\*"') THEN 'pages of any origin may read it'
    END AS how
  FROM changed
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  subject,
  subject || CASE WHEN outcome = 'success' THEN ' was opened: ' ELSE ' was to be opened: ' END
    || string_agg(DISTINCT how, '; ' ORDER BY how) AS summary,
  CASE WHEN bool_and(event_name IN ('PutBucketWebsite', 'PutBucketCors')) THEN 'low' WHEN bool_and(invoked_by IS NOT NULL) THEN 'medium'
    ELSE 'high' END AS severity
FROM judged
WHERE how IS NOT NULL
GROUP BY subject, outcome = 'success'
ORDER BY min(event_time), subject, summary
