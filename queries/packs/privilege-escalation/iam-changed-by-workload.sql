-- title: IAM changed from an instance, function or container
-- severity: high
-- category: persistence
-- attack: {v18: [T1098], v19: [T1098]}
-- covers: [A1.01, A2.21]
-- why: Machines rarely manage people. A workload's role that makes users, keys or policies was most likely taken from the machine.
-- misses: Workloads whose session does not show what it runs on (older Lambda and container records); changes made through CloudFormation.
WITH changes AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(session_issuer_arn, identity_arn, principal_id, 'an unnamed role') AS role,
    coalesce(nullif(regexp_extract(principal_id, ':(.+)$', 1), ''), 'unnamed session') AS session_name,
    CASE
      WHEN principal_id LIKE '%:i-%' THEN 'instance'
      WHEN json_extract_string(in_scope_of, '$.issuerType') LIKE '%Lambda%' THEN 'function'
      WHEN json_extract_string(in_scope_of, '$.issuerType') LIKE '%ECS%' THEN 'container'
    END AS workload
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND identity_type = 'AssumedRole'
    AND invoked_by IS NULL
    AND regexp_matches(event_name, '^(Create|Put|Attach|Update|Add|Upload|Set|Enable|Delete|Detach|Deactivate|Change|Reset)')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  role || ' as ' || session_name AS subject,
  CASE WHEN outcome = 'success' THEN 'The ' || min(workload) || ' ' || session_name || ' changed IAM with its role '
    ELSE 'Attempt to change IAM by the ' || min(workload) || ' ' || session_name || ' with its role ' END
    || role || ': ' || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  min(workload) AS workload,
  count(*) AS calls
FROM changes
WHERE workload IS NOT NULL
GROUP BY role, session_name, outcome = 'success'
ORDER BY min(event_time), role, session_name, summary
