-- title: Start-up scripts of instances read
-- severity: low
-- category: credential-access
-- attack: {v18: [T1552.005], v19: [T1552.005]}
-- covers: [A5.06]
-- why: Start-up scripts hold passwords and tokens that somebody meant to use once.
-- misses: Scripts read on the instance itself; whether they held anything secret.
-- params:
--   things: {type: integer, default: 5, about: "Different instances and templates from which it is medium."}
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'start-up scripts in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') || ' by '
    || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  'Start-up scripts' || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' read: ' || count(*)
    || CASE WHEN count(*) = 1 THEN ' call, of ' ELSE ' calls, of ' END
    || count(DISTINCT coalesce(json_extract_string(request_parameters, '$.instanceId'), CAST(request_parameters AS VARCHAR)))
    || CASE WHEN count(DISTINCT coalesce(json_extract_string(request_parameters, '$.instanceId'), CAST(request_parameters AS VARCHAR))) = 1
      THEN ' instance or template' ELSE ' instances or templates' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(DISTINCT coalesce(json_extract_string(request_parameters, '$.instanceId'),
      CAST(request_parameters AS VARCHAR))) >= $things::INTEGER
      -- A sweep that is refused comes out one level lower: it tells as much as one that works.
      THEN CASE WHEN outcome = 'success' THEN 'medium' ELSE 'high' END
    ELSE 'low'
  END AS severity,
  array_agg(DISTINCT json_extract_string(request_parameters, '$.instanceId') ORDER BY json_extract_string(request_parameters, '$.instanceId')) AS instances
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com'
  AND coalesce(event_name, '') IN ('DescribeInstanceAttribute', 'GetLaunchTemplateData', 'DescribeLaunchTemplateVersions')
  AND (event_name <> 'DescribeInstanceAttribute' OR json_extract_string(request_parameters, '$.attribute') = 'userData')
GROUP BY aws_region, recipient_account_id, coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
