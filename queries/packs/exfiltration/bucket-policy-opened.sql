-- title: Bucket policy lets strangers in
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1530, T1537], v19: [T1530, T1537]}
-- covers: [A4.04]
-- why: A bucket whose policy names everyone or a foreign account can be emptied without any credential of ours.
-- misses: Whether the account's public access block still stands in the way; access points and what the policy allowed before.
WITH grants AS (
  SELECT
    g.event_id,
    g.event_time,
    g.bearer,
    g.outcome,
    g.principal,
    g.actions,
    g.written_actions,
    g.condition,
    -- Where AWS delivers logs by an account of its own, it may write and no more.
    CASE
      WHEN g.anyone THEN 'anyone'
      WHEN g.principal = 'cloudfront.amazonaws.com' AND g.confined THEN 'own distribution'
      WHEN g.principal_kind = 'CanonicalUser' OR g.principal LIKE 'arn:aws%:iam::cloudfront:user/%' THEN 'untold'
      WHEN (a.id IS NOT NULL OR g.principal_kind = 'Service') AND regexp_matches(g.actions, '^(s3:(putobject|putobjectacl|getbucketacl)(, |$))+$') THEN 'delivery'
      WHEN g.principal_kind = 'Service' THEN 'service'
      ELSE 'outsider'
    END AS audience,
    CASE
      WHEN g.anyone THEN 'anyone'
      WHEN g.principal = 'cloudfront.amazonaws.com' AND g.confined THEN 'a CloudFront distribution of our own, and so whoever visits it,'
      ELSE coalesce(g.principal || ' (an account of AWS itself, for ' || a.delivers || ')', g.whom)
    END AS whom
  FROM policy_grants AS g
  LEFT JOIN catalog_service_accounts AS a ON a.id = g.principal_account
  WHERE g.event_source = 's3.amazonaws.com' AND coalesce(g.event_name, '') IN ('PutBucketPolicy', 'PutAccessPointPolicy')
    AND g.effect = 'Allow' AND (((g.anyone OR g.outsider) AND NOT g.confined) OR g.principal = 'cloudfront.amazonaws.com')
)
SELECT
  event_id,
  'arn:aws:s3:::' || bearer AS subject,
  'The policy of bucket ' || bearer || CASE WHEN outcome = 'success' THEN ' lets ' ELSE ' was to let ' END
    || clipped(string_agg(DISTINCT whom, ', ' ORDER BY whom), 300)
    || ' call ' || clipped(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 160)
    || CASE WHEN condition IS NULL OR audience IN ('service', 'own distribution') THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN audience IN ('delivery', 'own distribution') THEN 'low'
    -- Ids that say nothing of whose they are; the identity of a CloudFront distribution is one of them.
    WHEN audience = 'untold' OR (condition IS NOT NULL AND audience <> 'service') THEN 'medium'
    WHEN audience = 'anyone' THEN 'critical'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM grants
GROUP BY event_id, event_time, bearer, outcome, audience, condition
ORDER BY event_time, event_id, summary
