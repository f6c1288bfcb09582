-- title: Start-up script of an instance changed
-- severity: high
-- category: persistence
-- attack: {v18: [T1059.009, T1578], v19: [T1059.009, T1578]}
-- covers: [A2.20, A9.06]
-- why: User data runs as root at the next start; stop, change, start is a way onto a machine without any login.
-- misses: What the script does, which CloudTrail hides; launch templates and images changed for machines to come.
WITH changed AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.instanceId'), 'unnamed instance in ' || coalesce(recipient_account_id, 'an unknown account')) AS instance
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com'
    AND event_name = 'ModifyInstanceAttribute'
    AND (json_extract_string(request_parameters, '$.userData') IS NOT NULL OR json_extract_string(request_parameters, '$.attribute') = 'userData')
),
turned AS (
  SELECT event_id, event_name, coalesce(CAST(request_parameters AS VARCHAR), '') AS request
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('StopInstances', 'StartInstances')
),
steps AS (
  SELECT
    c.event_id,
    bool_or(t.event_name = 'StopInstances') AS stopped,
    bool_or(t.event_name = 'StartInstances') AS started
  FROM changed AS c
  JOIN turned AS t ON contains(t.request, '"' || c.instance || '"')
  GROUP BY c.event_id
)
SELECT
  c.event_id,
  c.instance AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The start-up script (user data) of ' || c.instance || ' was changed'
    ELSE 'Attempt to change the start-up script (user data) of ' || c.instance END
    || CASE WHEN s.stopped AND s.started THEN '; it was also stopped and started' WHEN s.stopped THEN '; it was also stopped' WHEN s.started THEN '; it was also started' ELSE '' END
    AS summary,
  CASE WHEN c.invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity,
  coalesce(s.stopped, false) AS stopped,
  coalesce(s.started, false) AS started
FROM changed AS c
LEFT JOIN steps AS s ON s.event_id = c.event_id
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
