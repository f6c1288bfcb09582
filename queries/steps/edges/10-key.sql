-- Edge "key", certain: the response of a call names the access key it issued, and later calls are signed by that very key.
-- Both ids were written by AWS. Cross-account calls are logged twice, under one sharedEventID: where one copy shows the caller's key, that copy
-- is the edge, and where the other alone shows the issued key, the two together. sharedEventID by itself ties nothing.
-- Where the export has no response, the resources that Event history lists name the issued key: one candidate, so strong.
INSERT INTO edges BY NAME
WITH twins AS (
  SELECT shared_event_id, event_name, event_time, recipient_account_id, access_key_id
  FROM events
  WHERE shared_event_id IS NOT NULL AND issued_access_key_id IS NULL AND access_key_id IS NOT NULL AND outcome = 'success'
    AND event_name LIKE 'AssumeRole%'
),
issuing AS (
  SELECT
    event_id,
    event_time,
    event_name,
    shared_event_id,
    recipient_account_id AS account,
    credential AS issuer,
    issued_access_key_id AS issued,
    'key' AS edge,
    CASE WHEN partial AND response_elements IS NULL THEN 'strong' ELSE 'certain' END AS confidence,
    coalesce(
      json_extract_string(response_elements, '$.assumedRoleUser.arn'),
      json_extract_string(response_elements, '$.federatedUser.arn'),
      json_extract_string(request_parameters, '$.targetPrincipal'),
      CASE
        WHEN event_name = 'CreateAccessKey'
          THEN iam_arn(aws_region, recipient_account_id, 'user', json_extract_string(response_elements, '$.accessKey.userName'))
        WHEN event_name = 'GetSessionToken' THEN identity_arn
      END) AS principal
  FROM signed_events
  WHERE issued_access_key_id IS NOT NULL
    AND regexp_full_match(issued_access_key_id, '[A-Z0-9]{16,128}')
)
FROM (
  SELECT i.* EXCLUDE (shared_event_id, account) REPLACE (coalesce(i.issuer, t.access_key_id) AS issuer)
  FROM issuing AS i
  LEFT JOIN twins AS t ON i.issuer IS NULL AND t.shared_event_id = i.shared_event_id AND t.event_name = i.event_name
    AND t.event_time = i.event_time AND t.recipient_account_id <> i.account
)
QUALIFY row_number() OVER (PARTITION BY issued ORDER BY issuer IS NULL, event_time NULLS LAST, event_id) = 1;
