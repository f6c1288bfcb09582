-- Secrets and other credentials that the scope read, or tried to: one row a thing and outcome.
-- Objects whose name says that they hold keys stand here too.
WITH
-- ARNs of secrets, anyone's, from which a bare name or an ARN without its random suffix is completed where one and only one fits.
-- https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html (six characters after the name)
seen AS (
  SELECT DISTINCT unnest([
    json_extract_string(request_parameters, '$.secretId'),
    json_extract_string(response_elements, '$.arn'),
    json_extract_string(response_elements, '$.aRN'),
    json_extract_string(request_parameters, '$.encryptionContext.SecretARN')]) AS arn
  FROM events
  WHERE event_source = 'secretsmanager.amazonaws.com' OR (event_source = 'kms.amazonaws.com' AND event_name = 'Decrypt')
),
arns AS (
  SELECT
    regexp_replace(arn, '-[A-Za-z0-9]{6}$', '') AS bare_arn,
    min(arn) AS arn
  FROM seen
  WHERE regexp_matches(arn, '^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:.+-[A-Za-z0-9]{6}$')
  GROUP BY bare_arn
  HAVING count(*) = 1
),
-- An ARN does not tell `/name` from `name`: where the first was asked for by name, it is meant.
rooted AS (
  SELECT DISTINCT account, region, parameter_name(id) AS name
  FROM reads
  WHERE kind = 'parameter' AND regexp_matches(id, '^/[^/]+$')
),
named AS (
  SELECT
    r.event_id,
    r.kind = 'secret_batch' AS batch,
    r.event_time,
    r.outcome,
    r.credential,
    r.account,
    r.region,
    CASE
      WHEN r.inventory = 'data' THEN 'object_with_keys'
      WHEN r.kind = 'secret_batch' THEN CASE WHEN r.id IS NULL THEN 'unknown_set_of_secrets' ELSE 'secret' END
      WHEN r.kind = 'parameter' AND r.decrypted THEN 'decrypted_parameter'
      WHEN r.kind = 'parameter_path' AND r.decrypted THEN 'decrypted_parameter_path'
      ELSE r.kind END AS kind,
    CASE
      WHEN r.inventory = 'data' THEN r.id || '/' || r.also
      WHEN r.kind = 'secret_batch' AND r.id IS NULL THEN '(asked for by filter: names not recorded)'
      WHEN r.id IS NULL THEN '(not named)'
      WHEN r.kind IN ('secret', 'secret_batch') THEN coalesce(a.arn, r.id)
      WHEN r.kind = 'parameter' THEN coalesce(p.name, parameter_name(r.id))
      WHEN r.kind = 'function_environment' THEN short_name(r.id)
      WHEN r.also IS NOT NULL THEN r.id || '/' || r.also
      ELSE r.id END AS id
  FROM reads AS r
  LEFT JOIN arns AS a ON r.kind IN ('secret', 'secret_batch')
    AND a.bare_arn = CASE WHEN r.id LIKE 'arn:%' THEN r.id ELSE 'arn:' || CASE WHEN r.region LIKE 'cn-%' THEN 'aws-cn' WHEN r.region LIKE 'us-gov-%' THEN 'aws-us-gov' ELSE 'aws' END
      || ':secretsmanager:' || r.region || ':' || r.account || ':secret:' || r.id END
  LEFT JOIN rooted AS p ON r.kind = 'parameter' AND p.account = r.account AND p.region = r.region
    AND r.id LIKE 'arn:%' AND p.name = '/' || parameter_name(r.id)
  WHERE (r.inventory = 'secrets'
      OR (r.kind = 'object' AND regexp_matches(lower(r.also), '(^|/)\.aws/|credential|(^|[/.])env(\.[a-z]+)?$|\.(pem|ppk|pfx|p12|key|kdbx|tfstate)$|id_(rsa|dsa|ecdsa|ed25519)$|secret|passw|htpasswd|\.npmrc$|\.netrc$')))
),
-- A batch names its secrets again, each in a GetSecretValue of its own: what follows so is one read, not two.
-- https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
followed AS (
  SELECT DISTINCT b.event_id, b.id
  FROM named AS b
  JOIN named AS s ON s.credential = b.credential AND s.region = b.region
    AND s.event_time BETWEEN b.event_time AND b.event_time + INTERVAL 5 SECOND
  WHERE b.batch AND s.kind = 'secret' AND NOT s.batch AND (s.id = b.id OR b.kind <> 'secret')
),
counted AS (
  SELECT n.* EXCLUDE (batch)
  FROM named AS n
  LEFT JOIN followed AS f ON f.event_id = n.event_id AND f.id = n.id
  WHERE f.event_id IS NULL
)
SELECT
  kind,
  id,
  account,
  region,
  outcome,
  count(DISTINCT event_id) AS calls,
  NULL::DOUBLE AS bytes_out,
  NULL::INTEGER AS objects,
  coalesce(array_agg(DISTINCT credential ORDER BY credential) FILTER (WHERE credential IS NOT NULL), []) AS credentials,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  arg_min(event_id, {time: event_time, id: event_id}, 100) AS event_ids
FROM counted
GROUP BY kind, id, account, region, outcome
ORDER BY first_seen NULLS LAST, kind, id, account, region, outcome;
