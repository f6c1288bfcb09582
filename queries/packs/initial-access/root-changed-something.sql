-- title: Root user changed something
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A11.12]
-- why: Nothing that an account needs day by day needs its root; no policy holds root back.
-- misses: Reads by root, and what only root may do and does once, in the first days of an account.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'root of ' || coalesce(account_id, recipient_account_id, 'an unknown account') AS subject,
  'The root user of ' || coalesce(account_id, recipient_account_id, 'an unknown account')
    || CASE WHEN bool_or(outcome = 'success') THEN ' changed something: ' ELSE ' tried to change something: ' END
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200) AS summary,
  CASE WHEN bool_or(coalesce(event_name, '') IN ('CreateAccessKey', 'DeactivateMFADevice', 'UpdateAccessKey', 'CreateUser', 'AttachUserPolicy', 'DeleteTrail', 'StopLogging')) THEN 'critical'
    ELSE 'high' END AS severity,
  string_agg(DISTINCT source_ip_address, ', ' ORDER BY source_ip_address) AS addresses
FROM scope_events
WHERE identity_type = 'Root' AND invoked_by IS NULL AND assumed_root IS NULL
  AND coalesce(event_type, '') NOT IN ('AwsServiceEvent', 'AwsConsoleSignIn')
  AND read_only = false
  AND coalesce(event_name, '') NOT IN ('CreateServiceLinkedRole', 'ConsoleLogin')
GROUP BY coalesce(account_id, recipient_account_id, 'an unknown account')
ORDER BY min(event_time), subject
