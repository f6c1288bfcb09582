-- Adds up the signs: one row a unit, which is a caller at a new place, or on a day at its usual ones.
CREATE OR REPLACE TEMP TABLE units AS
WITH told AS (
  SELECT
    unit,
    day,
    any_value(cid) AS cid,
    count(*) AS calls,
    min(event_time) AS first_use,
    count(CASE WHEN new_call THEN 1 END) AS new_calls,
    bool_or(new_agent) AS new_agent,
    bool_or(tool) AS tool,
    bool_or(new_region) AS new_region,
    bool_or(new_region AND NOT read_only) AS changed_region,
    bool_or(new_endpoint) AS new_endpoint,
    bool_or(new_delivery) AS new_delivery,
    bool_and(page) AS pages,
    count(CASE WHEN without_mfa THEN 1 END) AS calls_without_mfa,
    count(CASE WHEN replayed THEN 1 END) AS calls_replayed,
    count(CASE WHEN odd_hour THEN 1 END) AS odd_hours,
    count(CASE WHEN odd_weekday THEN 1 END) AS odd_weekdays
  FROM flagged
  GROUP BY unit, day
),
-- A day at the usual places is measured by all that was done there.
at_home AS (
  SELECT unit, hour // 24 AS day, cid, sum(calls)::BIGINT AS calls, max(calls) AS peak, min(first_use) AS first_use
  FROM unit_hours
  WHERE unit < 0
  GROUP BY ALL
),
peaks AS (
  SELECT unit, max(calls) AS peak FROM unit_hours WHERE unit > 0 GROUP BY unit
)
SELECT
  t.* REPLACE (coalesce(h.calls, t.calls) AS calls, coalesce(h.first_use, t.first_use) AS first_use),
  coalesce(h.peak, p.peak) AS peak
FROM told AS t
LEFT JOIN at_home AS h ON h.unit = t.unit AND h.day IS NOT DISTINCT FROM t.day
LEFT JOIN peaks AS p ON p.unit = t.unit
UNION ALL BY NAME
-- Days on which nothing but the rate, or that the caller was back, was unusual.
SELECT
  h.unit, h.day, h.cid, h.calls, h.first_use, 0 AS new_calls, false AS new_agent, false AS tool, false AS new_region, false AS changed_region,
  false AS new_endpoint, false AS new_delivery, false AS pages, 0 AS calls_without_mfa, 0 AS calls_replayed, 0 AS odd_hours, 0 AS odd_weekdays, h.peak
FROM at_home AS h
JOIN expected AS x ON x.cid = h.cid
LEFT JOIN told AS t ON t.unit = h.unit AND t.day IS NOT DISTINCT FROM h.day
WHERE t.unit IS NULL AND (h.peak > 3 * x.busiest OR h.first_use > x.last_seen + INTERVAL 30 DAY);

