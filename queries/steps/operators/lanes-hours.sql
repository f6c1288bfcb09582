-- Events of each operator by bucket of whole hours, counted from the start of the axis.
SELECT
  operator,
  CAST(floor((epoch(hour) - epoch($start::TIMESTAMP)) / $seconds::BIGINT) AS INTEGER) AS bucket,
  sum(events)::BIGINT AS events
FROM operator_cells
WHERE hour IS NOT NULL
GROUP BY ALL
ORDER BY operator NULLS LAST, bucket;
