-- title: Database created or restored
-- severity: low
-- category: collection
-- attack: {v18: [T1578.001, T1578.002], v19: [T1578.001, T1578.002]}
-- covers: [A3.09]
-- why: A database restored from a copy holds the same data under a password the caller chooses; made public, anyone can dial in.
-- misses: What data the copy held; Redshift and DocumentDB clusters restored through other services.
WITH made AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(response_elements, '$.dBInstanceArn'),
      json_extract_string(response_elements, '$.dBClusterArn'),
      json_extract_string(response_elements, '$.dBSnapshotArn'),
      json_extract_string(response_elements, '$.dBClusterSnapshotArn'),
      json_extract_string(request_parameters, '$.dBInstanceIdentifier'),
      json_extract_string(request_parameters, '$.dBClusterIdentifier'),
      json_extract_string(request_parameters, '$.targetDBInstanceIdentifier'),
      'unnamed database in ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS subject,
    coalesce(json_extract_string(request_parameters, '$.publiclyAccessible'), 'false') = 'true' AS public,
    coalesce(json_extract_string(request_parameters, '$.dBSnapshotIdentifier'), json_extract_string(request_parameters, '$.snapshotIdentifier'),
      json_extract_string(request_parameters, '$.sourceDBInstanceIdentifier'), json_extract_string(request_parameters, '$.s3BucketName')) AS source
  FROM scope_events
  WHERE event_source = 'rds.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateDBInstance', 'CreateDBCluster', 'CreateDBSnapshot', 'CreateDBClusterSnapshot',
      'CreateDBInstanceReadReplica', 'RestoreDBInstanceFromDBSnapshot',
      'RestoreDBInstanceFromS3', 'RestoreDBInstanceToPointInTime', 'RestoreDBClusterFromSnapshot', 'RestoreDBClusterFromS3',
        'RestoreDBClusterToPointInTime')
)
SELECT
  event_id,
  subject,
  CASE
    WHEN event_name LIKE 'CreateDB%Snapshot' THEN 'Database snapshot '
    WHEN event_name LIKE '%Replica' THEN 'Database replica '
    ELSE 'Database '
  END || subject
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN event_name LIKE 'Restore%' THEN ' restored from a copy' ELSE ' created' END
    || CASE WHEN public THEN ', reachable from the internet' ELSE '' END AS summary,
  CASE
    WHEN public THEN 'high'
    WHEN invoked_by IS NOT NULL THEN 'info'
    WHEN event_name LIKE 'Restore%' THEN 'medium'
    ELSE 'low'
  END AS severity,
  event_name AS call,
  source
FROM made
ORDER BY event_time, event_id
