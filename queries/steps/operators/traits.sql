-- What is told of each operator beside its row: one row a trait, of each kind the 24 with most events, and how many there are. NULL stands for what is of no operator.
WITH ways AS (
  SELECT w.*, i.network, i.asn, i.as_name, i.country, i.owner, i.known_good, a.family, a.version
  FROM operator_ways AS w
  LEFT JOIN ips AS i ON i.address = w.source_ip_address
  LEFT JOIN agents AS a ON a.user_agent = w.user_agent
),
hours AS (
  SELECT operator, hour, sum(events)::BIGINT AS events
  FROM operator_cells
  WHERE hour IS NOT NULL
  GROUP BY ALL
),
traits AS (
  SELECT operator, 'network' AS trait, coalesce(network, source_ip_address) AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE NOT by_service
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'whose' AS trait, concat_ws(', ', 'AS' || asn, as_name, country) AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE NOT by_service AND (asn IS NOT NULL OR country IS NOT NULL)
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'owner' AS trait, owner AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE NOT by_service AND owner IS NOT NULL
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'known_good' AS trait, known_good AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE NOT by_service AND known_good IS NOT NULL
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'agent' AS trait, CASE WHEN family <> 'other' THEN family || coalesce('/' || version, '') ELSE coalesce('other: ' || left(user_agent, 80), 'none') END AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE NOT by_service
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'service' AS trait, coalesce(source_ip_address, 'unnamed') AS value, sum(events)::BIGINT AS events
  FROM ways
  WHERE by_service
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'reason' AS trait, reason AS value, sum(events)::BIGINT AS events
  FROM ways
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'hour' AS trait, CAST(date_part('hour', hour) AS VARCHAR) AS value, sum(events)::BIGINT AS events
  FROM hours
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'busiest_hour' AS trait, strftime(min_by(hour, (-events, hour)), '%Y-%m-%dT%H:00:00Z') AS value, max(events)::BIGINT AS events
  FROM hours
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'hours' AS trait, '' AS value, count(*) AS events
  FROM hours
  GROUP BY ALL
  UNION ALL
  SELECT operator, 'days' AS trait, '' AS value, count(DISTINCT hour::DATE) AS events
  FROM hours
  GROUP BY ALL
),
counted AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY operator, trait ORDER BY events DESC, value) AS place,
    count(*) OVER (PARTITION BY operator, trait) AS total
  FROM traits
)
SELECT operator, trait, value, events, total
FROM counted
WHERE place <= 24
ORDER BY operator NULLS LAST, trait, place;