CREATE OR REPLACE TEMP TABLE scored AS
WITH kinds AS (
  SELECT unit, day, count(*) AS new_kinds, count(CASE WHEN telling THEN 1 END) AS telling_kinds
  FROM (
    SELECT DISTINCT p.unit, CASE WHEN p.unit < 0 THEN u.hour // 24 END AS day, c.call, c.telling
    FROM uses AS u
    JOIN judged_callers AS j ON j.who = u.who
    JOIN new_calls AS c ON c.cid = j.cid AND c.pid = j.pid AND c.call = u.call
    JOIN judged_places AS p ON p.cid = j.cid AND p.spot = u.spot
  )
  GROUP BY unit, day
),
denials AS (
  SELECT f.unit, f.day, count(DISTINCT f.call) AS kinds, count(DISTINCT c.event_source) AS services
  FROM (
    SELECT DISTINCT p.unit, CASE WHEN p.unit < 0 THEN u.hour // 24 END AS day, j.cid, u.call
    FROM uses AS u
    JOIN use_manners AS m ON m.manner = u.manner AND m.denied
    JOIN judged_callers AS j ON j.who = u.who
    JOIN judged_places AS p ON p.cid = j.cid AND p.spot = u.spot
  ) AS f
  JOIN use_calls AS c ON c.call = f.call
  LEFT JOIN known_denials AS d ON d.cid = f.cid AND d.call = f.call
  WHERE d.call IS NULL
  GROUP BY f.unit, f.day
),
unit_places AS (
  SELECT
    p.unit,
    any_value(p.state) AS state,
    any_value(p.place) AS place,
    count(*)::INTEGER AS addresses,
    array_to_string(list_sort(array_agg(DISTINCT i.country)), ', ') AS countries,
    min(i.as_name) AS as_name,
    array_to_string(list_sort(array_agg(DISTINCT i.owner)), ', ') AS owners,
    bool_or(p.new_owner AND i.owner = 'tor') AS tor,
    bool_or(p.new_owner AND i.owner IN ('hosting', 'cloud', 'aws')) AS rented,
    bool_or(p.new_owner AND i.owner = 'vpn') AS vpn,
    bool_and(coalesce(i.owner, '') IN ('tor', 'hosting', 'vpn', 'cloud', 'aws')) AS egress,
    min(i.known_good) AS known_good
  FROM judged_places AS p
  JOIN use_addresses AS i ON i.spot = p.spot
  WHERE p.unit > 0
  GROUP BY p.unit
),
persons AS (
  SELECT DISTINCT cid FROM judged_callers WHERE kind IN ('credential', 'identity')
),
-- How fast the caller would have gone from or to the place, where one person or machine stands behind it: a key, else a session, whose role others hold too.
travellers AS (
  SELECT j.who, j.cid, dense_rank() OVER (ORDER BY j.cid, CASE WHEN j.kind NOT IN ('credential', 'identity') THEN coalesce(c.key, c.identity) END) AS person
  FROM judged_callers AS j
  JOIN use_callers AS c ON c.who = j.who
  WHERE (j.kind IN ('credential', 'identity') OR coalesce(c.key, c.identity) IS NOT NULL)
    AND j.cid IN (SELECT cid FROM judged_places WHERE state IN ('country', 'asn', 'network', 'none') GROUP BY cid HAVING min(state) <> 'none' OR min(unit) < max(unit))
),
stays AS (
  SELECT t.person, t.cid, p.unit, u.spot, u.hour, min(u.event_time) AS first_use, max(u.event_time) AS last_use
  FROM uses AS u
  JOIN travellers AS t ON t.who = u.who
  JOIN judged_places AS p ON p.cid = t.cid AND p.spot = u.spot
  WHERE u.hour IS NOT NULL
  GROUP BY ALL
),
-- Of an hour spent at one place its ends are enough; of one spent at several, each moment tells where the caller was in between.
crowded AS (
  SELECT person, hour FROM stays GROUP BY person, hour HAVING min(unit) < max(unit)
),
moments AS (
  SELECT person, unit, spot, first_use AS moment FROM stays
  UNION
  SELECT person, unit, spot, last_use FROM stays
  UNION
  SELECT t.person, p.unit, u.spot, u.event_time
  FROM uses AS u
  JOIN travellers AS t ON t.who = u.who
  JOIN crowded AS c ON c.person = t.person AND c.hour = u.hour
  JOIN judged_places AS p ON p.cid = t.cid AND p.spot = u.spot
),
placed AS (
  SELECT m.*, i.address, i.latitude, i.longitude, coalesce(i.accuracy_km, 100) AS accuracy_km, coalesce(i.owner, '') IN ('tor', 'hosting', 'vpn', 'cloud', 'aws') AS egress
  FROM moments AS m
  JOIN use_addresses AS i ON i.spot = m.spot
  WHERE i.latitude IS NOT NULL
),
-- Once with all places and once without those that are entered without travel: between two others these hide none.
steps AS (
  SELECT *, lag(placed) OVER (PARTITION BY person ORDER BY moment, spot) AS earlier FROM placed
  UNION ALL
  SELECT *, lag(placed) OVER (PARTITION BY person ORDER BY moment, spot) AS earlier FROM placed WHERE NOT egress
),
speeds AS (
  SELECT
    unit,
    earlier.unit AS from_unit,
    address,
    earlier.address AS from_address,
    egress OR earlier.egress AS egress,
    2 * 6371 * asin(least(1, sqrt(power(sin(radians(latitude - earlier.latitude) / 2), 2)
      + cos(radians(latitude)) * cos(radians(earlier.latitude)) * power(sin(radians(longitude - earlier.longitude) / 2), 2)))) AS km,
    accuracy_km + earlier.accuracy_km AS uncertain,
    greatest(epoch(moment) - epoch(earlier.moment), 60) / 3600 AS hours
  FROM steps
  WHERE earlier.unit <> unit
),
-- Where nothing is usual, the journey is told of the place that was used later.
arrivals AS (
  SELECT s.unit, bool_or(p.state = 'none') AS unjudged, min(s.first_use) AS arrived
  FROM stays AS s
  JOIN judged_places AS p ON p.unit = s.unit AND p.spot = s.spot
  WHERE s.unit > 0
  GROUP BY s.unit
),
-- The fastest journey; of those that no aircraft makes, one that no rented network excuses goes first.
travels AS (
  SELECT l.* EXCLUDE (from_unit), (l.km - l.uncertain) / l.hours AS speed
  FROM (
    SELECT unit, from_unit, km, uncertain, hours, egress, from_address AS other_end FROM speeds WHERE unit > 0
    UNION ALL
    SELECT from_unit AS unit, unit AS from_unit, km, uncertain, hours, egress, address AS other_end FROM speeds WHERE from_unit > 0
  ) AS l
  JOIN arrivals AS a ON a.unit = l.unit
  LEFT JOIN arrivals AS o ON o.unit = l.from_unit
  WHERE l.km - l.uncertain > 100 AND (NOT a.unjudged OR (a.arrived, l.unit) > (o.arrived, l.from_unit))
  QUALIFY row_number() OVER (PARTITION BY l.unit ORDER BY NOT egress AND speed > 900 DESC, speed DESC, km DESC, egress, other_end) = 1
),
-- In how many hours the caller was also at its usual places.
at_once AS (
  SELECT n.unit, count(*) AS hours
  FROM unit_hours AS n
  JOIN unit_hours AS k ON k.unit = -n.cid AND k.hour = n.hour
  WHERE n.unit > 0 AND n.cid IN (SELECT cid FROM persons)
  GROUP BY n.unit
),
woken AS (
  SELECT u.cid, min(u.first_use) AS woke, any_value(x.last_seen) AS slept
  FROM unit_hours AS u
  JOIN expected AS x ON x.cid = u.cid
  WHERE u.first_use > x.last_seen AND u.cid IN (SELECT cid FROM persons)
  GROUP BY u.cid
  HAVING min(u.first_use) > any_value(x.last_seen) + INTERVAL 30 DAY
),
callers AS (
  SELECT cid, any_value(kind) AS kind, any_value(caller) AS caller, min(principal) AS principal FROM judged_callers GROUP BY cid
)
SELECT
  u.*,
  c.kind,
  c.caller,
  c.principal,
  coalesce(q.state, 'known') AS state,
  q.place,
  coalesce(q.addresses, 0) AS addresses,
  q.countries,
  q.as_name,
  q.owners,
  q.known_good,
  x.days AS known_days,
  x.all_calls AS known_calls,
  x.busiest,
  k.new_kinds,
  k.telling_kinds,
  d.kinds AS denied_kinds,
  d.services AS denied_services,
  t.speed,
  t.km,
  t.uncertain,
  t.other_end,
  t.hours AS travel_hours,
  t.egress AS travel_egress,
  o.hours AS hours_at_once,
  w.slept,
  w.woke,
  u.new_calls / u.calls AS new_share,
  greatest(0, CASE q.state
    WHEN 'country' THEN CASE WHEN q.egress THEN 2 ELSE 3 END - coalesce(x.roams_countries, 0)
    WHEN 'asn' THEN 2 - coalesce(x.roams_networks, 0)
    WHEN 'network' THEN 1 - coalesce(x.roams_networks, 0)
    WHEN 'address' THEN 1 - coalesce(x.roams_addresses, 0)
    ELSE 0
  END) AS place_points,
  CASE WHEN q.tor THEN 4 WHEN q.rented THEN 2 WHEN q.vpn THEN 1 ELSE 0 END AS owner_points,
  CASE WHEN t.speed <= 900 OR t.egress OR x.roams_countries > 0 THEN 0 WHEN x.countries > 2 THEN 2
    -- Without a baseline nothing else can be told of a place.
    WHEN t.speed > 900 THEN CASE c.kind WHEN 'none' THEN 5 ELSE 4 END ELSE 0 END AS travel_points,
  CASE WHEN o.hours >= 2 AND q.state IN ('country', 'asn', 'network') AND coalesce(x.roams_networks, 0) < 2 THEN 1 ELSE 0 END AS at_once_points,
  CASE WHEN u.new_agent THEN CASE WHEN u.tool THEN 3 ELSE 2 END WHEN c.kind = 'none' AND u.tool THEN 1 ELSE 0 END AS agent_points,
  CASE WHEN u.calls_replayed > 0 THEN 4 ELSE 0 END AS replay_points,
  CASE WHEN u.new_delivery THEN 3 ELSE 0 END AS delivery_points,
  CASE
    WHEN k.new_kinds IS NULL OR u.new_calls / u.calls <= 2 * coalesce(x.new_calls, 0) THEN 0
    WHEN u.new_calls / u.calls >= 0.5 AND k.new_kinds >= 5 THEN 3
    WHEN u.new_calls / u.calls >= 0.5 AND k.new_kinds >= 2 THEN 2
    WHEN u.new_calls / u.calls >= 0.2 OR k.new_kinds >= 3 THEN 1
    ELSE 0
  END AS call_points,
  CASE WHEN coalesce(k.telling_kinds, 0) = 0 OR u.new_calls / u.calls < 0.2 THEN 0 WHEN k.telling_kinds >= 3 THEN 2 ELSE 1 END AS telling_points,
  CASE WHEN u.changed_region THEN 3 WHEN u.new_region THEN 1 ELSE 0 END AS region_points,
  CASE WHEN u.pages THEN 0 WHEN d.services >= 3 AND d.kinds >= 5 THEN 3 WHEN c.kind <> 'none' AND d.services >= 2 AND d.kinds >= 3 THEN 2 ELSE 0 END AS denial_points,
  CASE WHEN u.peak > 3 * x.busiest AND u.peak >= x.busiest + 20 THEN 2 ELSE 0 END AS rate_points,
  CASE WHEN u.odd_hours >= 0.5 * u.calls OR u.odd_weekdays >= 0.5 * u.calls THEN 1 ELSE 0 END AS time_points,
  CASE WHEN u.calls_without_mfa > 0 THEN 2 ELSE 0 END AS mfa_points,
  CASE WHEN u.new_endpoint THEN 2 ELSE 0 END AS endpoint_points,
  CASE WHEN w.woke = u.first_use THEN 2 ELSE 0 END AS idle_points
