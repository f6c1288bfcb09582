-- Each place an event was found, the event itself first; bytes and hash are of the file in the folder, the archive where it is packed.
SELECT
  v.path,
  v.location,
  v.member,
  d.record_index,
  d.kind,
  d.partial,
  a.bytes,
  a.sha256,
  v.limits
FROM deliveries AS d
JOIN evidence AS v ON v.file_id = d.file_id
JOIN evidence AS a ON a.file_id = v.part_of
WHERE d.event_id = $event_id
ORDER BY CASE d.kind WHEN 'event' THEN 0 WHEN 'conflict' THEN 1 ELSE 2 END, v.path, d.record_index;
