-- title: Private keys handed out by a service
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.004], v19: [T1552.004]}
-- covers: [A5.12]
-- why: These calls answer with a private key or a password for a machine, a bucket or a device, and the answer is never logged.
-- misses: What the key was used for afterwards.
SELECT
  event_id,
  split_part(event_source, '.', 1) || ' ' || coalesce(
    json_extract_string(request_parameters, '$.instanceName'), json_extract_string(request_parameters, '$.bucketName'),
      json_extract_string(request_parameters, '$.relationalDatabaseName'),
    json_extract_string(response_elements, '$.certificateId'), event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of '
      || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE event_name
    WHEN 'DownloadDefaultKeyPair' THEN 'The key that opens all Lightsail machines of a region'
    WHEN 'GetInstanceAccessDetails' THEN 'A way in to the Lightsail machine ' || coalesce(json_extract_string(request_parameters,
      '$.instanceName'), '(unnamed)')
    WHEN 'GetBucketAccessKeys' THEN 'The list of keys of the Lightsail bucket ' || coalesce(json_extract_string(request_parameters,
      '$.bucketName'), '(unnamed)')
    WHEN 'GetRelationalDatabaseMasterUserPassword' THEN 'The master password of the Lightsail database '
      || coalesce(json_extract_string(request_parameters, '$.relationalDatabaseName'), '(unnamed)')
    ELSE 'A private key for a device'
  END || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' handed out' AS summary,
  CASE WHEN event_name IN ('CreateKeysAndCertificate', 'GetBucketAccessKeys') OR invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity
FROM scope_events
WHERE coalesce(event_source, '') IN ('lightsail.amazonaws.com', 'iot.amazonaws.com')
  AND coalesce(event_name, '') IN ('DownloadDefaultKeyPair', 'GetInstanceAccessDetails', 'GetBucketAccessKeys',
    'GetRelationalDatabaseMasterUserPassword', 'CreateKeysAndCertificate')
ORDER BY event_time, event_id
