-- Where two operators meet: hours in which both were at work, those in which they took turns, and addresses, networks and credentials of both.
WITH hours AS (
  SELECT operator, hour, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM operator_cells
  WHERE operator IS NOT NULL AND NOT by_service
  GROUP BY ALL
),
timed AS (
  SELECT
    a.operator,
    b.operator AS other,
    count(*) AS hours,
    count(*) FILTER (WHERE a.first_seen <= b.last_seen AND b.first_seen <= a.last_seen) AS turns
  FROM hours AS a
  JOIN hours AS b ON b.hour = a.hour AND b.operator > a.operator
  GROUP BY ALL
),
used AS (
  SELECT DISTINCT w.operator, w.source_ip_address AS address, i.network, w.credential
  FROM operator_ways AS w
  LEFT JOIN ips AS i ON i.address = w.source_ip_address
  WHERE w.operator IS NOT NULL AND NOT w.by_service
),
addresses AS (
  SELECT a.operator, b.operator AS other, array_agg(DISTINCT a.address ORDER BY a.address) AS shared
  FROM (SELECT DISTINCT operator, address FROM used) AS a
  JOIN (SELECT DISTINCT operator, address FROM used) AS b ON b.address = a.address AND b.operator > a.operator
  GROUP BY ALL
),
networks AS (
  SELECT a.operator, b.operator AS other, array_agg(DISTINCT a.network ORDER BY a.network) AS shared
  FROM (SELECT DISTINCT operator, network FROM used) AS a
  JOIN (SELECT DISTINCT operator, network FROM used) AS b ON b.network = a.network AND b.operator > a.operator
  GROUP BY ALL
),
credentials AS (
  SELECT a.operator, b.operator AS other, count(DISTINCT a.credential) AS shared
  FROM (SELECT DISTINCT operator, credential FROM used) AS a
  JOIN (SELECT DISTINCT operator, credential FROM used) AS b ON b.credential = a.credential AND b.operator > a.operator
  GROUP BY ALL
)
SELECT
  o.operator,
  p.operator AS other,
  coalesce(t.hours, 0) AS hours,
  coalesce(t.turns, 0) AS turns,
  coalesce(a.shared, []) AS addresses,
  coalesce(n.shared, []) AS networks,
  coalesce(c.shared, 0) AS credentials
FROM operators AS o
JOIN operators AS p ON p.operator > o.operator
LEFT JOIN timed AS t ON t.operator = o.operator AND t.other = p.operator
LEFT JOIN addresses AS a ON a.operator = o.operator AND a.other = p.operator
LEFT JOIN networks AS n ON n.operator = o.operator AND n.other = p.operator
LEFT JOIN credentials AS c ON c.operator = o.operator AND c.other = p.operator
ORDER BY o.operator, p.operator;
