-- title: Table of DynamoDB read or exported
-- severity: low
-- category: collection
-- attack: {v18: [T1530, T1213], v19: [T1530, T1213]}
-- covers: [A4.15]
-- why: A scan reads a whole table at the price of one call; an export writes it to a bucket, anyone's.
-- misses: Reads are data events, so where they are not recorded they happen unseen; only the export is always in the log.
-- params:
--   reads: {type: integer, default: 1000, about: "Reads of one table by one principal from which it is medium."}
WITH reads AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.tableArn'), json_extract_string(request_parameters, '$.tableName'),
      json_extract_string(resources, '$[0].ARN'), 'unnamed table') AS table_name,
    json_extract_string(request_parameters, '$.s3Bucket') AS bucket,
    json_extract_string(request_parameters, '$.s3BucketOwner') AS bucket_owner
  FROM scope_events
  WHERE event_source = 'dynamodb.amazonaws.com'
    AND coalesce(event_name, '') IN ('Scan', 'Query', 'GetItem', 'BatchGetItem', 'TransactGetItems', 'ExecuteStatement', 'ExportTableToPointInTime')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  table_name || ' by ' || principal AS subject,
  'Table ' || table_name || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN bool_or(event_name = 'ExportTableToPointInTime') THEN ' exported to bucket ' || coalesce(max(bucket), '(unnamed)') ELSE ' read' END
    || ' by ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call'
      ELSE ' calls' END AS summary,
  CASE
    WHEN bool_or(event_name = 'ExportTableToPointInTime') THEN 'high'
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(*) >= $reads::INTEGER THEN 'medium'
    WHEN bool_or(event_name = 'Scan') THEN 'low'
    ELSE 'info'
  END AS severity,
  max(bucket_owner) AS bucket_owner
FROM reads
GROUP BY table_name, principal, outcome = 'success'
ORDER BY min(event_time), table_name, principal, summary
