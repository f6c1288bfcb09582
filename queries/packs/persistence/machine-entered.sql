-- title: Machine or container entered
-- severity: medium
-- category: lateral-movement
-- attack: {v18: [T1021.004, T1021.008], v19: [T1021.004, T1021.008]}
-- covers: [A9.03, A9.05]
-- why: An SSH key pushed or a session opened is a shell on the machine, with every credential and secret that lies there.
-- misses: What was typed; whether the login followed the pushed key, which no API sees; logins by SSH keys that lay there before.
-- params:
--   days: {type: integer, default: 3, about: "Different days of the evidence on which a principal does this from which it is its work, where no seed is given."}
WITH entries AS (
  SELECT
    event_id, event_time, event_source, event_name, outcome, invoked_by, hop,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    coalesce(
      json_extract_string(request_parameters, '$.instanceId'), json_extract_string(request_parameters, '$.target'),
      'session ' || json_extract_string(request_parameters, '$.sessionId'), 'task ' || json_extract_string(request_parameters, '$.task'), 'an unnamed machine')
      || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS machine,
    json_extract_string(request_parameters, '$.documentName') AS document
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ec2-instance-connect.amazonaws.com', 'ssm.amazonaws.com', 'ecs.amazonaws.com')
    AND coalesce(event_name, '') IN ('SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey', 'StartSession', 'ResumeSession', 'ExecuteCommand')
),
words AS (
  SELECT 'SendSSHPublicKey' AS event_name, 'An SSH key was pushed to ' AS done, 'push an SSH key to ' AS verb UNION ALL
  SELECT 'SendSerialConsoleSSHPublicKey', 'An SSH key was pushed to the serial console of ', 'push an SSH key to the serial console of ' UNION ALL
  SELECT 'StartSession', 'A session was opened on ', 'open a session on ' UNION ALL
  SELECT 'ResumeSession', 'A session was resumed: ', 'resume a session: ' UNION ALL
  SELECT 'ExecuteCommand', 'A command was run in a container of ', 'run a command in a container of '
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, event_name
  FROM baseline_events
  WHERE coalesce(event_name, '') IN ('SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey', 'StartSession', 'ResumeSession', 'ExecuteCommand')
)
SELECT
  e.event_id,
  e.machine AS subject,
  CASE WHEN e.outcome = 'success' THEN w.done ELSE 'Attempt to ' || w.verb END || e.machine || coalesce(', with the document ' || e.document, '')
    || CASE WHEN k.principal IS NOT NULL THEN '; the same principal did so before the window' ELSE '' END AS summary,
  CASE
    WHEN e.invoked_by IS NOT NULL OR k.principal IS NOT NULL THEN 'low'
    -- Without a seed nobody is suspected, and operators log in day by day.
    WHEN e.hop IS NULL THEN CASE WHEN h.days >= $days::INTEGER THEN 'low' ELSE 'medium' END
    WHEN e.event_name = 'SendSerialConsoleSSHPublicKey' THEN 'high'
    ELSE 'medium'
  END AS severity,
  e.principal AS entered_by
FROM entries AS e
JOIN words AS w ON w.event_name = e.event_name
LEFT JOIN known AS k ON k.principal = e.principal AND k.event_name = e.event_name
LEFT JOIN habits AS h ON h.principal = e.principal AND h.event_name = e.event_name AND h.event_source = e.event_source
ORDER BY e.outcome <> 'success', e.event_time, e.event_id
