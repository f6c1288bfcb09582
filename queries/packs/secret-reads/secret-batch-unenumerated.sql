-- title: Secrets read in a batch that names none
-- severity: medium
-- category: credential-access
-- attack: {v18: [T1555.006], v19: [T1555.006]}
-- covers: [A5.01]
-- why: A batch asks by filter, so the log does not say which secrets it returned; all that fit the filter must count as read.
-- misses: Batches followed by one GetSecretValue a secret, as AWS writes them; there the secrets are named one by one.
-- params:
--   seconds: {type: integer, default: 30, about: "How long after the first batch its single reads may follow."}
WITH calls AS (
  SELECT event_id, event_time, event_name, aws_region, recipient_account_id, principal, outcome, name
  FROM secret_requests
  WHERE kind = 'secret' AND (name IS NULL OR event_name = 'GetSecretValue')
),
batches AS (
  SELECT
    principal,
    aws_region,
    recipient_account_id,
    array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
    count(*) AS batches,
    bool_or(outcome = 'success') AS success,
    min(event_time) AS first_batch,
    max(event_time) AS last_batch
  FROM calls
  WHERE event_name = 'BatchGetSecretValue'
  GROUP BY principal, aws_region, recipient_account_id
),
enumerated AS (
  SELECT DISTINCT b.principal, b.aws_region, b.recipient_account_id
  FROM batches AS b
  JOIN calls AS c ON c.principal = b.principal AND c.aws_region = b.aws_region AND c.recipient_account_id = b.recipient_account_id
  WHERE c.event_name = 'GetSecretValue' AND c.event_time >= b.first_batch AND c.event_time <= b.last_batch + to_seconds($seconds::INTEGER)
)
SELECT
  b.event_ids,
  'secrets in ' || coalesce(b.aws_region, 'an unknown region') || ' of ' || coalesce(b.recipient_account_id, 'an unknown account') || ' by '
    || b.principal AS subject,
  'Secrets' || CASE WHEN b.success THEN ' were' ELSE ' were to be' END || ' read by filter in ' || coalesce(b.aws_region, 'an unknown region')
    || ', in '
    || b.batches || CASE WHEN b.batches = 1 THEN ' batch' ELSE ' batches' END || '; which ones is not recorded (unenumerated)' AS summary
FROM batches AS b
LEFT JOIN enumerated AS e ON e.principal = b.principal AND e.aws_region = b.aws_region AND e.recipient_account_id = b.recipient_account_id
WHERE e.principal IS NULL
ORDER BY b.first_batch, b.aws_region, b.recipient_account_id, b.principal
