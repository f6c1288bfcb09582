-- title: Disk read block by block through the EBS interface
-- severity: high
-- category: collection
-- attack: {v18: [T1530], v19: [T1530]}
-- covers: [A4.09]
-- why: Direct reads take a whole disk out of a snapshot without sharing it, starting a machine or leaving another trace.
-- misses: These are data events, so where they are not recorded the reads happen unseen.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  coalesce(json_extract_string(request_parameters, '$.snapshotId'), json_extract_string(request_parameters, '$.secondSnapshotId'),
    'unnamed snapshot') AS subject,
  'Blocks of ' || coalesce(json_extract_string(request_parameters, '$.snapshotId'),
    json_extract_string(request_parameters, '$.secondSnapshotId'), 'an unnamed snapshot')
    || CASE WHEN outcome = 'success' THEN ' were read or listed: ' ELSE ' were to be read or listed: ' END
    || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || CASE sum(CASE WHEN event_name = 'GetSnapshotBlock' AND outcome = 'success' THEN 1 ELSE 0 END) WHEN 0 THEN '' WHEN 1 THEN ', 1 block read'
      ELSE ', ' || sum(CASE WHEN event_name = 'GetSnapshotBlock' AND outcome = 'success' THEN 1 ELSE 0 END) || ' blocks read' END AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'info' ELSE 'high' END AS severity,
  sum(CASE WHEN event_name = 'GetSnapshotBlock' AND outcome = 'success' THEN 1 ELSE 0 END) AS blocks
FROM scope_events
WHERE event_source = 'ebs.amazonaws.com' AND coalesce(event_name, '') IN ('ListSnapshotBlocks', 'ListChangedBlocks', 'GetSnapshotBlock')
GROUP BY coalesce(json_extract_string(request_parameters, '$.snapshotId'), json_extract_string(request_parameters, '$.secondSnapshotId'),
  'unnamed snapshot'),
  json_extract_string(request_parameters, '$.snapshotId'), json_extract_string(request_parameters, '$.secondSnapshotId'), outcome = 'success'
ORDER BY min(event_time), subject, summary
