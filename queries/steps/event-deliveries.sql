-- Each place an event was found, the event itself first; bytes and hash are of the file in the folder, the archive where it is packed.
SELECT
  v.path,
  v.location,
  v.member,
  d.record_index,
  d.kind,
  d.partial,
  coalesce(a.bytes, v.bytes) AS bytes,
  coalesce(a.sha256, v.sha256) AS sha256
FROM deliveries AS d
JOIN evidence AS v ON v.file_id = d.file_id
LEFT JOIN evidence AS a ON v.member IS NOT NULL AND a.member IS NULL AND a.location = v.location AND a.modified_ms = v.modified_ms
WHERE d.event_id = $event_id
ORDER BY CASE d.kind WHEN 'event' THEN 0 WHEN 'conflict' THEN 1 ELSE 2 END, v.path, d.record_index;
