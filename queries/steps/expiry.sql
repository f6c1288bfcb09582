-- When each credential in scope ends, as far as the evidence tells: by the answer of the call that issued it, or by the duration that it asked for;
-- and whether a key was deactivated or deleted since, by whomever.
WITH named AS (
  SELECT
    json_extract_string(request_parameters, '$.accessKeyId') AS access_key_id,
    event_id,
    event_time,
    event_name = 'DeleteAccessKey' OR json_extract_string(request_parameters, '$.status') = 'Inactive' AS off
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name IN ('UpdateAccessKey', 'DeleteAccessKey') AND outcome = 'success'
  QUALIFY row_number() OVER (PARTITION BY json_extract_string(request_parameters, '$.accessKeyId') ORDER BY event_time DESC NULLS LAST, event_id DESC) = 1
),
issued AS (
  SELECT
    e.credential AS access_key_id,
    try_strptime(
      -- Some releases of Java put a narrow no-break space before AM and PM.
      regexp_replace(replace(coalesce(
        json_extract_string(e.response_elements, '$.credentials.expiration'),
        json_extract_string(e.response_elements, '$.credentialSet[0].credentials.expiration'),
        json_extract_string(e.response_elements, '$.serviceSpecificCredential.expirationDate')), chr(8239), ' '), '\.[0-9]+Z$', 'Z'),
      ['%b %d, %Y, %I:%M:%S %p', '%b %d, %Y %I:%M:%S %p', '%Y-%m-%dT%H:%M:%SZ']) AS said,
    e.event_time + to_seconds(try_cast(json_extract_string(e.request_parameters, '$.durationSeconds') AS INTEGER)) AS asked
  -- Only the answer that issued this very credential says when it ends, not the event that led there.
  FROM (
    SELECT c.access_key_id AS credential, e.* FROM credentials AS c JOIN events AS e ON e.issued_access_key_id = c.access_key_id
    UNION ALL
    SELECT c.access_key_id AS credential, e.* FROM credentials AS c JOIN events AS e ON e.event_id = c.via_event_id WHERE c.edge IN ('session', 'bearer')
  ) AS e
  WHERE e.outcome = 'success'
  QUALIFY row_number() OVER (PARTITION BY e.credential ORDER BY said IS NULL, e.event_time, e.event_id) = 1
)
SELECT
  c.access_key_id,
  coalesce(i.said, i.asked) AS expires_at,
  CASE WHEN i.said IS NOT NULL THEN 'answer' WHEN i.asked IS NOT NULL THEN 'duration' END AS expires_by,
  n.event_id AS deactivated_event_id,
  n.event_time AS deactivated_at
FROM credentials AS c
LEFT JOIN issued AS i ON i.access_key_id = c.access_key_id
LEFT JOIN named AS n ON n.access_key_id = c.access_key_id AND n.off
WHERE c.in_scope
ORDER BY c.hop, c.issued_at NULLS FIRST, c.access_key_id;
