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
      -- AssumeRoot takes the account for its root.
      regexp_replace(json_extract_string(request_parameters, '$.targetPrincipal'), '^([0-9]{12})$', 'arn:' || partition_of(aws_region) || ':iam::\1:root'),
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

-- A key that was switched on again, to its use: the call names the key. Strong where one credential did so and no use is recorded before, else weak:
-- its owner had it first.
INSERT INTO edges BY NAME
WITH woken AS (
  SELECT event_id, event_time, event_name, credential AS issuer, json_extract_string(request_parameters, '$.accessKeyId') AS issued
  FROM signed_events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'UpdateAccessKey' AND outcome = 'success'
    AND json_extract_string(request_parameters, '$.status') = 'Active'
),
fitting AS (
  SELECT w.*, s.identity_arn AS principal, s.first_seen, min(w.event_time) OVER of_one AS first_woken, count(DISTINCT coalesce(w.issuer, '')) OVER of_one AS candidates
  FROM woken AS w
  JOIN signers AS s ON s.credential = w.issued
  WINDOW of_one AS (PARTITION BY w.issued)
)
SELECT
  issuer,
  issued,
  'key' AS edge,
  CASE WHEN candidates = 1 AND first_seen >= first_woken THEN 'strong' ELSE 'weak' END AS confidence,
  event_id,
  event_time,
  event_name,
  principal
FROM fitting
WHERE issuer <> issued
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY event_time, event_id) = 1;
