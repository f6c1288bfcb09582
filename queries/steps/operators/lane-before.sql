-- Use by the same principals before the window, by bucket, counted from the start of the axis.
SELECT
  CAST(floor((epoch(event_time) - epoch($start::TIMESTAMP)) / $seconds::BIGINT) AS INTEGER) AS bucket,
  count(*) AS events
FROM baseline_events
WHERE source_kind IN ('public', 'private') AND event_time >= $start::TIMESTAMP AND event_time < $from::TIMESTAMP
GROUP BY ALL
ORDER BY bucket;