FROM units AS u
JOIN callers AS c ON c.cid = u.cid
LEFT JOIN expected AS x ON x.cid = u.cid
LEFT JOIN unit_places AS q ON q.unit = u.unit
LEFT JOIN kinds AS k ON k.unit = u.unit AND k.day IS NOT DISTINCT FROM u.day
LEFT JOIN denials AS d ON d.unit = u.unit AND d.day IS NOT DISTINCT FROM u.day
LEFT JOIN travels AS t ON t.unit = u.unit
LEFT JOIN at_once AS o ON o.unit = u.unit
LEFT JOIN woken AS w ON w.cid = u.cid;

-- Callers outside the scope at the new places of those inside it: when they came, and how much of what they did there they did elsewhere before.
CREATE OR REPLACE TEMP TABLE outsiders AS
WITH visits AS (
  SELECT
    coalesce(e.session_issuer_arn, e.identity_arn) AS principal,
    w.place,
    e.event_time,
    e.event_source || ':' || e.event_name AS call,
    coalesce(a.family, 'none') AS family
  FROM events AS e
  JOIN (
    SELECT i.address, u.place
    FROM (SELECT DISTINCT place FROM scored WHERE state IN ('country', 'asn')) AS u
    JOIN ips AS i ON i.kind = 'public' AND coalesce('AS' || i.asn, i.network, i.address) = u.place
    WHERE EXISTS (FROM credentials WHERE in_scope)
  ) AS w ON w.address = e.source_ip_address
  LEFT JOIN agents AS a ON a.user_agent = e.user_agent
  WHERE e.invoked_by IS NULL AND e.event_time IS NOT NULL
    AND coalesce(e.session_issuer_arn, e.identity_arn) NOT IN (SELECT principal FROM judged_callers)
),
arrived AS (
  SELECT principal, place, min(event_time) AS first_use, count(DISTINCT call) AS kinds, list_distinct(array_agg(call)) AS calls,
    list_distinct(array_agg(family)) AS families
  FROM visits
  GROUP BY principal, place
)
SELECT
  v.principal,
  v.place,
  v.first_use,
  v.kinds,
  count(DISTINCT CASE WHEN list_contains(v.calls, e.event_source || ':' || e.event_name) AND list_contains(v.families, coalesce(a.family, 'none'))
    THEN e.event_source || ':' || e.event_name END) AS as_before
