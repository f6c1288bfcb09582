-- title: Parameters read from the Parameter Store
-- severity: medium
-- category: credential-access
-- attack: {v18: [T1555.006], v19: [T1555.006]}
-- covers: [A5.03]
-- why: Decrypted parameters are passwords by another name; each one that was read must be changed.
-- misses: Which parameters a read by path returned; parameters that other services fetch when they start.
WITH reads AS (
  SELECT
    event_id,
    event_time,
    aws_region,
    recipient_account_id,
    principal,
    hop,
    outcome,
    invoked_by,
    decrypted,
    bare_name AS name,
    path
  FROM secret_requests
  WHERE kind = 'parameter'
),
placed AS (
  SELECT
    event_id,
    event_time,
    aws_region,
    recipient_account_id,
    principal,
    hop,
    outcome,
    invoked_by,
    decrypted,
    name,
    coalesce(path, nullif(regexp_extract(name, '^(.+)/[^/]*$', 1), ''), '/') AS folder
  FROM reads
)
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  'parameters under ' || folder || ' in ' || coalesce(aws_region, 'an unknown region') || ' of '
    || coalesce(recipient_account_id, 'an unknown account') || ' by ' || principal AS subject,
  'Parameters under ' || folder || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' read: '
    || CASE WHEN count(name) > 0 THEN count(DISTINCT name) || ' named' || CASE WHEN bool_or(name IS NULL) THEN ', and ' ELSE '' END ELSE '' END
    || CASE WHEN bool_or(name IS NULL) THEN 'all that lie under the path (unenumerated)' ELSE '' END
    || CASE WHEN bool_or(decrypted) THEN ', decrypted' ELSE ', not decrypted' END AS summary,
  CASE
    WHEN NOT bool_or(decrypted) THEN 'info'
    -- Without a seed nobody is suspected, and reading parameters is what they are for.
    WHEN bool_and(invoked_by IS NOT NULL OR hop IS NULL) THEN 'low'
    WHEN bool_and(principal IN (SELECT coalesce(session_issuer_arn, identity_arn, account_id)
      FROM baseline_events WHERE event_source = 'ssm.amazonaws.com' AND event_name LIKE 'GetParameter%')) THEN 'low'
    ELSE 'medium'
  END AS severity,
  array_agg(DISTINCT name ORDER BY name) AS names
FROM placed
GROUP BY folder, aws_region, recipient_account_id, principal, outcome = 'success'
ORDER BY min(event_time), folder, aws_region, recipient_account_id, principal, summary
