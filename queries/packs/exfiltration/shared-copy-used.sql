-- title: Shared snapshot used by another account
-- severity: critical
-- category: exfiltration
-- attack: {v18: [T1537], v19: [T1537]}
-- covers: [A4.07]
-- why: AWS itself reports that another account copied a shared snapshot or made a volume of it, so the disk has left.
-- misses: Database snapshots and images, for which AWS reports nothing; use inside the accounts of the evidence is not shown.
WITH used AS (
  SELECT event_id, event_time, event_name, aws_region, account_id, recipient_account_id, service_event_details
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated')
  UNION
  SELECT event_id, event_time, event_name, aws_region, account_id, recipient_account_id, service_event_details
  FROM consequence_events
  WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('SharedSnapshotVolumeCreated', 'SharedSnapshotCopyInitiated')
)
SELECT
  event_id,
  coalesce(json_extract_string(service_event_details, '$.snapshotId'), 'unnamed snapshot') AS subject,
  CASE WHEN event_name = 'SharedSnapshotVolumeCreated' THEN 'A volume was made from shared snapshot ' ELSE 'A copy was made of shared snapshot ' END
    || coalesce(json_extract_string(service_event_details, '$.snapshotId'), '(unnamed)') || ' by account ' || account_id AS summary,
  account_id AS used_by,
  aws_region AS region
FROM used
WHERE account_id <> recipient_account_id AND account_id NOT IN (SELECT account_id FROM own_accounts)
ORDER BY event_time, event_id
