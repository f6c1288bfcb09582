-- title: Instances launched
-- severity: low
-- category: impact
-- attack: {v18: [T1578.002, T1496.001], v19: [T1578.002, T1496.001]}
-- covers: [A3.01]
-- why: Rented machines are what most stolen keys are turned into; graphics cards, great sizes and great numbers are bought for mining or models.
-- misses: Instances that a service starts for the caller count as info; the price and what ran on them are not in CloudTrail.
-- params:
--   many: {type: integer, default: 10, about: "Instances asked for by one principal, of one type in one region, from which a launch is high."}
WITH groups AS (
  SELECT
    principal,
    aws_region,
    coalesce(instance_types, 'instances of an unnamed type') AS types,
    array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
    count(*) AS calls,
    sum(CASE WHEN wanted BETWEEN 1 AND 100000 THEN wanted ELSE 1 END) AS wanted,
    sum(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END) AS succeeded,
    bool_or(outcome = 'dry_run') AS rehearsed,
    bool_or(coalesce(error_code, '') LIKE '%LimitExceeded' OR coalesce(error_code, '') LIKE '%CountExceeded') AS over_quota,
    bool_or(accelerated OR large) AS costly,
    bool_and(invoked_by IS NOT NULL) AS by_service,
    max(error_code) AS error_code,
    max(instance_ids) AS instance_ids,
    max(key_name) AS key_name,
    min(event_time) AS first_call
  FROM launches
  GROUP BY principal, aws_region, coalesce(instance_types, 'instances of an unnamed type')
)
SELECT
  event_ids,
  types || ' in ' || coalesce(aws_region, 'an unknown region') || ' by ' || principal AS subject,
  CASE
    WHEN succeeded > 0 THEN 'Instances were launched in ' || coalesce(aws_region, 'an unknown region') || ': '
    WHEN rehearsed THEN 'A launch was rehearsed (dry run, it would have succeeded) in ' || coalesce(aws_region, 'an unknown region') || ': '
    ELSE 'A launch was tried in ' || coalesce(aws_region, 'an unknown region') || ': '
  END || types || ', ' || calls || CASE WHEN calls = 1 THEN ' call' ELSE ' calls' END || ' for ' || wanted || ' in all, ' || succeeded || ' succeeded'
    || CASE WHEN over_quota THEN '; the quota stopped it, the permission did not' ELSE '' END AS summary,
  CASE
    -- Stopped by the quota alone: the caller was allowed to, so the attempt weighs as much as the deed.
    WHEN over_quota AND succeeded = 0 AND (costly OR wanted >= $many::INTEGER) THEN 'critical'
    WHEN (costly OR wanted >= $many::INTEGER) AND (by_service OR (rehearsed AND succeeded = 0)) THEN 'medium'
    WHEN costly OR wanted >= $many::INTEGER THEN 'high'
    WHEN over_quota AND succeeded = 0 THEN 'high'
    WHEN by_service THEN 'info'
    ELSE 'low'
  END AS severity,
  types AS instance_types,
  wanted,
  instance_ids,
  key_name,
  error_code
FROM groups
ORDER BY first_call, aws_region, types, principal
