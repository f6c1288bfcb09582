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
      WHEN g.principal_kind = 'CanonicalUser' THEN 'canonical'
      WHEN a.id IS NOT NULL AND regexp_matches(g.actions, '^(s3:(putobject|putobjectacl|getbucketacl)(, |$))+$') THEN 'delivery'
      ELSE 'outsider'
    END AS audience,
    CASE WHEN g.anyone THEN 'anyone' ELSE coalesce(g.principal || ' (an account of AWS itself, for ' || a.delivers || ')', g.whom) END AS whom
  FROM policy_grants AS g
  LEFT JOIN catalog_service_accounts AS a ON a.id = g.principal_account
  WHERE g.event_source = 's3.amazonaws.com' AND coalesce(g.event_name, '') IN ('PutBucketPolicy', 'PutAccessPointPolicy')
    AND g.effect = 'Allow' AND (g.anyone OR g.outsider) AND NOT g.confined
)
SELECT
  event_id,
  'arn:aws:s3:::' || bearer AS subject,
  'The policy of bucket ' || bearer || CASE WHEN outcome = 'success' THEN ' lets ' ELSE ' was to let ' END
    || clipped(string_agg(DISTINCT whom, ', ' ORDER BY whom), 300)
    || ' call ' || clipped(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 160)
    || CASE WHEN condition IS NULL THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN audience = 'delivery' THEN 'low'
    -- The identity of a CloudFront distribution is written so too.
    WHEN audience = 'canonical' OR condition IS NOT NULL THEN 'medium'
    WHEN audience = 'anyone' THEN 'critical'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM grants
GROUP BY event_id, event_time, bearer, outcome, audience, condition
ORDER BY event_time, event_id, summary
