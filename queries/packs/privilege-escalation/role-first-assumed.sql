-- title: Role taken that the principal had not taken before
-- severity: low
-- category: privilege-escalation
-- attack: {v18: [T1548.005, T1550.001], v19: [T1548.005, T1550.001]}
-- covers: [A2.07]
-- why: "A role is the step to more: who takes one for the first time, out of another role or into another account, is on the way somewhere."
-- misses: Roles taken before, and everything in the first hours of the evidence, when all is seen for the first time, unless a seed is given.
-- params:
--   hours: {type: integer, default: 72, about: "How long the evidence must have run before a first time means something, where no seed is given."}
WITH taken AS (
  SELECT
    event_id,
    event_time,
    outcome,
    hop,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    identity_type = 'AssumedRole' AS chained,
    coalesce(json_extract_string(request_parameters, '$.roleArn'), json_extract_string(resources, '$[0].ARN'), 'an unnamed role') AS role,
    account_id,
    json_extract_string(request_parameters, '$.serialNumber') AS mfa_device
  FROM scope_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole' AND invoked_by IS NULL AND coalesce(identity_type, '') NOT IN ('AWSService', 'AWSAccount')
),
firsts AS (
  SELECT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    coalesce(json_extract_string(request_parameters, '$.roleArn'), json_extract_string(resources, '$[0].ARN'), 'an unnamed role') AS role, min(event_time) AS first_time
  FROM events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole' AND outcome = 'success'
  GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'),
    coalesce(json_extract_string(request_parameters, '$.roleArn'), json_extract_string(resources, '$[0].ARN'), 'an unnamed role')
),
span AS (
  SELECT min(event_time) AS began FROM events
)
SELECT
  array_agg(t.event_id ORDER BY t.event_time, t.event_id) AS event_ids,
  t.role || ' by ' || t.principal AS subject,
  t.principal || CASE WHEN bool_or(t.outcome = 'success') THEN ' took the role ' ELSE ' tried to take the role ' END || t.role
    || CASE WHEN bool_or(t.chained) THEN ', out of another role' ELSE '' END
    || CASE WHEN bool_or(t.role NOT LIKE '%::' || t.account_id || ':%') THEN ', in another account' ELSE '' END || ', not seen before' AS summary,
  CASE WHEN bool_or(t.chained) OR bool_or(t.role NOT LIKE '%::' || t.account_id || ':%') THEN 'medium' ELSE 'low' END AS severity,
  count(*) AS calls
FROM taken AS t
CROSS JOIN span AS e
LEFT JOIN firsts AS f ON f.principal = t.principal AND f.role = t.role
LEFT JOIN (SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, json_extract_string(request_parameters, '$.roleArn') AS role
  FROM baseline_events WHERE event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole') AS k ON k.principal = t.principal AND k.role = t.role
WHERE k.role IS NULL AND (t.hop IS NOT NULL OR (f.first_time >= e.began + to_hours($hours::INTEGER) AND t.event_time <= f.first_time + to_days(1)))
GROUP BY t.role, t.principal
ORDER BY min(t.event_time), t.role, t.principal
