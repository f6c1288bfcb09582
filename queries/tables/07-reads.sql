-- What was read, asked the way an analyst asks: objects, tables, secrets and uses of keys. DuckDB's own SQL stays here; for `coalesce(event_name, '')` see 06-activity.sql.

-- One row a call on the content of a bucket, where data events are recorded at all.
CREATE OR REPLACE VIEW object_access AS
WITH calls AS (
  SELECT
    *,
    -- Each document is parsed once: these are the most numerous events there are.
    json_extract_string(request_parameters, ['$.bucketName', '$.key']) AS asked,
    json_extract_string(additional_event_data, ['$.bytesTransferredOut', '$.AuthenticationMethod']) AS sent
  FROM scope_events
  WHERE event_source = 's3.amazonaws.com'
    AND coalesce(event_name, '') IN ('GetObject', 'HeadObject', 'ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'SelectObjectContent',
      'GetObjectTorrent', 'RestoreObject',
      'CopyObject', 'UploadPartCopy', 'PutObject', 'CreateMultipartUpload')
)
SELECT
  event_id,
  event_time,
  event_name,
  aws_region,
  recipient_account_id,
  credential,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  account_id,
  user_agent,
  hop,
  outcome,
  invoked_by,
  asked[1] AS bucket,
  asked[2] AS key,
  try_cast(sent[1] AS BIGINT) AS bytes_out,
  sent[2] = 'QueryString' AS presigned,
  -- Whom the bucket belongs to, where S3 says so.
  json_extract_string(resources, '$[*].accountId')[1] AS bucket_owner,
  request_parameters
FROM calls;

-- One row a table of DynamoDB that a call read or exported: batches and transactions name several, each in its own place.
CREATE OR REPLACE VIEW table_requests AS
WITH calls AS (
  SELECT
    *,
    list_distinct(list_filter(CASE event_name
      WHEN 'BatchGetItem' THEN json_keys(request_parameters, '$.requestItems')
      WHEN 'TransactGetItems' THEN json_extract_string(request_parameters, '$.transactItems[*].get.tableName')
      ELSE [coalesce(json_extract_string(request_parameters, '$.tableArn'), json_extract_string(request_parameters, '$.tableName'))]
    END, lambda name: name IS NOT NULL)) AS names
  FROM scope_events
  WHERE event_source = 'dynamodb.amazonaws.com'
    AND coalesce(event_name, '') IN ('Scan', 'Query', 'GetItem', 'BatchGetItem', 'TransactGetItems', 'ExecuteStatement', 'ExportTableToPointInTime')
)
SELECT
  event_id,
  event_time,
  event_name,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  outcome,
  invoked_by,
  unnest(CASE WHEN len(coalesce(names, [])) > 0 THEN names ELSE [coalesce(json_extract_string(resources, '$[0].ARN'), 'without a recorded name')] END) AS table_name,
  request_parameters
FROM calls;

-- One row a secret or parameter that a call asked for. Where the call names none (a filter, a path), name is NULL.
CREATE OR REPLACE VIEW secret_requests AS
WITH calls AS (
  -- Two scans, so that a rule for one kind pays for one.
  SELECT *, 'secret' AS kind, [json_extract_string(request_parameters, '$.secretId')] AS names
  FROM scope_events
  WHERE event_source = 'secretsmanager.amazonaws.com' AND event_name = 'GetSecretValue'
  UNION ALL
  SELECT *, 'secret' AS kind, coalesce(nullif(json_extract_string(request_parameters, '$.secretIdList[*]'), []), [NULL]) AS names
  FROM scope_events
  WHERE event_source = 'secretsmanager.amazonaws.com' AND event_name = 'BatchGetSecretValue'
  UNION ALL
  SELECT *, 'parameter' AS kind, coalesce(nullif(json_extract_string(request_parameters, '$.names[*]'), []), [json_extract_string(request_parameters, '$.name')]) AS names
  FROM scope_events
  WHERE event_source = 'ssm.amazonaws.com' AND coalesce(event_name, '') IN ('GetParameter', 'GetParameters', 'GetParametersByPath', 'GetParameterHistory')
)
SELECT
  *,
  -- One secret or parameter, however it was asked for: without what an ARN adds, a version, or the slash before a name in no folder.
  CASE kind
    WHEN 'secret' THEN coalesce(nullif(regexp_extract(name, '^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)-[A-Za-z0-9]{6}$', 1), ''), name)
    ELSE regexp_replace(regexp_replace(regexp_replace(name, '^arn:[^:]*:ssm:[^:]*:[^:]*:parameter', ''), ':[^:/]*$', ''), '^/([^/]+)$', '\1')
  END AS bare_name
FROM (
  SELECT
    event_id,
    event_time,
    event_name,
    aws_region,
    recipient_account_id,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    hop,
    outcome,
    invoked_by,
    kind,
    unnest(names) AS name,
    json_extract_string(request_parameters, '$.path') AS path,
    lower(coalesce(json_extract_string(request_parameters, '$.withDecryption'), 'false')) = 'true' AS decrypted
  FROM calls
);

-- One row a use of a KMS key that names what was opened or closed by it: the encryption context.
CREATE OR REPLACE VIEW key_uses AS
WITH calls AS (
  SELECT
    *,
    json_extract_string(request_parameters, [
      '$.encryptionContext.SecretARN', '$.encryptionContext.PARAMETER_ARN', '$.encryptionContext."aws:s3:arn"', '$.encryptionContext']) AS context
  FROM scope_events
  WHERE event_source = 'kms.amazonaws.com' AND coalesce(event_name, '') IN ('Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext')
)
SELECT
  event_id,
  event_time,
  event_name,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  hop,
  outcome,
  invoked_by,
  -- A secret by itself, a parameter by its folder, an object by its bucket.
  coalesce(context[1], regexp_replace(context[2], '/[^/]*$', '/'), nullif(split_part(context[3], '/', 1), '')) AS thing,
  context[4] IS NOT NULL AS named
FROM calls;

-- One row a call that deletes objects or a bucket.
CREATE OR REPLACE VIEW object_deletions AS
SELECT
  event_id,
  event_time,
  event_name,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  coalesce(json_extract_string(request_parameters, '$.bucketName'), '(unnamed)') AS bucket,
  outcome,
  invoked_by,
  hop
FROM scope_events
WHERE event_source = 's3.amazonaws.com' AND coalesce(event_name, '') IN ('DeleteObject', 'DeleteObjects', 'DeleteBucket');
