-- title: Many different calls refused in minutes
-- severity: high
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.03]
-- why: Trying every door is how a thief learns what a key may do; its owner knows.
-- misses: A patient thief, and one who asks IAM instead of trying. What was not found or throttled does not count as refused.
-- params:
--   actions: {type: integer, default: 8, about: "Different refused calls from which it is a burst."}
--   services: {type: integer, default: 3, about: "Different services among them."}
--   minutes: {type: integer, default: 30, about: "Time within which they were refused."}
WITH refused AS (
  SELECT
    principal,
    event_source,
    event_name,
    min(event_time) AS first_refused,
    min(event_id) AS event_id,
    bool_and(coalesce(session_credential_from_console, false)) AS console
  FROM direct_events
  WHERE outcome = 'denied' AND event_time IS NOT NULL AND coalesce(event_name, '') NOT IN ('ConsoleLogin', 'CheckMfa')
  GROUP BY principal, event_source, event_name
),
paced AS (
  SELECT
    principal,
    event_source,
    event_name,
    first_refused,
    event_id,
    console,
    lag(first_refused, $actions::INTEGER - 1) OVER (PARTITION BY principal ORDER BY first_refused, event_source, event_name) AS so_many_before
  FROM refused
),
bursts AS (
  SELECT principal, min(so_many_before) AS began, max(first_refused) AS ended
  FROM paced
  WHERE first_refused <= so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY principal
)
SELECT
  array_agg(p.event_id ORDER BY p.first_refused, p.event_id) AS event_ids,
  'refusals of ' || p.principal AS subject,
  count(*) || ' different calls of ' || count(DISTINCT p.event_source)
    || CASE WHEN count(DISTINCT p.event_source) = 1 THEN ' service' ELSE ' services' END || ' were refused to one principal within minutes: '
    || clipped(string_agg(DISTINCT p.event_name, ', ' ORDER BY p.event_name), 200) AS summary,
  -- Console pages ask for more than their reader may see. (All is refused, so each severity comes out one level lower.)
  CASE WHEN bool_and(p.console) THEN 'low' ELSE 'high' END AS severity
FROM paced AS p
JOIN bursts AS b ON b.principal = p.principal AND p.first_refused BETWEEN b.began AND b.ended
GROUP BY p.principal
HAVING count(DISTINCT p.event_source) >= $services::INTEGER
ORDER BY min(p.first_refused), p.principal
