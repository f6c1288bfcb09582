-- title: Backups, snapshots or file systems destroyed
-- severity: high
-- category: impact
-- attack: {v18: [T1490, T1485], v19: [T1490, T1485]}
-- covers: [A10.06]
-- why: "Backups are deleted before the ransom note is left: what is gone with them cannot be restored."
-- misses: Snapshots that expire by their own rule. What the same scope made itself is told as low.
-- params:
--   many: {type: integer, default: 5, about: "Copies deleted by one principal from which it is high whatever they are."}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    coalesce(json_extract_string(request_parameters, '$.recoveryPointArn'), json_extract_string(request_parameters, '$.backupVaultName'),
      json_extract_string(request_parameters, '$.snapshotId'), json_extract_string(request_parameters, '$.imageId'),
      json_extract_string(request_parameters, '$.fileSystemId'), json_extract_string(request_parameters, '$.mountTargetId'),
      json_extract_string(request_parameters, '$.backupPlanId'), '(unnamed)') AS thing
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('backup.amazonaws.com', 'ec2.amazonaws.com', 'elasticfilesystem.amazonaws.com', 'fsx.amazonaws.com')
    AND coalesce(event_name, '') IN ('DeleteRecoveryPoint', 'DeleteBackupVault', 'DeleteBackupVaultLockConfiguration', 'DeleteBackupPlan', 'DeleteSnapshot',
      'DeregisterImage', 'UnlockSnapshot', 'DeleteFileSystem', 'DeleteMountTarget', 'DeleteBackup')
),
made AS (
  SELECT DISTINCT coalesce(json_extract_string(response_elements, '$.snapshotId'), json_extract_string(response_elements, '$.imageId')) AS thing
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND outcome = 'success'
    AND coalesce(event_name, '') IN ('CreateSnapshot', 'CopySnapshot', 'CreateImage', 'CopyImage', 'RegisterImage')
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.event_name || ' by ' || c.principal AS subject,
  c.event_name || CASE WHEN bool_or(c.outcome = 'success') THEN ' took ' ELSE ' was tried on ' END || count(DISTINCT c.thing)
    || CASE WHEN count(DISTINCT c.thing) = 1 THEN ' backup, copy or store: ' ELSE ' backups, copies or stores: ' END
    || clipped(string_agg(DISTINCT c.thing, ', ' ORDER BY c.thing), 200)
    || CASE WHEN bool_and(m.thing IS NOT NULL) THEN ', made by the same scope' ELSE '' END AS summary,
  CASE
    WHEN bool_and(m.thing IS NOT NULL) OR bool_and(c.invoked_by IS NOT NULL) THEN 'low'
    WHEN coalesce(c.event_name, '') NOT IN ('DeleteSnapshot', 'DeregisterImage', 'DeleteMountTarget', 'DeleteBackup') THEN 'high'
    WHEN count(DISTINCT c.thing) >= $many::INTEGER THEN 'high'
    WHEN c.event_name = 'DeleteMountTarget' THEN 'low'
    ELSE 'medium'
  END AS severity
FROM calls AS c
LEFT JOIN made AS m ON m.thing = c.thing
GROUP BY c.event_name, c.principal
ORDER BY min(c.event_time), c.event_name, c.principal
