-- title: Credential of a machine used by whoever had just entered it
-- severity: high
-- category: credential-access
-- attack: {v18: [T1552.005, T1550], v19: [T1552.005, T1550]}
-- covers: [A6.03]
-- why: "Someone runs a command on a machine, and minutes later the credential of that machine is used from the address of that someone: it was read out there."
-- misses: A thief who uses it from yet another address, which other rules weigh.
-- params:
--   hours: {type: integer, default: 24, about: "Longest time between the entry and the use."}
WITH entries AS (
  SELECT
    event_time,
    event_name,
    credential,
    principal_id,
    source_ip_address AS address,
    coalesce(json_extract_string(request_parameters, '$.instanceId'), json_extract_string(request_parameters, '$.target'), CAST(json_extract(request_parameters, '$.instanceIds') AS VARCHAR)) AS machines
  FROM direct_events
  WHERE coalesce(event_source, '') IN ('ssm.amazonaws.com', 'ec2-instance-connect.amazonaws.com', 'ec2.amazonaws.com')
    AND coalesce(event_name, '') IN ('SendCommand', 'StartSession', 'SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey')
    AND outcome = 'success' AND source_kind = 'public'
),
uses AS (
  SELECT event_id, event_time, principal_id, identity_arn, source_ip_address AS address, split_part(principal_id, ':', 2) AS machine
  FROM direct_events
  WHERE principal_id LIKE '%:i-%' AND source_kind = 'public'
)
SELECT
  array_agg(DISTINCT u.event_id ORDER BY u.event_id) AS event_ids,
  u.machine || ' from ' || u.address AS subject,
  'The credential of ' || u.machine || ' was used from ' || u.address || ', from where ' || string_agg(DISTINCT e.event_name, ', ' ORDER BY e.event_name)
    || ' had been called on it before, ' || count(DISTINCT u.event_id) || CASE WHEN count(DISTINCT u.event_id) = 1 THEN ' call' ELSE ' calls' END AS summary,
  coalesce(min(w.told), 'no baseline') AS normal,
  u.address AS seen,
  min(e.event_time) AS entered_at,
  min(u.event_time) AS used_at
FROM uses AS u
JOIN entries AS e ON e.address = u.address AND contains(e.machines, u.machine)
LEFT JOIN usual AS w ON w.kind = 'identity' AND w.id = u.identity_arn AND w.aspect = 'address'
WHERE u.event_time BETWEEN e.event_time AND e.event_time + to_hours($hours::INTEGER) AND e.principal_id <> u.principal_id
GROUP BY u.machine, u.address
ORDER BY min(u.event_time), u.machine, u.address
