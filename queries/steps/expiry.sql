-- When each credential in scope ends, as far as the evidence tells: by the answer of the call that issued it, or by the duration that it asked for;
-- and whether it was stopped since, by whomever: its key deactivated or deleted, or its role or user deleted, without which every call fails.
-- Policies that deny are not weighed.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
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
-- The name of a role or user can be made anew: only a deletion after the issue is one of its own.
deleted AS (
  SELECT
    recipient_account_id AS account,
    CASE event_name WHEN 'DeleteRole' THEN 'assumed-role' ELSE 'user' END AS kind,
    coalesce(json_extract_string(request_parameters, '$.roleName'), json_extract_string(request_parameters, '$.userName')) AS name,
    event_id,
    event_time
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name IN ('DeleteRole', 'DeleteUser') AND outcome = 'success'
),
owned AS (
  SELECT
    access_key_id,
    coalesce(issued_at, used_at) AS since,
    split_part(principal, ':', 5) AS account,
    split_part(split_part(principal, ':', 6), '/', 1) AS kind,
    CASE WHEN principal LIKE '%:assumed-role/%' THEN split_part(principal, '/', 2) ELSE split_part(principal, '/', -1) END AS name
  FROM credentials
  LEFT JOIN (SELECT credential AS access_key_id, min(event_time) AS used_at FROM scoped GROUP BY ALL) USING (access_key_id)
  WHERE in_scope AND kind <> 'long_lived'
),
orphaned AS (
  SELECT o.access_key_id, d.event_id, d.event_time
  FROM owned AS o
  JOIN deleted AS d USING (account, kind, name)
  WHERE d.event_time >= o.since
  QUALIFY row_number() OVER (PARTITION BY o.access_key_id ORDER BY d.event_time, d.event_id) = 1
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
  coalesce(n.event_id, o.event_id) AS deactivated_event_id,
  coalesce(n.event_time, o.event_time) AS deactivated_at
FROM credentials AS c
LEFT JOIN issued AS i ON i.access_key_id = c.access_key_id
LEFT JOIN named AS n ON n.access_key_id = c.access_key_id AND n.off
LEFT JOIN orphaned AS o ON o.access_key_id = c.access_key_id
WHERE c.in_scope
ORDER BY c.hop, c.issued_at NULLS FIRST, c.access_key_id;
