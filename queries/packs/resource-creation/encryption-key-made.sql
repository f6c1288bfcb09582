-- title: Encryption key created
-- severity: low
-- category: impact
-- attack: {v18: [T1486], v19: [T1486]}
-- covers: [A3.10]
-- why: A key whose material comes from outside can be taken away again, and with it everything encrypted under it; ransom needs no more.
-- misses: What is encrypted under the key later; keys in the attacker's own account.
SELECT
  event_id,
  coalesce(json_extract_string(response_elements, '$.keyMetadata.arn'), json_extract_string(request_parameters, '$.keyId'), 'key in '
    || coalesce(recipient_account_id, 'an unknown account')) AS subject,
  CASE
    WHEN event_name = 'ImportKeyMaterial' THEN 'Key material from outside'
    WHEN json_extract_string(request_parameters, '$.origin') IN ('EXTERNAL', 'EXTERNAL_KEY_STORE')
      THEN 'An encryption key whose material comes from outside'
    ELSE 'An encryption key'
  END
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN event_name = 'ImportKeyMaterial' THEN ' imported' ELSE ' created' END
    || coalesce(': ' || coalesce(json_extract_string(response_elements, '$.keyMetadata.arn'),
      json_extract_string(request_parameters, '$.keyId')), '') AS summary,
  CASE
    WHEN event_name = 'ImportKeyMaterial' OR json_extract_string(request_parameters, '$.origin') IN ('EXTERNAL', 'EXTERNAL_KEY_STORE') THEN 'high'
    WHEN invoked_by IS NOT NULL THEN 'info'
    ELSE 'low'
  END AS severity,
  json_extract_string(request_parameters, '$.origin') AS origin
FROM scope_events
WHERE event_source = 'kms.amazonaws.com' AND coalesce(event_name, '') IN ('CreateKey', 'ImportKeyMaterial')
ORDER BY event_time, event_id
