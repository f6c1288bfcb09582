-- title: The same asked in region after region
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.10]
-- why: An account lives in a few regions; who asks in all of them looks for what he does not know, or for a place nobody watches.
-- misses: Whoever stays where the owner works. Tools of the owner that sweep all regions every day are left out where the window leaves time before it.
-- params:
--   regions: {type: integer, default: 5, about: "Regions in which one principal asked the same within the time, from which it is told."}
--   minutes: {type: integer, default: 10, about: "Time within which it did."}
WITH paced AS (
  SELECT
    principal,
    event_source,
    event_name,
    aws_region,
    first_asked,
    event_id,
    console,
    iac,
    lag(first_asked, $regions::INTEGER - 1) OVER (PARTITION BY principal, event_source, event_name ORDER BY first_asked, aws_region) AS so_many_before
  FROM questions
  WHERE NOT known
),
sweeps AS (
  SELECT principal, event_source, event_name, min(so_many_before) AS began, max(first_asked) AS ended
  FROM paced
  WHERE first_asked <= so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY principal, event_source, event_name
)
SELECT
  array_agg(p.event_id ORDER BY p.first_asked, p.event_id) AS event_ids,
  'regions swept by ' || p.principal AS subject,
  'The same was asked in ' || count(DISTINCT p.aws_region) || ' regions within minutes: '
    || clipped(string_agg(DISTINCT p.event_name, ', ' ORDER BY p.event_name), 200) AS summary,
  CASE WHEN bool_and(p.console) THEN 'info' WHEN bool_and(p.iac) THEN 'low' ELSE 'medium' END AS severity,
  string_agg(DISTINCT p.aws_region, ', ' ORDER BY p.aws_region) AS regions
FROM paced AS p
JOIN sweeps AS s ON s.principal = p.principal AND s.event_source = p.event_source AND s.event_name = p.event_name
  AND p.first_asked BETWEEN s.began AND s.ended
GROUP BY p.principal
ORDER BY min(p.first_asked), p.principal
