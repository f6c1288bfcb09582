-- The calls of each operator, those made most first, and whether nobody else in the scope makes them.
WITH made AS (
  SELECT operator, event_source || ':' || event_name AS call, count(*) AS events
  FROM operator_events
  WHERE event_source IS NOT NULL AND event_name IS NOT NULL
  GROUP BY ALL
),
compared AS (
  SELECT
    operator,
    call,
    events,
    count(*) OVER (PARTITION BY call) = 1 AS alone,
    count(*) OVER (PARTITION BY operator) AS calls,
    row_number() OVER (PARTITION BY operator ORDER BY events DESC, call) AS place
  FROM made
),
kept AS (
  SELECT *, sum(alone::INTEGER) OVER (PARTITION BY operator) AS calls_alone, row_number() OVER (PARTITION BY operator, alone ORDER BY place) AS place_alone
  FROM compared
)
SELECT operator, call, events, alone, calls, calls_alone::BIGINT AS calls_alone
FROM kept
WHERE operator IS NOT NULL AND (place <= 5 OR (alone AND place_alone <= 5))
ORDER BY operator, place;
