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
    event_name = 'ExportTableToPointInTime' AS exported,
    principal,
    outcome,
    invoked_by,
    table_name,
    json_extract_string(request_parameters, '$.s3Bucket') AS bucket,
    json_extract_string(request_parameters, '$.s3BucketOwner') AS bucket_owner
  FROM table_requests
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  table_name || ' by ' || principal AS subject,
  CASE WHEN table_name LIKE 'without%' THEN 'A table ' ELSE 'Table ' END || table_name || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN exported THEN ' exported to bucket ' || coalesce(string_agg(DISTINCT bucket, ', ' ORDER BY bucket), '(unnamed)') ELSE ' read' END
    || ' by ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call'
      ELSE ' calls' END AS summary,
  CASE
    WHEN exported THEN 'high'
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(*) >= $reads::INTEGER THEN 'medium'
    WHEN bool_or(event_name = 'Scan') THEN 'low'
    ELSE 'info'
  END AS severity,
  max(bucket_owner) AS bucket_owner
FROM reads
GROUP BY table_name, principal, exported, outcome = 'success'
ORDER BY min(event_time), table_name, principal, summary
