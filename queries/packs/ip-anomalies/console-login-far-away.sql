-- title: Console logins from two countries within hours
-- severity: high
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.10]
-- why: Nobody signs in from two countries within a few hours without help.
-- misses: A way out through a VPN looks the same, and addresses without a country count for nothing.
-- params:
--   hours: {type: integer, default: 6, about: "Longest time between the two logins."}
WITH logins AS (
  SELECT
    s.event_id,
    s.event_time,
    coalesce(s.identity_arn, s.account_id || '/' || s.user_name, s.principal_id, 'an unknown user') AS who,
    s.source_ip_address AS address,
    i.country
  FROM scope_events AS s
  JOIN ips AS i ON i.address = s.source_ip_address
  WHERE s.event_source = 'signin.amazonaws.com' AND s.event_name = 'ConsoleLogin' AND s.outcome = 'success' AND i.country IS NOT NULL
),
pairs AS (
  SELECT
    event_id,
    event_time,
    who,
    address,
    country,
    lag(country) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_country,
    lag(address) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_address,
    lag(event_time) OVER (PARTITION BY who ORDER BY event_time, event_id) AS earlier_time
  FROM logins
)
SELECT
  event_id,
  who AS subject,
  who || ' signed in to the console from ' || country || ' (' || address || ') '
    || CASE date_diff('minute', earlier_time, event_time) WHEN 0 THEN 'less than a minute' WHEN 1 THEN '1 minute'
      ELSE date_diff('minute', earlier_time, event_time) || ' minutes' END || ' after a login from ' || earlier_country || ' (' || earlier_address
      || ')' AS summary,
  country,
  earlier_country
FROM pairs
WHERE earlier_country <> country AND event_time <= earlier_time + to_hours($hours::INTEGER)
ORDER BY event_time, event_id
