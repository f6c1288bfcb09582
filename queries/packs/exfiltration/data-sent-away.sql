-- title: Data set to move to another place or account
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1537, T1048], v19: [T1537, T1048]}
-- covers: [A4.17]
-- why: Transfer tasks, file servers, backup copies and resource shares carry data out in bulk, with AWS doing the work.
-- misses: What was moved; whether the other side accepted a share.
WITH moves AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(response_elements, '$.taskArn'), json_extract_string(response_elements, '$.serverId'),
        json_extract_string(response_elements, '$.copyJobId'),
      json_extract_string(response_elements, '$.resourceShare.resourceShareArn'), json_extract_string(request_parameters,
        '$.resourceShareArn'), json_extract_string(request_parameters, '$.name'),
      event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS subject,
    coalesce(json_extract_string(request_parameters, '$.destinationBackupVaultArn'),
      json_extract_string(request_parameters, '$.destinationLocationArn'), json_extract_string(request_parameters, '$.principals[0]')) AS target
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('datasync.amazonaws.com', 'transfer.amazonaws.com', 'backup.amazonaws.com', 'ram.amazonaws.com')
    AND coalesce(event_name, '') IN ('CreateTask', 'StartTaskExecution', 'CreateServer', 'CreateUser', 'StartFileTransfer', 'StartCopyJob',
      'StartRestoreJob', 'CreateResourceShare', 'AssociateResourceShare')
),
placed AS (
  SELECT m.event_id, m.event_time, m.event_source, m.event_name, m.outcome, m.invoked_by, m.subject, m.target, s.accounts,
    nullif(regexp_extract(coalesce(m.target, ''), '(^|:)([0-9]{12})(:|$)', 2), '') AS account
  FROM moves AS m
  -- A share names several.
  LEFT JOIN strangers_named AS s ON s.event_id = m.event_id
)
SELECT
  event_id,
  subject,
  split_part(event_source, '.', 1) || ':' || event_name || CASE WHEN outcome = 'success' THEN ' set data to move' ELSE ' was to set data to move' END
    || CASE WHEN accounts IS NOT NULL THEN CASE WHEN contains(accounts, ',') THEN ' to the foreign accounts ' ELSE ' to the foreign account ' END || accounts
      ELSE coalesce(' to ' || target, '') END
    || CASE WHEN accounts IS NULL AND account NOT IN (SELECT account_id FROM own_accounts) THEN ', which belongs to foreign account ' || account ELSE '' END AS summary,
  CASE
    WHEN accounts IS NOT NULL OR account NOT IN (SELECT account_id FROM own_accounts) THEN 'high'
    WHEN invoked_by IS NOT NULL THEN 'info'
    ELSE 'medium'
  END AS severity,
  coalesce(accounts, account) AS account
FROM placed
ORDER BY event_time, event_id