FROM arrived AS v
JOIN events AS e ON coalesce(e.session_issuer_arn, e.identity_arn) = v.principal AND e.event_time < v.first_use AND e.invoked_by IS NULL
LEFT JOIN agents AS a ON a.user_agent = e.user_agent
GROUP BY ALL;

-- What tells enough to be said; of the usual places the days that tell most, as one. Without seeds, one sign of one point says nothing.
CREATE OR REPLACE TEMP TABLE hot AS
-- Several others, not of the scope's lineage, who came to the same place in the same days with the agents and calls that they are known for.
WITH clean AS (
  SELECT principal, place, first_use
  FROM scored
  WHERE state IN ('country', 'asn', 'network') AND NOT EXISTS (FROM credentials WHERE in_scope)
    AND agent_points = 0 AND call_points <= 1 AND telling_points = 0 AND denial_points = 0 AND region_points = 0 AND replay_points = 0
    AND delivery_points = 0 AND travel_points = 0
  UNION ALL
  SELECT principal, place, first_use FROM outsiders WHERE as_before >= 0.5 * kinds
),
movers AS (
  SELECT u.unit, count(DISTINCT o.principal) AS others
  FROM scored AS u
  JOIN clean AS o ON o.place = u.place AND o.principal <> u.principal AND o.first_use BETWEEN u.first_use - INTERVAL 7 DAY AND u.first_use + INTERVAL 7 DAY
  WHERE u.state IN ('country', 'asn')
  GROUP BY u.unit
),
added AS (
  SELECT
    s.*,
    m.others,
    place_points + owner_points + travel_points + at_once_points + agent_points + replay_points + delivery_points + call_points + telling_points
      + region_points + denial_points + rate_points + time_points + mfa_points + endpoint_points + idle_points AS evidence,
    CASE WHEN m.others >= 3 AND place_points + owner_points > 1 THEN 1 - place_points - owner_points ELSE 0 END AS moved_points
  FROM scored AS s
  LEFT JOIN movers AS m ON m.unit = s.unit
),
weighed AS (
  SELECT
    *,
    CASE WHEN kind <> 'none' AND (known_calls < 10 OR (known_days < 2 AND known_calls < 50)) THEN -((evidence + moved_points + 2) // 3) ELSE 0 END AS thin_points
  FROM added
)
SELECT *
FROM (
  SELECT
    *,
    evidence + moved_points + thin_points AS points,
    count(*) OVER (PARTITION BY unit) AS days,
    row_number() OVER (PARTITION BY unit ORDER BY evidence + moved_points + thin_points DESC, day) AS nth
  FROM weighed
  WHERE evidence + moved_points + thin_points >= CASE WHEN kind = 'none' THEN 3 WHEN EXISTS (FROM credentials WHERE in_scope) THEN 1 ELSE 2 END
)
WHERE nth = 1 OR points >= 5;
