-- Events of each operator by bucket shorter than an hour, counted from the start of the axis.
SELECT
  operator,
  CAST(floor((epoch(event_time) - epoch($start::TIMESTAMP)) / $seconds::BIGINT) AS INTEGER) AS bucket,
  count(*) AS events
FROM operator_events
WHERE event_time IS NOT NULL
GROUP BY ALL
ORDER BY operator NULLS LAST, bucket;
