-- title: Database password changed, log taken or database opened to the internet
-- severity: high
-- category: collection
-- attack: {v18: [T1098, T1133], v19: [T1098, T1133]}
-- covers: [A4.14]
-- why: Whoever sets the master password or opens the port reads the database without asking AWS again.
-- misses: What was read over the connection; databases created open are another rule's.
WITH changed AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(
      json_extract_string(request_parameters, '$.dBInstanceIdentifier'), json_extract_string(request_parameters, '$.dBClusterIdentifier'),
      json_extract_string(request_parameters, '$.clusterIdentifier'), json_extract_string(request_parameters, '$.dBSecurityGroupName'),
        'unnamed database'
    ) || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS database,
    CASE
      WHEN event_name = 'DownloadDBLogFilePortion' THEN 'a log of it was read'
      WHEN event_name = 'AuthorizeDBSecurityGroupIngress' THEN 'its security group was opened to '
        || coalesce(json_extract_string(request_parameters, '$.cIDRIP'), 'another group')
      WHEN json_extract_string(request_parameters, '$.publiclyAccessible') = 'true' THEN 'it was made reachable from the internet'
      WHEN json_extract_string(request_parameters, '$.masterUserPassword') IS NOT NULL THEN 'its master password was changed'
    END AS how
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('rds.amazonaws.com', 'redshift.amazonaws.com')
    AND coalesce(event_name, '') IN ('ModifyDBInstance', 'ModifyDBCluster', 'AuthorizeDBSecurityGroupIngress', 'DownloadDBLogFilePortion',
      'DownloadCompleteDBLogFile', 'ModifyCluster')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  database AS subject,
  CASE WHEN outcome = 'success' THEN 'Database ' ELSE 'In vain, database ' END || database || ' was changed or read: '
    || string_agg(DISTINCT how, '; ' ORDER BY how) AS summary,
  CASE WHEN bool_and(how LIKE 'a log%') THEN 'low' ELSE 'high' END AS severity
FROM changed
WHERE how IS NOT NULL
GROUP BY database, outcome = 'success'
ORDER BY min(event_time), database, summary
