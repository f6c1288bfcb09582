-- title: Volume made from a snapshot and attached
-- severity: medium
-- category: collection
-- attack: {v18: [T1578.001, T1578.002], v19: [T1578.001, T1578.002]}
-- covers: [A3.06]
-- why: A volume made from somebody's snapshot and attached to one's own instance is how a disk is read without its machine noticing.
-- misses: Volumes that RunInstances makes by itself from an image; attachments by a credential outside the scope.
WITH made AS (
  SELECT
    event_id,
    event_time,
    json_extract_string(response_elements, '$.volumeId') AS volume_id,
    json_extract_string(request_parameters, '$.snapshotId') AS snapshot_id
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND event_name = 'CreateVolume' AND invoked_by IS NULL
),
attached AS (
  SELECT
    event_id,
    event_time,
    json_extract_string(request_parameters, '$.volumeId') AS volume_id,
    json_extract_string(request_parameters, '$.instanceId') AS instance_id,
    outcome
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND event_name = 'AttachVolume' AND invoked_by IS NULL
)
-- The attachment decides whether it came off; the making is named beside it.
SELECT
  attached.event_id,
  made.snapshot_id || ' on ' || coalesce(attached.instance_id, 'an unnamed instance') AS subject,
  'Volume ' || made.volume_id || ', made from ' || made.snapshot_id || CASE WHEN attached.outcome = 'success' THEN ', was ' ELSE ', was to be ' END
    || 'attached to ' || coalesce(attached.instance_id, 'an unnamed instance') AS summary,
  made.volume_id,
  made.event_id AS made_by_event
FROM made
JOIN attached ON attached.volume_id = made.volume_id
WHERE made.snapshot_id <> ''
ORDER BY attached.event_time, attached.event_id, made.event_id
