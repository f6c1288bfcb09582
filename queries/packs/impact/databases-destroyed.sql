-- title: Databases or their backups destroyed, or their protection removed
-- severity: high
-- category: impact
-- attack: {v18: [T1485, T1490], v19: [T1485, T1490]}
-- covers: [A10.05, A10.06]
-- why: A database deleted without a last snapshot is gone; protection and backups are taken away first.
-- misses: Tables dropped inside a database, which only its own log shows. What the same actor made itself is told as low.
WITH calls AS (
  SELECT event_id, event_time, event_name, outcome, invoked_by, identity_arn,
    coalesce(json_extract_string(request_parameters, '$.dBInstanceIdentifier'), json_extract_string(request_parameters, '$.dBClusterIdentifier'),
      json_extract_string(request_parameters, '$.globalClusterIdentifier'), json_extract_string(request_parameters, '$.dBSnapshotIdentifier'),
      json_extract_string(request_parameters, '$.dBClusterSnapshotIdentifier'), json_extract_string(request_parameters, '$.dbiResourceId'),
      json_extract_string(request_parameters, '$.dbClusterResourceId'), json_extract_string(request_parameters, '$.tableName'),
      json_extract_string(request_parameters, '$.backupArn'), json_extract_string(request_parameters, '$.clusterIdentifier'), '(unnamed)') AS name,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    json_extract_string(request_parameters, '$.skipFinalSnapshot') = 'true' AS without_snapshot,
    json_extract_string(request_parameters, '$.deletionProtection') = 'false' OR json_extract_string(request_parameters, '$.deletionProtectionEnabled') = 'false' AS unprotected,
    json_extract_string(request_parameters, '$.backupRetentionPeriod') = '0' AS without_backup
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('rds.amazonaws.com', 'dynamodb.amazonaws.com', 'redshift.amazonaws.com')
    AND coalesce(event_name, '') IN ('DeleteDBInstance', 'DeleteDBCluster', 'DeleteGlobalCluster', 'DeleteDBSnapshot', 'DeleteDBClusterSnapshot',
      'DeleteDBInstanceAutomatedBackup', 'DeleteDBClusterAutomatedBackup', 'ModifyDBInstance', 'ModifyDBCluster', 'DeleteTable', 'UpdateTable',
      'DeleteBackup', 'DeleteCluster', 'DeleteClusterSnapshot')
),
-- A snapshot is what was made by its call, not the database it was taken of.
made AS (
  SELECT event_time, hop, identity_arn,
    CASE WHEN event_name LIKE '%DBSnapshot' AND event_name NOT LIKE 'Restore%' THEN coalesce(json_extract_string(request_parameters, '$.targetDBSnapshotIdentifier'), json_extract_string(request_parameters, '$.dBSnapshotIdentifier'))
      ELSE coalesce(json_extract_string(request_parameters, '$.dBInstanceIdentifier'), json_extract_string(request_parameters, '$.dBClusterIdentifier'), json_extract_string(request_parameters, '$.tableName')) END AS name,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('rds.amazonaws.com', 'dynamodb.amazonaws.com') AND outcome = 'success'
    AND coalesce(event_name, '') IN ('CreateDBInstance', 'CreateDBCluster', 'CreateDBSnapshot', 'CreateTable', 'RestoreDBInstanceFromDBSnapshot', 'CopyDBSnapshot')
),
own AS (
  SELECT DISTINCT c.event_id
  FROM calls AS c
  JOIN made AS m ON m.name = c.name AND m.place = c.place AND m.event_time < c.event_time AND (m.hop IS NOT NULL OR m.identity_arn = c.identity_arn)
)
SELECT
  c.event_id,
  'database ' || c.name || ' in ' || c.place AS subject,
  CASE WHEN c.outcome = 'success' THEN c.event_name || ' took ' ELSE 'Attempt by ' || c.event_name || ' at ' END || c.name
    || CASE WHEN c.without_snapshot THEN ', without a last snapshot' WHEN c.unprotected THEN ': protection against deletion off'
      WHEN c.without_backup THEN ': automatic backups off' ELSE '' END || CASE WHEN o.event_id IS NOT NULL THEN ', which the same actor had made' ELSE '' END AS summary,
  CASE
    WHEN o.event_id IS NOT NULL THEN 'low'
    WHEN c.invoked_by IS NOT NULL THEN 'medium'
    WHEN c.without_snapshot OR c.event_name LIKE '%AutomatedBackup' OR c.event_name = 'DeleteGlobalCluster' OR c.without_backup THEN 'high'
    ELSE 'medium'
  END AS severity
FROM calls AS c
LEFT JOIN own AS o ON o.event_id = c.event_id
WHERE c.event_name LIKE 'Delete%' OR c.unprotected OR c.without_backup
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
