-- title: Instances launched
-- severity: low
-- category: impact
-- attack: {v18: [T1578.002, T1496.001], v19: [T1578.002, T1496.001]}
-- covers: [A3.01]
-- why: Rented machines are what most stolen keys are turned into; graphics cards, great sizes and great numbers are bought for mining or models.
-- misses: Instances that a service starts for the caller count as info; the price and what ran on them are not in CloudTrail.
-- params:
--   many: {type: integer, default: 10, about: "Instances launched or asked for by one principal, of one type in one region, within one hour, from which it is high."}
WITH calls AS (
  SELECT event_id, event_time, principal, aws_region, instance_types, machines, ending, outcome, over_quota, costly, invoked_by, instance_ids, error_code
  FROM launches
),
hours AS (
  SELECT principal, aws_region, instance_types, sum(machines) AS machines
  FROM calls
  GROUP BY principal, aws_region, instance_types, date_trunc('hour', event_time)
),
peaks AS (
  SELECT principal, aws_region, instance_types, max(machines) AS machines
  FROM hours
  GROUP BY principal, aws_region, instance_types
),
endings AS (
  SELECT principal, aws_region, instance_types, ending, sum(machines) || CASE ending WHEN 1 THEN ' launched in ' ELSE ' asked for in ' END || count(*)
    || CASE count(*) WHEN 1 THEN ' call' ELSE ' calls' END || CASE ending WHEN 3 THEN ', none launched' ELSE '' END AS words
  FROM calls
  GROUP BY principal, aws_region, instance_types, ending
),
told AS (
  SELECT principal, aws_region, instance_types, string_agg(words, '; ' ORDER BY ending) AS words
  FROM endings
  GROUP BY principal, aws_region, instance_types
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.instance_types || ' in ' || coalesce(c.aws_region, 'an unknown region') || ' by ' || c.principal AS subject,
  CASE WHEN min(c.ending) < 3 THEN 'Instances were launched in '
    WHEN bool_or(c.outcome = 'dry_run') THEN 'A launch was rehearsed (dry run, it would have succeeded) in ' ELSE 'A launch was tried in ' END
    || coalesce(c.aws_region, 'an unknown region') || ': ' || c.instance_types || ', ' || max(t.words)
    || CASE WHEN bool_or(c.over_quota) THEN '; the quota stopped it, the permission did not' ELSE '' END AS summary,
  CASE
    WHEN bool_or(c.costly) OR max(p.machines) >= $many::INTEGER THEN CASE
      -- Stopped by the quota alone, the attempt weighs as much as the deed; a rehearsal less.
      WHEN bool_or(c.over_quota) AND NOT bool_or(c.outcome = 'success') THEN 'critical'
      WHEN bool_and(c.invoked_by IS NOT NULL) OR NOT bool_or(c.outcome <> 'dry_run') THEN 'medium'
      ELSE 'high' END
    WHEN bool_or(c.over_quota) AND NOT bool_or(c.outcome = 'success') THEN 'high'
    WHEN bool_and(c.invoked_by IS NOT NULL) THEN 'info'
    ELSE 'low'
  END AS severity,
  c.instance_types,
  max(c.instance_ids) AS instance_ids,
  max(c.error_code) AS error_code
FROM calls AS c
JOIN peaks AS p ON p.principal = c.principal AND p.instance_types = c.instance_types AND coalesce(p.aws_region, '') = coalesce(c.aws_region, '')
JOIN told AS t ON t.principal = c.principal AND t.instance_types = c.instance_types AND coalesce(t.aws_region, '') = coalesce(c.aws_region, '')
GROUP BY c.principal, c.aws_region, c.instance_types
ORDER BY min(c.event_time), c.aws_region, c.instance_types, c.principal
