-- title: Objects overwritten under a key of the caller, or with a ransom note
-- severity: high
-- category: impact
-- attack: {v18: [T1486, T1491.002], v19: [T1486, T1491.002]}
-- covers: [A10.03]
-- why: Objects written over under a key that only the caller has are lost to their owner; a note that names a price says why.
-- misses: Writes that no data event records; a note of another name.
-- params:
--   objects: {type: integer, default: 20, about: "Objects of one bucket written under a key of the caller from which it is critical."}
WITH writes AS (
  SELECT
    event_id,
    event_time,
    principal,
    coalesce(bucket, '(unnamed)') AS bucket,
    key,
    outcome,
    invoked_by,
    json_extract_string(request_parameters, '$."x-amz-server-side-encryption-customer-algorithm"') IS NOT NULL AS own_key,
    coalesce(regexp_extract(json_extract_string(request_parameters, '$."x-amz-server-side-encryption-aws-kms-key-id"'), ':kms:[a-z0-9-]*:([0-9]{12}):', 1), '') AS key_account,
    regexp_matches(lower(key), '(ransom|how.?to.?(decrypt|restore|recover)|decrypt.?(your|my).?(files|data)|files.?(are|have.been).?(encrypted|stolen)|restore.?files|your.?data.?(is|has)|warning.?read|recover.?your)') AS note,
    regexp_matches(lower(key), '(^|/)(static/js|js|assets)/[^/]*\.js$') AS script
  FROM object_access
  WHERE coalesce(event_name, '') IN ('PutObject', 'CopyObject', 'CreateMultipartUpload')
),
told AS (
  SELECT
    event_id, event_time, principal, bucket, key, outcome, invoked_by, own_key, key_account, note, script,
    CASE
      WHEN note THEN 'a note was left: ' || key
      WHEN own_key THEN 'objects were written under a key that only the caller has'
      WHEN key_account <> '' AND key_account NOT IN (SELECT account_id FROM own_accounts) THEN 'objects were written under a key of account ' || key_account
      WHEN script THEN 'scripts of a site were written over'
    END AS words
  FROM writes
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'bucket ' || bucket || ' by ' || principal AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'In the bucket ' ELSE 'Attempt in the bucket ' END || bucket || ' '
    || string_agg(DISTINCT words, '; ' ORDER BY words)
    || CASE WHEN count(DISTINCT key) > 1 THEN ' (' || count(DISTINCT key) || ' objects)' ELSE '' END AS summary,
  CASE
    WHEN bool_or(note) OR (bool_or(own_key OR key_account <> '') AND count(DISTINCT key) >= $objects::INTEGER) THEN 'critical'
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'low'
    WHEN bool_and(script AND NOT own_key AND key_account = '') THEN 'low'
    ELSE 'high'
  END AS severity
FROM told
WHERE words IS NOT NULL
GROUP BY bucket, principal
ORDER BY min(event_time), bucket, principal
