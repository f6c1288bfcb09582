-- Each way of use on a day, with its class: by the comparison, by doubts of that day, and by who issued the credential.
CREATE OR REPLACE TEMP TABLE day_ways AS
WITH days AS (
  SELECT
    credential,
    session_issuer_arn,
    identity_arn,
    source_ip_address,
    user_agent,
    by_service,
    placed,
    hour::DATE AS day,
    sum(events)::BIGINT AS events,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen
  FROM use_cells
  GROUP BY ALL
),
known_agents AS (
  SELECT id, array_agg(value) AS families FROM normal WHERE kind IN ('identity', 'role') AND aspect = 'agent' GROUP BY id
)
SELECT
  d.*,
  w.network,
  w.asn,
  w.country,
  w.rented,
  w.family,
  w.agent,
  d2.reason IS NOT NULL AS doubted,
  CASE WHEN d2.reason IS NOT NULL THEN 'undetermined' ELSE w.class END AS verdict,
  coalesce(d2.reason, w.reason, CASE
    WHEN d.placed OR d.by_service THEN NULL
    WHEN k.id IS NULL AND r.id IS NULL THEN 'source that cannot be placed'
    WHEN list_contains(coalesce(k.families, r.families), coalesce(a.family, 'none')) THEN 'source that cannot be placed, with a kind of agent used before'
    ELSE 'source that cannot be placed, with a kind of agent never used before'
  END) AS reason
FROM days AS d
LEFT JOIN use_ways AS w ON w.by_service = d.by_service AND w.identity_arn IS NOT DISTINCT FROM d.identity_arn
  AND w.session_issuer_arn IS NOT DISTINCT FROM d.session_issuer_arn
  AND w.address = d.source_ip_address AND w.user_agent IS NOT DISTINCT FROM d.user_agent
LEFT JOIN doubts AS d2 ON d2.by_service = d.by_service AND d2.identity_arn IS NOT DISTINCT FROM d.identity_arn
  AND d2.session_issuer_arn IS NOT DISTINCT FROM d.session_issuer_arn
  AND d2.address = d.source_ip_address AND d2.user_agent IS NOT DISTINCT FROM d.user_agent AND d2.day = d.day
LEFT JOIN known_agents AS k ON k.id = d.identity_arn
LEFT JOIN known_agents AS r ON r.id = d.session_issuer_arn
LEFT JOIN agents AS a ON a.user_agent = d.user_agent;

