-- title: Machines launched as miners launch them
-- severity: high
-- category: impact
-- attack: {v18: [T1496.001], v19: [T1496.001]}
-- covers: [A10.08]
-- why: Costly machines in many regions at once, protected against being switched off, are the mark of mining on somebody else's bill.
-- misses: A few cheap machines, which the resource-creation rules show one by one.
-- params:
--   regions: {type: integer, default: 3, about: "Regions in which one principal launched, or tried to, within the time, from which it is told."}
--   machines: {type: integer, default: 20, about: "Machines one principal launched or asked for within the time from which it is told."}
--   hours: {type: integer, default: 2, about: "Hours, by the clock, within which it did."}
WITH tries AS (
  SELECT event_id, event_time, principal, aws_region, machines, costly, over_quota, outcome
  FROM launches
  WHERE invoked_by IS NULL AND event_time IS NOT NULL
),
hours AS (
  SELECT principal, aws_region, date_trunc('hour', event_time) AS hour, sum(machines) AS machines FROM tries GROUP BY principal, aws_region, date_trunc('hour', event_time)
),
windows AS (
  SELECT a.principal, a.hour, count(DISTINCT b.aws_region) AS regions, sum(b.machines) AS machines
  FROM (SELECT DISTINCT principal, hour FROM hours) AS a
  JOIN hours AS b ON b.principal = a.principal AND b.hour BETWEEN a.hour AND a.hour + to_hours($hours::INTEGER - 1)
  GROUP BY a.principal, a.hour
),
peaks AS (
  SELECT principal, max(regions) AS regions, max(machines) AS machines FROM windows GROUP BY principal
),
protected AS (
  SELECT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, min(event_id) AS event_id
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND invoked_by IS NULL AND coalesce(event_name, '') IN ('ModifyInstanceAttribute', 'RunInstances')
    AND ((event_name = 'ModifyInstanceAttribute' AND json_extract_string(request_parameters, '$.disableApiTermination.value') = 'true')
      OR (event_name = 'RunInstances' AND json_extract_string(request_parameters, '$.disableApiTermination') = 'true'))
  GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller')
)
SELECT
  array_agg(t.event_id ORDER BY t.event_time, t.event_id) AS event_ids,
  'launches by ' || t.principal AS subject,
  CASE WHEN bool_or(t.outcome = 'success') THEN 'Machines were launched' ELSE 'Machines were asked for' END || ' as miners do: up to '
    || max(p.machines) || ' in ' || max(p.regions) || CASE WHEN max(p.regions) = 1 THEN ' region' ELSE ' regions' END || ' within hours'
    || CASE WHEN bool_or(t.costly) THEN ', of costly types' ELSE '' END
    || CASE WHEN bool_or(t.over_quota) THEN ', up to the limit of the account' ELSE '' END
    || CASE WHEN bool_or(g.event_id IS NOT NULL) THEN ', protected against being terminated' ELSE '' END AS summary,
  CASE
    WHEN bool_or(t.costly) AND (max(p.regions) >= $regions::INTEGER OR max(p.machines) >= $machines::INTEGER) THEN 'critical'
    WHEN bool_or(g.event_id IS NOT NULL) OR bool_or(t.over_quota) OR max(p.regions) >= $regions::INTEGER THEN 'high'
    ELSE 'medium'
  END AS severity
FROM tries AS t
JOIN peaks AS p ON p.principal = t.principal
LEFT JOIN protected AS g ON g.principal = t.principal
WHERE p.regions >= $regions::INTEGER OR p.machines >= $machines::INTEGER OR (g.event_id IS NOT NULL AND (t.costly OR p.machines >= 5))
GROUP BY t.principal
ORDER BY min(t.event_time), t.principal
