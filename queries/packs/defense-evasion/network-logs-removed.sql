-- title: Flow logs, DNS logs, cluster or database audit removed
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.08]
-- why: Traffic, names looked up, and what was asked of a cluster or database are the only trace of what CloudTrail cannot see.
-- misses: Whether the network itself was deleted with its logs, which is an ordinary clean-up.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.DeleteFlowLogsRequest.FlowLogId.content'),
      json_extract_string(request_parameters, '$.DeleteFlowLogsRequest.FlowLogId'),
      json_extract_string(request_parameters, '$.flowLogIds.items'),
      json_extract_string(response_elements, '$.resolverQueryLogConfig.id'),
      json_extract_string(request_parameters, '$.resolverQueryLogConfigId'),
      json_extract_string(request_parameters, '$.resourceArn'),
      json_extract_string(request_parameters, '$.clusterName'),
      json_extract_string(request_parameters, '$.clusterIdentifier'),
      json_extract_string(request_parameters, '$.loadBalancerArn'),
      json_extract_string(request_parameters, '$.name'),
      '(unnamed)') AS thing,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    CASE
      WHEN event_source = 'ec2.amazonaws.com' THEN 'Flow logs'
      WHEN event_source = 'route53resolver.amazonaws.com' THEN 'DNS query logs'
      WHEN event_source = 'eks.amazonaws.com' THEN CASE WHEN regexp_matches(json_extract_string(request_parameters, '$.logging'), '"enabled"\s*:\s*false') THEN 'Cluster logs' END
      WHEN event_source = 'rds.amazonaws.com' THEN 'Database activity stream'
      WHEN event_source = 'redshift.amazonaws.com' THEN 'Warehouse audit log'
      WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"access_logs.s3.enabled"[^}]*"value"\s*:\s*"false"') THEN 'Load balancer access log'
    END AS what
  FROM scope_events
  WHERE (event_source = 'ec2.amazonaws.com' AND event_name = 'DeleteFlowLogs')
    OR (event_source = 'route53resolver.amazonaws.com' AND coalesce(event_name, '') IN ('DeleteResolverQueryLogConfig', 'DisassociateResolverQueryLogConfig'))
    OR (event_source = 'eks.amazonaws.com' AND event_name = 'UpdateClusterConfig')
    OR (event_source = 'rds.amazonaws.com' AND coalesce(event_name, '') IN ('StopActivityStream', 'ModifyActivityStream'))
    OR (event_source = 'redshift.amazonaws.com' AND event_name = 'DisableLogging')
    OR (event_source = 'elasticloadbalancing.amazonaws.com' AND event_name = 'ModifyLoadBalancerAttributes')
)
SELECT
  event_id,
  thing || ' in ' || place AS subject,
  CASE WHEN outcome = 'success' THEN what || ' no longer kept: ' ELSE 'Attempt to end the keeping of ' || what || ': ' END || thing || ' in ' || place AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'medium' WHEN coalesce(event_name, '') IN ('ModifyActivityStream', 'ModifyLoadBalancerAttributes') THEN 'medium' ELSE 'high' END AS severity
FROM calls
WHERE what IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
