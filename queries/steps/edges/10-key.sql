-- Edge "key", certain: the response of a call names the access key it issued, and later calls are signed by that very key.
-- Both ids were written by AWS. Cross-account calls are logged twice; where one copy shows the caller's key, that copy is the edge.
-- Where the export has no response, the resources that Event history lists name the issued key: one candidate, so strong.
INSERT INTO edges BY NAME
WITH issuing AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    issued_access_key_id AS issued,
    'key' AS edge,
    CASE WHEN partial AND response_elements IS NULL THEN 'strong' ELSE 'certain' END AS confidence,
    coalesce(
      json_extract_string(response_elements, '$.assumedRoleUser.arn'),
      json_extract_string(response_elements, '$.federatedUser.arn'),
      json_extract_string(request_parameters, '$.targetPrincipal'),
      CASE
        WHEN event_name = 'CreateAccessKey'
          THEN 'arn:aws:iam::' || recipient_account_id || ':user/' || json_extract_string(response_elements, '$.accessKey.userName')
        WHEN event_name = 'GetSessionToken' THEN identity_arn
      END) AS principal
  FROM events
  WHERE issued_access_key_id IS NOT NULL
    AND regexp_full_match(issued_access_key_id, '[A-Z0-9]{16,128}')
)
FROM issuing
QUALIFY row_number() OVER (PARTITION BY issued ORDER BY issuer IS NULL, event_time NULLS LAST, event_id) = 1;
