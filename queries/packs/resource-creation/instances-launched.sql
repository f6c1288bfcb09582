-- title: Instances launched
-- severity: low
-- category: impact
-- attack: {v18: [T1578.002, T1496.001], v19: [T1578.002, T1496.001]}
-- covers: [A3.01]
-- why: Rented machines are what most stolen keys are turned into; graphics cards, great sizes and great numbers are bought for mining or models.
-- misses: Instances that a service starts for the caller count as info; the price and what ran on them are not in CloudTrail.
-- params:
--   many: {type: integer, default: 10, about: "Instances asked for by one principal, of one type in one region, within one hour, from which it is high."}
WITH calls AS (
  SELECT event_id, event_time, principal, aws_region, instance_types, wanted, outcome, error_code, costly, over_quota, invoked_by, instance_ids
  FROM launches
),
hours AS (
  SELECT principal, aws_region, instance_types, sum(wanted) AS wanted
  FROM calls
  GROUP BY principal, aws_region, instance_types, date_trunc('hour', event_time)
),
peaks AS (
  SELECT principal, aws_region, instance_types, max(wanted) AS wanted
  FROM hours
  GROUP BY principal, aws_region, instance_types
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.instance_types || ' in ' || coalesce(c.aws_region, 'an unknown region') || ' by ' || c.principal AS subject,
  CASE
    WHEN bool_or(c.outcome = 'success') THEN 'Instances were launched in '
    WHEN bool_or(c.outcome = 'dry_run') THEN 'A launch was rehearsed (dry run, it would have succeeded) in '
    ELSE 'A launch was tried in '
  END || coalesce(c.aws_region, 'an unknown region') || ': ' || c.instance_types || ', ' || sum(c.wanted) || ' asked for in ' || count(*)
    || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || CASE sum(CASE WHEN c.outcome = 'success' THEN 1 ELSE 0 END) WHEN 0 THEN ', none launched' WHEN count(*) THEN ''
      ELSE ', of which ' || sum(CASE WHEN c.outcome = 'success' THEN 1 ELSE 0 END) || ' succeeded' END
    || CASE WHEN bool_or(c.over_quota) THEN '; the quota stopped it, the permission did not' ELSE '' END AS summary,
  CASE
    WHEN bool_or(c.costly) OR max(p.wanted) >= $many::INTEGER THEN CASE
      -- Stopped by the quota alone, the attempt weighs as much as the deed; a rehearsal less.
      WHEN bool_or(c.over_quota) AND NOT bool_or(c.outcome = 'success') THEN 'critical'
      WHEN bool_and(c.invoked_by IS NOT NULL) OR NOT bool_or(c.outcome <> 'dry_run') THEN 'medium'
      ELSE 'high' END
    WHEN bool_or(c.over_quota) AND NOT bool_or(c.outcome = 'success') THEN 'high'
    WHEN bool_and(c.invoked_by IS NOT NULL) THEN 'info'
    ELSE 'low'
  END AS severity,
  c.instance_types,
  sum(c.wanted) AS wanted,
  max(c.instance_ids) AS instance_ids,
  max(c.error_code) AS error_code
FROM calls AS c
JOIN peaks AS p ON p.principal = c.principal AND p.instance_types = c.instance_types AND coalesce(p.aws_region, '') = coalesce(c.aws_region, '')
GROUP BY c.principal, c.aws_region, c.instance_types
ORDER BY min(c.event_time), c.aws_region, c.instance_types, c.principal
