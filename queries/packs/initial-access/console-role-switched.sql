-- title: Role switched in the console
-- severity: low
-- category: lateral-movement
-- attack: {v18: [T1021.007], v19: [T1021.007]}
-- covers: [A11.06]
-- why: From one console session the next account is a click away; each switch opens a session of the role.
-- misses: Switches in the account whose log is not in the evidence.
WITH switches AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(json_extract_string(additional_event_data, '$.SwitchFrom'), identity_arn, principal_id, 'an unknown user') AS who,
    coalesce(json_extract_string(additional_event_data, '$.RedirectTo'), '') AS target,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(identity_arn, 'an unknown role') AS role
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'SwitchRole'
),
known AS (
  SELECT DISTINCT json_extract_string(additional_event_data, '$.SwitchFrom') AS who FROM baseline_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'SwitchRole'
)
SELECT
  s.event_id,
  s.who || ' to ' || s.role AS subject,
  s.who || CASE WHEN s.outcome = 'success' THEN ' switched in the console to ' ELSE ' tried to switch in the console to ' END || s.role || ' in account ' || s.account AS summary,
  CASE WHEN k.who IS NOT NULL THEN 'info' WHEN s.who NOT LIKE '%' || s.account || '%' THEN 'medium' ELSE 'low' END AS severity
FROM switches AS s
LEFT JOIN known AS k ON k.who = s.who
ORDER BY s.event_time, s.event_id
