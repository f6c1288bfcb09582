-- title: Console logins of one user from several addresses at once
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004, T1539], v19: [T1078.004, T1539]}
-- covers: [A11.03]
-- why: "One person sits in one place: logins from two networks within minutes are two people, or one behind a changing VPN."
-- misses: A change of network, as from office to telephone, looks the same within the time; so the time is short.
-- params:
--   minutes: {type: integer, default: 5, about: "Longest time between the two logins."}
WITH logins AS (
  SELECT
    event_id,
    event_time,
    coalesce(identity_arn, account_id || '/' || user_name, principal_id, 'an unknown user') AS who,
    source_ip_address AS address,
    regexp_extract(source_ip_address, '^([0-9]+[.][0-9]+[.][0-9]+|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F]*)', 1) AS network
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin' AND outcome = 'success' AND coalesce(source_kind, '') IN ('public', 'private')
),
pairs AS (
  SELECT
    event_id,
    event_time,
    who,
    address,
    network,
    lag(network) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_network,
    lag(address) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_address,
    lag(event_time) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_time
  FROM logins
)
SELECT
  event_id,
  who AS subject,
  who || ' signed in to the console from ' || address || ', minutes after a login from ' || earlier_address AS summary,
  earlier_address,
  earlier_time
FROM pairs
WHERE earlier_network <> network AND event_time <= earlier_time + to_minutes($minutes::INTEGER)
ORDER BY event_time, event_id
