-- One row an evidence file: its records by what became of them. records = events + duplicates + conflicts + ignored + rejected.
WITH times AS (
  SELECT d.file_id, min(e.event_time) AS first_event, max(e.event_time) AS last_event
  FROM deliveries AS d
  JOIN events AS e ON e.event_id = d.event_id
  GROUP BY d.file_id
),
delivered AS (
  SELECT
    file_id,
    count(*) FILTER (WHERE kind = 'event') AS events,
    count(*) FILTER (WHERE kind = 'duplicate') AS duplicates,
    count(*) FILTER (WHERE kind = 'conflict') AS conflicts,
    count(*) FILTER (WHERE partial) AS partial
  FROM deliveries
  GROUP BY file_id
),
-- A file can hold a million of them: the report names the first thousand.
rejected AS (
  SELECT
    file_id,
    count(record_index) AS rejected, -- what the file was refused for as a whole is no record
    array_agg({record_index: record_index, byte_offset: byte_offset, reason: reason} ORDER BY place)
      FILTER (WHERE place <= 1000) AS rejects
  FROM (
    SELECT
      *,
      row_number() OVER (PARTITION BY file_id ORDER BY byte_offset NULLS FIRST, record_index NULLS FIRST, reason) AS place
    FROM (SELECT file_id, record_index, byte_offset, reason FROM rejects)
  )
  GROUP BY file_id
),
-- Which files its duplicates repeat: the ten with most.
repeated AS (
  SELECT file_id, array_agg({file: path, records: records} ORDER BY records DESC, path)[1:10] AS duplicates_of
  FROM (
    SELECT d.file_id, v.path, count(*) AS records
    FROM duplicates AS d
    JOIN events AS e ON e.event_id = d.event_id
    JOIN evidence AS v ON v.file_id = e.file_id
    GROUP BY d.file_id, v.path
  )
  GROUP BY file_id
),
-- Top-level fields that no column holds: a new version of CloudTrail shows here first.
unknown AS (
  SELECT file_id, array_agg({field: field, records: records} ORDER BY records DESC, field)[1:50] AS unknown_fields
  FROM (
    SELECT file_id, field, count(*) AS records
    FROM (SELECT file_id, unnest(list_distinct(json_keys(extra))) AS field FROM events WHERE extra IS NOT NULL)
    GROUP BY file_id, field
  )
  GROUP BY file_id
)
SELECT
  v.path,
  v.status,
  v.shape,
  v.reason,
  v.bytes,
  v.inflated_bytes,
  v.sha256,
  v.sha256_inflated,
  v.records,
  coalesce(d.events, 0) AS events,
  coalesce(d.duplicates, 0) AS duplicates,
  coalesce(d.conflicts, 0) AS conflicts,
  v.ignored,
  coalesce(r.rejected, 0) AS rejected,
  coalesce(d.partial, 0) AS partial_events,
  r.rejects,
  w.duplicates_of,
  u.unknown_fields,
  t.first_event,
  t.last_event
FROM evidence AS v
LEFT JOIN delivered AS d ON d.file_id = v.file_id
LEFT JOIN rejected AS r ON r.file_id = v.file_id
LEFT JOIN repeated AS w ON w.file_id = v.file_id
LEFT JOIN unknown AS u ON u.file_id = v.file_id
LEFT JOIN times AS t ON t.file_id = v.file_id
ORDER BY v.path, v.sha256, v.bytes, v.file_id;
