-- title: Secrets and parameters listed
-- severity: low
-- category: discovery
-- attack: {v18: [T1555.006], v19: [T1555.006]}
-- covers: [A5.02, A5.03]
-- why: Names are collected before values; incident after incident begins with this list.
-- misses: Lists shown by the console and by infrastructure tools, which ask for the same; they count as low.
-- params:
--   named: {type: integer, default: 20, about: "Different secrets described one by one from which it is medium."}
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'list of ' || CASE event_source WHEN 'ssm.amazonaws.com' THEN 'parameters' ELSE 'secrets' END || ' by '
    || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE event_source WHEN 'ssm.amazonaws.com' THEN 'Parameters' ELSE 'Secrets' END
    || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' listed by '
      || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END || ' in '
    || count(DISTINCT aws_region) || CASE WHEN count(DISTINCT aws_region) = 1 THEN ' region' ELSE ' regions' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN count(DISTINCT json_extract_string(request_parameters, '$.secretId')) >= $named::INTEGER AND bool_or(hop IS NOT NULL) THEN 'medium'
    ELSE 'low'
  END AS severity,
  count(DISTINCT json_extract_string(request_parameters, '$.secretId')) AS named
FROM scope_events
WHERE coalesce(event_source, '') IN ('secretsmanager.amazonaws.com', 'ssm.amazonaws.com')
  AND coalesce(event_name, '') IN ('ListSecrets', 'DescribeSecret', 'GetResourcePolicy', 'ListSecretVersionIds', 'DescribeParameters')
GROUP BY event_source, coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
