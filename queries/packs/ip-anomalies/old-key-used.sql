-- title: Access key older than 90 days in use
-- severity: info
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: []
-- why: The longer a key lives, the more places it has been copied to; of a stolen one it tells how far back to look.
-- misses: A key whose making and early use lie before the evidence and the baseline counts as younger than it is.
-- params:
--   days: {type: integer, default: 90, about: "Age in days from which it is said."}
WITH used AS (
  SELECT
    access_key_id,
    min(event_time) AS first_use,
    max(event_time) AS last_use,
    min(event_id) AS event_id,
    count(*) AS calls
  FROM direct_events
  WHERE access_key_id LIKE 'AKIA%' AND event_time IS NOT NULL
  GROUP BY access_key_id
),
made AS (
  SELECT issued_access_key_id AS access_key_id, min(event_time) AS made_at
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateAccessKey' AND issued_access_key_id IS NOT NULL
  GROUP BY issued_access_key_id
),
aged AS (
  SELECT u.access_key_id, u.event_id, u.calls, u.first_use, u.last_use, least(u.first_use, m.made_at, n.first_seen) AS known_since,
    n.first_seen AS normal_since
  FROM used AS u
  LEFT JOIN made AS m ON m.access_key_id = u.access_key_id
  LEFT JOIN normal AS n ON n.kind = 'credential' AND n.id = u.access_key_id AND n.aspect = 'use'
)
SELECT
  d.event_id,
  a.access_key_id AS subject,
  'The key ' || a.access_key_id || ' has been there since ' || substr(CAST(a.known_since AS VARCHAR), 1, 10) || ' at the latest, '
    || date_diff('day', a.known_since, a.last_use) || ' days before its last call' AS summary,
  coalesce('used since ' || substr(CAST(a.normal_since AS VARCHAR), 1, 10), 'no baseline') || '; the bar is ' || CAST($days::INTEGER AS VARCHAR) || ' days' AS normal,
  date_diff('day', a.known_since, a.last_use) || ' days' AS seen
FROM aged AS a
JOIN direct_events AS d ON d.access_key_id = a.access_key_id AND d.event_time = a.last_use
WHERE date_diff('day', a.known_since, a.last_use) >= $days::INTEGER
ORDER BY a.known_since, a.access_key_id, d.event_id
