-- title: Many different questions within minutes
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.02]
-- why: Whoever holds a key for the first time asks what is there; its owner knows and asks for the same few things every day.
-- misses: "A patient thief, and one who asks only what the owner asks too. Pages of the console ask much: they are told as info."
-- params:
--   names: {type: integer, default: 15, about: "Different calls that ask, not made by the principal before the window, from which it is told."}
--   services: {type: integer, default: 3, about: "Different services among them."}
--   minutes: {type: integer, default: 10, about: "Time within which they were made."}
WITH first_asked AS (
  SELECT principal, event_source, event_name, min(first_asked) AS first_asked, min(event_id) AS event_id, bool_and(console) AS console, bool_and(iac) AS iac
  FROM questions
  WHERE NOT known
  GROUP BY principal, event_source, event_name
),
paced AS (
  SELECT
    principal,
    event_source,
    event_name,
    first_asked,
    event_id,
    console,
    iac,
    lag(first_asked, $names::INTEGER - 1) OVER (PARTITION BY principal ORDER BY first_asked, event_source, event_name) AS so_many_before
  FROM first_asked
),
bursts AS (
  SELECT principal, min(so_many_before) AS began, max(first_asked) AS ended
  FROM paced
  WHERE first_asked <= so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY principal
)
SELECT
  array_agg(p.event_id ORDER BY p.first_asked, p.event_id) AS event_ids,
  'questions of ' || p.principal AS subject,
  count(*) || ' different questions were put to ' || count(DISTINCT p.event_source) || ' services by one principal within minutes: '
    || clipped(string_agg(DISTINCT p.event_name, ', ' ORDER BY p.event_name), 200) AS summary,
  CASE WHEN bool_and(p.console) THEN 'info' WHEN bool_and(p.iac) THEN 'low' ELSE 'medium' END AS severity,
  min(p.first_asked) AS began
FROM paced AS p
JOIN bursts AS b ON b.principal = p.principal AND p.first_asked BETWEEN b.began AND b.ended
GROUP BY p.principal
HAVING count(DISTINCT p.event_source) >= $services::INTEGER
ORDER BY min(p.first_asked), p.principal
