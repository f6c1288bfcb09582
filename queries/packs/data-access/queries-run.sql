-- title: Data queried through Athena, Redshift or the RDS interface
-- severity: low
-- category: collection
-- attack: {v18: [T1213], v19: [T1213]}
-- covers: [A4.16]
-- why: A query service reads what it was given rights to, in the caller's name, and hands back only the answer.
-- misses: The answers and most of the query texts, which are not logged or are blacked out.
WITH queries AS (
  SELECT
    event_id,
    event_time,
    split_part(event_source, '.', 1) AS service,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.workGroup'), json_extract_string(request_parameters, '$.clusterIdentifier'),
        json_extract_string(request_parameters, '$.workgroupName'),
      json_extract_string(request_parameters, '$.resourceArn'), json_extract_string(request_parameters, '$.queryExecutionContext.database')) AS target
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('athena.amazonaws.com', 'redshift-data.amazonaws.com', 'rdsdata.amazonaws.com', 'redshift.amazonaws.com',
      'redshift-serverless.amazonaws.com')
    AND coalesce(event_name, '') IN ('StartQueryExecution', 'GetQueryResults', 'GetQueryResultsStream', 'ExecuteStatement', 'BatchExecuteStatement',
      'GetStatementResult', 'ExecuteSql', 'GetClusterCredentials', 'GetClusterCredentialsWithIAM', 'GetCredentials')
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, split_part(event_source, '.', 1) AS service
  FROM baseline_events
  WHERE coalesce(event_source, '') IN ('athena.amazonaws.com', 'redshift-data.amazonaws.com', 'rdsdata.amazonaws.com',
    'redshift.amazonaws.com', 'redshift-serverless.amazonaws.com')
)
SELECT
  array_agg(q.event_id ORDER BY q.event_time, q.event_id) AS event_ids,
  q.service || ' by ' || q.principal AS subject,
  CASE WHEN q.outcome = 'success' THEN 'Data was queried through ' ELSE 'Data was to be queried through ' END || q.service || ': '
    || string_agg(DISTINCT q.event_name, ', ' ORDER BY q.event_name) || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call'
      ELSE ' calls' END AS summary,
  CASE
    WHEN bool_and(q.invoked_by IS NOT NULL) OR bool_or(k.principal IS NOT NULL) THEN 'info'
    WHEN bool_or(q.event_name LIKE 'Get%Credentials%') THEN 'medium'
    ELSE 'low'
  END AS severity,
  string_agg(DISTINCT q.target, ', ' ORDER BY q.target) AS targets
FROM queries AS q
LEFT JOIN known AS k ON k.principal = q.principal AND k.service = q.service
GROUP BY q.service, q.principal, q.outcome = 'success'
ORDER BY min(q.event_time), q.service, q.principal, summary
