-- title: Administrator passwords of Windows instances asked for
-- severity: high
-- category: credential-access
-- attack: {v18: [T1555, T1552], v19: [T1555, T1552]}
-- covers: [A5.07]
-- why: The call returns the administrator's first password, locked only by the key pair of the launch.
-- misses: Whether the caller holds the key pair; passwords changed since.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'Windows passwords in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') || ' by '
    || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  'Administrator passwords of ' || count(DISTINCT json_extract_string(request_parameters, '$.instanceId'))
    || CASE WHEN count(DISTINCT json_extract_string(request_parameters, '$.instanceId')) = 1 THEN ' instance' ELSE ' instances' END
    || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' handed out, in ' || count(*) || CASE WHEN count(*) = 1
      THEN ' call' ELSE ' calls' END AS summary,
  CASE WHEN count(DISTINCT json_extract_string(request_parameters, '$.instanceId')) = 1 AND bool_and(hop IS NULL) THEN 'medium'
    ELSE 'high' END AS severity,
  array_agg(DISTINCT json_extract_string(request_parameters, '$.instanceId') ORDER BY json_extract_string(request_parameters, '$.instanceId')) AS instances
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com' AND event_name = 'GetPasswordData'
GROUP BY aws_region, recipient_account_id, coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