CREATE OR REPLACE TEMP TABLE classed_ways AS
WITH RECURSIVE issues AS (
  SELECT
    c.access_key_id AS credential,
    c.issued_by,
    c.hop,
    w.verdict
  FROM credentials AS c
  LEFT JOIN (SELECT * FROM scope_events WHERE invoked_by IS NULL) AS e ON e.event_id = c.via_event_id
  LEFT JOIN (SELECT * FROM day_ways WHERE NOT by_service) AS w ON w.credential = e.credential
    AND w.session_issuer_arn IS NOT DISTINCT FROM e.session_issuer_arn
    AND w.identity_arn IS NOT DISTINCT FROM e.identity_arn
    AND w.source_ip_address = e.source_ip_address
    AND w.user_agent IS NOT DISTINCT FROM e.user_agent
    AND w.day IS NOT DISTINCT FROM e.event_time::DATE
  WHERE c.in_scope
),
-- Who issued a credential: by the call that did it, or where that tells nothing, by who issued the credential of that call.
origins AS (
  SELECT credential, NULL::VARCHAR AS class FROM issues WHERE hop = 0
  UNION
  SELECT
    i.credential,
    CASE
      WHEN o.class = 'actor' AND i.verdict = 'owner' THEN 'undetermined'
      WHEN o.class = 'actor' THEN 'actor'
      ELSE coalesce(i.verdict, o.class)
    END AS class
  FROM issues AS i
  JOIN origins AS o ON o.credential = i.issued_by
  WHERE i.hop > 0
),
owners AS (
  SELECT DISTINCT source_ip_address, family FROM day_ways WHERE verdict = 'owner'
),
classed AS (
  SELECT
    d.* EXCLUDE (verdict, reason, doubted),
    d.doubted OR coalesce(o.class = 'actor' AND d.verdict = 'owner', false) AS doubted,
    CASE
      WHEN o.class = 'actor' AND (d.verdict = 'owner' OR d.doubted) THEN 'undetermined'
      WHEN o.class = 'actor' THEN 'actor'
      WHEN d.verdict IS NULL AND o.class = 'owner' AND w.family IS NOT NULL THEN 'owner'
      ELSE coalesce(d.verdict, 'undetermined')
    END AS class,
    CASE
      WHEN o.class = 'actor' AND (d.verdict = 'owner' OR d.doubted) THEN 'as before the window, with a credential that the actor issued'
      WHEN o.class = 'actor' AND coalesce(d.verdict, '') <> 'actor' THEN 'credential issued by a call of the actor'
      WHEN d.verdict IS NULL AND o.class = 'owner' AND w.family IS NOT NULL THEN 'credential that the owner issued, used from where the owner was'
      ELSE d.reason
    END AS reason
  FROM day_ways AS d
  LEFT JOIN origins AS o ON o.credential = d.credential
  LEFT JOIN owners AS w ON w.source_ip_address = d.source_ip_address AND w.family = d.family
  WHERE NOT d.by_service
),
-- A place is a network under one number; where strangers rent machines side by side, each /24 or /48 of it.
placed AS (
  SELECT *, CASE WHEN asn IS NULL OR rented THEN coalesce(network, source_ip_address) ELSE 'AS' || asn END AS place
  FROM classed
),
-- Runners, phones and privacy addresses: of many places only those that stand out are told apart.
places AS (
  SELECT
    class,
    family,
    place,
    count(*) OVER (PARTITION BY class, family) AS places,
    events * 20 >= sum(events) OVER (PARTITION BY class, family) AS stands_out
  FROM (SELECT class, family, place, sum(events) AS events FROM placed WHERE NOT doubted AND placed AND class <> 'owner' GROUP BY ALL)
)
SELECT
  p.* EXCLUDE (place),
  CASE WHEN p.doubted OR NOT p.placed OR p.class = 'owner' THEN NULL WHEN l.places > 12 AND NOT l.stands_out THEN 'changing' ELSE p.place END AS place
FROM placed AS p
LEFT JOIN places AS l ON l.class = p.class AND l.family = p.family AND l.place = p.place;

-- Ways that may be one person's: a class, a place and a kind of agent, numbered in the order of their first use.
CREATE OR REPLACE TEMP TABLE clusterable AS
SELECT (row_number() OVER (ORDER BY first_seen NULLS LAST, class, place, family) - 1)::INTEGER AS way, *
FROM (
  SELECT class, place, family, bool_or(rented) AS rented, min(asn) AS asn, sum(events)::BIGINT AS events, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM classed_ways
  WHERE place IS NOT NULL
  GROUP BY class, place, family
);

CREATE OR REPLACE TEMP TABLE way_cells AS
SELECT
  n.way,
  n.place,
  n.family,
  w.country,
  w.agent,
  w.credential,
  coalesce(i.owner IN ('vpn', 'tor'), false) AS hops,
  CASE WHEN NOT coalesce(i.owner IN ('aws', 'cloud', 'hosting', 'vpn', 'tor'), false) THEN i.latitude END AS latitude,  -- rented networks are entered without travel
  i.longitude,
  coalesce(i.accuracy_km, 100) AS accuracy_km,
  c.hour,
  c.first_seen,
  c.last_seen
FROM classed_ways AS w
JOIN clusterable AS n ON n.class = w.class AND n.place = w.place AND n.family = w.family
JOIN use_cells AS c ON NOT c.by_service
  AND c.credential IS NOT DISTINCT FROM w.credential
  AND c.session_issuer_arn IS NOT DISTINCT FROM w.session_issuer_arn
  AND c.identity_arn IS NOT DISTINCT FROM w.identity_arn
  AND c.source_ip_address = w.source_ip_address
  AND c.user_agent IS NOT DISTINCT FROM w.user_agent
  AND c.hour::DATE IS NOT DISTINCT FROM w.day
LEFT JOIN ips AS i ON i.address = w.source_ip_address;

-- Which operator each of these is: filled by the step that joins them.
CREATE OR REPLACE TEMP TABLE assigned (way INTEGER, operator VARCHAR);
