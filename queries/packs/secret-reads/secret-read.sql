-- title: Secret read
-- severity: medium
-- category: credential-access
-- attack: {v18: [T1555.006], v19: [T1555.006]}
-- covers: [A5.01]
-- why: Each secret that was read must be changed; this is the list.
-- misses: What the secret opens; secrets read through a cache or agent that fetched them earlier. A batch that names no secret is another rule's.
WITH reads AS (
  SELECT
    event_id, event_time, aws_region, recipient_account_id, principal, hop, outcome, invoked_by,
    CASE WHEN name LIKE 'arn:%' THEN name END AS arn,
    bare_name AS name
  FROM secret_requests
  WHERE kind = 'secret' AND name IS NOT NULL
),
arns AS (
  SELECT recipient_account_id, aws_region, name, min(arn) AS arn
  FROM reads
  WHERE arn IS NOT NULL
  GROUP BY recipient_account_id, aws_region, name
  HAVING count(DISTINCT arn) = 1
),
named AS (
  SELECT
    r.event_id, r.event_time, r.principal, r.hop, r.outcome, r.invoked_by, r.name,
    coalesce(r.arn, a.arn,
      r.name || ' in ' || coalesce(r.aws_region, 'an unknown region') || ' of ' || coalesce(r.recipient_account_id, 'an unknown account')) AS secret
  FROM reads AS r
  LEFT JOIN arns AS a ON a.name = r.name AND a.aws_region = r.aws_region AND a.recipient_account_id = r.recipient_account_id
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, json_extract_string(request_parameters, '$.secretId') AS secret
  FROM baseline_events
  WHERE event_source = 'secretsmanager.amazonaws.com' AND event_name = 'GetSecretValue'
)
SELECT
  array_agg(n.event_id ORDER BY n.event_time, n.event_id) AS event_ids,
  n.secret AS subject,
  'Secret ' || min(n.name) || CASE WHEN n.outcome = 'success' THEN ' was' ELSE ' was to be' END || ' read'
    || CASE WHEN count(DISTINCT n.event_id) > 1 THEN ' by ' || count(DISTINCT n.event_id) || ' calls' ELSE '' END
    || CASE WHEN bool_and(k.secret IS NOT NULL) THEN '; the same principal read it before the window' ELSE '' END AS summary,
  -- Without a seed nobody is suspected, and reading secrets is what they are for.
  CASE WHEN bool_and(k.secret IS NOT NULL OR n.invoked_by IS NOT NULL OR n.hop IS NULL) THEN 'low' ELSE 'medium' END AS severity,
  string_agg(DISTINCT n.principal, ', ' ORDER BY n.principal) AS read_by
FROM named AS n
LEFT JOIN known AS k ON k.principal = n.principal AND k.secret IN (n.secret, n.name)
GROUP BY n.secret, n.outcome = 'success'
ORDER BY min(n.event_time), n.secret, summary
