-- title: Changes in a region never used before
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1535], v19: [T1535]}
-- covers: [A6.11]
-- why: Thieves rent machines where nobody looks; a region without a past is such a place.
-- misses: Says nothing about an account of which the baseline knows nothing. Reads alone do not count, since tools ask every region for its state.
WITH known AS (
  SELECT recipient_account_id AS account_id, aws_region
  FROM baseline_events
  WHERE aws_region IS NOT NULL
  UNION
  -- Of a saved baseline, what the same principals did: it tells their account, which is almost always the one they called.
  SELECT split_part(n.id, ':', 5) AS account_id, n.value AS aws_region
  FROM normal AS n
  WHERE n.aspect = 'region' AND n.kind IN ('identity', 'role')
    AND n.id IN (SELECT coalesce(session_issuer_arn, identity_arn) FROM scope_events)
),
familiar AS (
  SELECT account_id, string_agg(aws_region, ', ' ORDER BY aws_region) AS regions FROM known GROUP BY account_id
)
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  'region ' || s.aws_region || ' of ' || s.recipient_account_id AS subject,
  'In region ' || s.aws_region || ' of ' || s.recipient_account_id || ', where the principals of the scope did nothing before the window, '
    || count(*)
    || CASE WHEN count(*) = 1 THEN ' changing call was' ELSE ' changing calls were' END || ' made ('
      || CASE WHEN bool_or(s.outcome = 'success') THEN CAST(sum(CASE WHEN s.outcome = 'success' THEN 1 ELSE 0 END) AS VARCHAR) ELSE 'none' END
      || ' succeeded): '
    || substr(string_agg(DISTINCT s.event_name, ', ' ORDER BY s.event_name), 1, 200) AS summary,
  CASE WHEN bool_or(s.event_name = 'RunInstances' AND s.outcome = 'success') THEN 'high' ELSE 'medium' END AS severity,
  substr(string_agg(DISTINCT f.regions, ', ' ORDER BY f.regions), 1, 160) AS normal,
  s.aws_region AS seen
FROM scope_events AS s
JOIN familiar AS f ON f.account_id = s.recipient_account_id
LEFT JOIN known AS k ON k.account_id = s.recipient_account_id AND k.aws_region = s.aws_region
WHERE s.read_only = false AND s.invoked_by IS NULL AND s.aws_region IS NOT NULL
  AND k.aws_region IS NULL
  -- Services without a region of their own are logged in us-east-1, wherever the caller is.
  AND NOT (s.aws_region = 'us-east-1' AND coalesce(s.event_source, '') IN ('iam.amazonaws.com', 'sts.amazonaws.com',
    'organizations.amazonaws.com', 'route53.amazonaws.com',
    'cloudfront.amazonaws.com', 'account.amazonaws.com', 'support.amazonaws.com', 'signin.amazonaws.com', 'health.amazonaws.com', 'ce.amazonaws.com'))
GROUP BY s.recipient_account_id, s.aws_region
ORDER BY min(s.event_time), s.recipient_account_id, s.aws_region
