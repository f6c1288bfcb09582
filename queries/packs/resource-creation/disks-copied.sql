-- title: Disks copied to snapshots, images or volumes
-- severity: low
-- category: collection
-- attack: {v18: [T1578.001, T1578.002], v19: [T1578.001, T1578.002]}
-- covers: [A3.06]
-- why: A copy of a disk holds everything on it and can be read, shared or taken away without touching the machine.
-- misses: What the disk held; copies that backup services make by themselves are info.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'disk copies in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') || ' by '
    || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE WHEN outcome = 'success' THEN 'Disks were copied in ' ELSE 'Disks were to be copied in ' END
    || coalesce(aws_region, 'an unknown region') || ' by ' || count(*) || CASE WHEN count(*) = 1 THEN ' call: ' ELSE ' calls: ' END
    || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'info' ELSE 'low' END AS severity,
  array_agg(DISTINCT coalesce(
    json_extract_string(request_parameters, '$.volumeId'), json_extract_string(request_parameters, '$.instanceId'),
      json_extract_string(request_parameters, '$.sourceSnapshotId'),
    json_extract_string(request_parameters, '$.sourceImageId'), json_extract_string(request_parameters, '$.snapshotId')) ORDER BY coalesce( json_extract_string(request_parameters, '$.volumeId'), json_extract_string(request_parameters, '$.instanceId'), json_extract_string(request_parameters, '$.sourceSnapshotId'), json_extract_string(request_parameters, '$.sourceImageId'), json_extract_string(request_parameters, '$.snapshotId'))) AS sources
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com'
  AND coalesce(event_name, '') IN ('CreateSnapshot', 'CreateSnapshots', 'CreateImage', 'RegisterImage', 'CopyImage', 'CopySnapshot', 'CreateVolume')
  AND (event_name <> 'CreateVolume' OR json_extract_string(request_parameters, '$.snapshotId') <> '')
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), aws_region, recipient_account_id, outcome = 'success'
ORDER BY min(event_time), aws_region, recipient_account_id, subject, summary
