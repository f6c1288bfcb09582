-- title: Snapshot made, shared or removed within minutes
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1537], v19: [T1537]}
-- covers: [A4.08]
-- why: Copying a disk, sharing the copy and clearing it away again in a few minutes is a theft with its traces wiped.
-- misses: The same steps hours apart, or by different credentials.
-- params:
--   minutes: {type: integer, default: 5, about: "Longest time between one step and the next."}
WITH steps AS (
  SELECT
    event_id,
    event_time,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    aws_region,
    event_name,
    CASE WHEN outcome = 'success' THEN '' ELSE ' (in vain)' END AS how,
    lag(event_name) OVER (PARTITION BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'),
      aws_region ORDER BY event_time, event_id) AS earlier,
    lag(event_time) OVER (PARTITION BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'),
      aws_region ORDER BY event_time, event_id) AS earlier_time,
    lag(event_id) OVER (PARTITION BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'),
      aws_region ORDER BY event_time, event_id) AS earlier_id
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('CreateSnapshot', 'DescribeSnapshotAttribute',
    'ModifySnapshotAttribute', 'DeleteSnapshot')
    AND invoked_by IS NULL AND event_time IS NOT NULL
),
pairs AS (
  SELECT event_id, earlier_id
  FROM steps
  WHERE earlier <> event_name AND event_time <= earlier_time + to_minutes($minutes::INTEGER)
),
members AS (
  SELECT event_id FROM pairs
  UNION
  SELECT earlier_id AS event_id FROM pairs
)
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  'snapshots in ' || coalesce(s.aws_region, 'an unknown region') || ' by ' || s.principal AS subject,
  'Within minutes of each other, ' || string_agg(DISTINCT s.event_name || s.how, ', ' ORDER BY s.event_name || s.how)
    || ' were called on snapshots in ' || coalesce(s.aws_region, 'an unknown region') AS summary,
  -- A share among the steps is what makes them a theft; without one they are housekeeping.
  CASE WHEN bool_or(s.event_name = 'ModifySnapshotAttribute' AND s.how = '') THEN 'medium' ELSE 'low' END AS severity
FROM members AS m
JOIN steps AS s ON s.event_id = m.event_id
GROUP BY s.principal, s.aws_region
ORDER BY min(s.event_time), s.aws_region, s.principal
