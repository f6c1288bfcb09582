-- What speaks for one person behind two ways of use (the same place; credentials that one issued and the other alone used; the same agent, without a
-- pause of days, and where machines are rented of one company), strongest first, and what against it: in two countries at once, or one after the other
-- faster than any aircraft (abroad), or at once in two places with other tools.
WITH issued AS (
  SELECT DISTINCT a.way, b.way AS other
  FROM credentials AS c
  JOIN scope_events AS e ON e.event_id = c.via_event_id
  JOIN way_cells AS a ON a.credential = e.credential AND a.hour = date_trunc('hour', e.event_time)
    AND e.event_time BETWEEN a.first_seen AND a.last_seen
  JOIN way_cells AS b ON b.credential = c.access_key_id
  -- A machine that was launched uses its role by itself: only what the answer of a call hands out goes to whoever called.
  WHERE c.in_scope AND c.confidence = 'certain' AND a.way <> b.way
    AND NOT EXISTS (FROM way_cells AS o WHERE o.credential = c.access_key_id AND o.way = a.way)
),
shared_agents AS (
  SELECT DISTINCT a.way, b.way AS other
  FROM (SELECT DISTINCT way, agent FROM way_cells) AS a
  JOIN (SELECT DISTINCT way, agent FROM way_cells) AS b ON b.agent = a.agent AND b.way > a.way
),
spans AS (
  SELECT way, place, family, country, hops, hour, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM way_cells
  WHERE hour IS NOT NULL
  GROUP BY ALL
),
apart AS (
  SELECT
    a.way,
    b.way AS other,
    bool_or(coalesce(a.country <> b.country, false) AND NOT (a.hops AND b.hops AND a.family = b.family)) AS abroad,
    bool_or(a.family <> b.family) AS tools
  FROM spans AS a
  JOIN spans AS b ON b.hour = a.hour AND b.way > a.way AND b.place <> a.place
    AND a.first_seen <= b.last_seen AND b.first_seen <= a.last_seen
  GROUP BY ALL
),
journeys AS (
  SELECT DISTINCT way, country, latitude, longitude, accuracy_km, first_seen, last_seen
  FROM way_cells
  WHERE hour IS NOT NULL AND country IS NOT NULL AND latitude IS NOT NULL
),
-- From each use of a way back to the last one before it of each other way.
legs AS (
  SELECT
    least(b.way, b.other) AS way,
    greatest(b.way, b.other) AS other,
    2 * 6371 * asin(least(1, sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
      + cos(radians(b.latitude)) * cos(radians(a.latitude)) * power(sin(radians(b.longitude - a.longitude) / 2), 2)))) - a.accuracy_km - b.accuracy_km AS km,
    greatest(epoch(b.first_seen) - epoch(a.last_seen), 60) / 3600 AS hours
  FROM (SELECT j.*, o.way AS other FROM journeys AS j JOIN (SELECT DISTINCT way FROM journeys) AS o ON o.way <> j.way) AS b
  ASOF JOIN journeys AS a ON a.way = b.other AND a.last_seen <= b.first_seen
  WHERE a.country <> b.country
),
flights AS (
  SELECT DISTINCT l.way, l.other
  FROM legs AS l
  JOIN clusterable AS a ON a.way = l.way
  JOIN clusterable AS b ON b.way = l.other
  WHERE l.km > 100 AND l.km / l.hours > 900 AND a.place <> b.place
),
pairs AS (
  SELECT 'abroad' AS kind, 0 AS strength, way, other FROM flights
  UNION ALL
  SELECT CASE WHEN abroad THEN 'abroad' ELSE 'tools' END AS kind, 0 AS strength, way, other FROM apart WHERE abroad OR tools
  UNION ALL
  SELECT 'place' AS kind, 1 AS strength, a.way, b.way AS other
  FROM clusterable AS a
  JOIN clusterable AS b ON b.place = a.place AND b.class = a.class AND b.way > a.way
  UNION ALL
  SELECT DISTINCT 'issued' AS kind, 2 AS strength, least(i.way, i.other) AS way, greatest(i.way, i.other) AS other
  FROM issued AS i
  JOIN clusterable AS a ON a.way = i.way
  JOIN clusterable AS b ON b.way = i.other AND b.class = a.class
  UNION ALL
  SELECT 'agent' AS kind, 3 AS strength, s.way, s.other
  FROM shared_agents AS s
  JOIN clusterable AS a ON a.way = s.way
  JOIN clusterable AS b ON b.way = s.other AND b.class = a.class AND b.rented = a.rented
  WHERE (NOT a.rented OR b.asn IS NOT DISTINCT FROM a.asn OR 'changing' IN (a.place, b.place))
    AND (a.first_seen IS NULL OR b.first_seen IS NULL
      OR (b.first_seen <= a.last_seen + to_days(3) AND a.first_seen <= b.last_seen + to_days(3)))
)
SELECT kind, way, other
FROM pairs
ORDER BY strength, way, other;
