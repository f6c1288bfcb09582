-- What the scope read, or tried to: one row a call and thing, from which secrets and data-access count.
CREATE OR REPLACE TEMP TABLE reads AS
WITH names AS (
  SELECT DISTINCT event_source, event_name FROM scope_events WHERE event_name IS NOT NULL
),
calls AS (
  SELECT n.event_source, n.event_name, c.inventory, c.kind, c.path, c.also_path, c.when_path, c.when_value
  FROM names AS n
  JOIN catalog_reads AS c ON c.event_source = n.event_source AND c.event_name = call_of(n.event_name)
),
-- S3 apart: there can be very many, and bucket, key and bytes always stand in the same places.
objects AS (
  SELECT
    c.inventory,
    c.kind,
    json_extract_string(e.request_parameters, ['$.bucketName', '$.key']) AS names,
    NULL AS secret_arn,
    false AS decrypted,
    TRY_CAST(json_extract_string(e.additional_event_data, '$.bytesTransferredOut') AS DOUBLE) AS bytes_out,
    e.event_id,
    e.event_time,
    e.event_name,
    e.outcome,
    e.credential,
    coalesce(e.recipient_account_id, e.account_id) AS account,
    e.aws_region AS region
  FROM scope_events AS e
  JOIN calls AS c ON c.event_source = e.event_source AND c.event_name = e.event_name
  WHERE e.event_source = 's3.amazonaws.com'
),
matched AS (
  SELECT
    c.inventory,
    c.kind,
    -- What a name leads to stands in the context of the decryption, where the caller gave one.
    CASE c.kind WHEN 'kms_ciphertext' THEN [coalesce(
        json_extract_string(e.request_parameters, '$.encryptionContext.SecretARN'),
        json_extract_string(e.request_parameters, '$.encryptionContext.PARAMETER_ARN'),
        json_extract_string(e.request_parameters, '$.encryptionContext."aws:s3:arn"'),
        json_extract_string(e.request_parameters, '$.encryptionContext."aws:lambda:FunctionArn"'),
        json_extract_string(e.request_parameters, '$.keyId'),
        json_extract_string(e.resources, '$[0].ARN'))]
      -- '.*' at the end of a path stands for the names of what lies there.
      ELSE CASE WHEN c.path LIKE '%.*' THEN json_keys(json_extract(e.request_parameters, left(c.path, -2)))
        ELSE values_at(e.request_parameters, c.path) END END AS ids,
    values_at(e.request_parameters, c.also_path) AS alsos,
    json_extract_string(e.resources, '$[0].ARN') AS secret_arn,
    coalesce(TRY_CAST(json_extract_string(e.request_parameters, '$.withDecryption') AS BOOLEAN), false) AS decrypted,
    NULL::DOUBLE AS bytes_out,
    e.event_id,
    e.event_time,
    e.event_name,
    e.outcome,
    e.credential,
    coalesce(e.recipient_account_id, e.account_id) AS account,
    e.aws_region AS region
  FROM scope_events AS e
  JOIN calls AS c ON c.event_source = e.event_source AND c.event_name = e.event_name
  WHERE e.event_source <> 's3.amazonaws.com'
    -- An account has its own copies anyway: naming itself shares nothing.
    AND NOT (c.kind LIKE 'shared%' AND coalesce(values_at(e.request_parameters, c.also_path) = [e.recipient_account_id], false))
    -- What a service decrypts for a caller is what the caller asked that service for: counted there.
    AND NOT (c.kind = 'kms_ciphertext' AND e.invoked_by IS NOT NULL)
    AND (c.when_path IS NULL
      OR (json_extract_string(e.request_parameters, c.when_path) IS NOT NULL
        AND coalesce(json_extract_string(e.request_parameters, c.when_path) = c.when_value, true)))
)
SELECT inventory, kind, names[1] AS id, names[2] AS also, secret_arn, decrypted, bytes_out, event_id, event_time, event_name, outcome, credential, account, region
FROM objects
UNION ALL
SELECT
  inventory,
  kind,
  unnest(CASE WHEN len(coalesce(ids, [])) > 0 THEN ids ELSE [secret_arn] END) AS id,
  also,
  secret_arn,
  decrypted,
  bytes_out,
  event_id,
  event_time,
  event_name,
  outcome,
  credential,
  account,
  region
FROM (SELECT *, unnest(CASE WHEN len(coalesce(alsos, [])) > 0 THEN alsos ELSE [NULL] END) AS also FROM matched);
