-- Days on which a caller did what it was never seen with. Only where the baseline knows the identity itself, and on five days and more: a role's many
-- sessions differ by nature.
CREATE OR REPLACE TEMP TABLE odd_days AS
WITH settled AS (
  SELECT n.id AS who, n.days
  FROM normal AS n
  WHERE n.kind = 'identity' AND n.aspect = 'use' AND n.days >= 5
),
known AS (
  SELECT w.*
  FROM use_ways AS w
  JOIN settled AS t ON t.who = w.who
  WHERE w.by_identity AND w.class IN ('owner', 'undetermined')
),
-- Three hours and more from any hour of the day at which it was used on ten days and more.
odd_hours AS (
  SELECT w.who, h.hour
  FROM (SELECT who FROM settled WHERE days >= 10) AS w
  CROSS JOIN (SELECT unnest(range(24)) AS hour) AS h
  JOIN normal AS n ON n.id = w.who AND n.kind = 'identity' AND n.aspect = 'hour'
  GROUP BY w.who, h.hour
  HAVING min(least(abs(h.hour - n.value::INTEGER), 24 - abs(h.hour - n.value::INTEGER))) >= 3
),
-- What was done at which hour, of which there is little, however many events.
things AS (
  SELECT identity_arn, aws_region, event_source || ':' || event_name AS call, date_part('hour', event_time) AS hour
  FROM scope_events
  WHERE invoked_by IS NULL AND event_time IS NOT NULL AND identity_arn IN (SELECT who FROM known)
  GROUP BY ALL
),
odd AS (
  SELECT
    t.*,
    r.id IS NULL AND t.aws_region IS NOT NULL AS new_region,
    c.id IS NULL AND t.call IS NOT NULL AS new_call,
    h.who IS NOT NULL AS odd_hour
  FROM things AS t
  LEFT JOIN (SELECT * FROM normal WHERE kind = 'identity' AND aspect = 'region') AS r ON r.id = t.identity_arn AND r.value = t.aws_region
  LEFT JOIN (SELECT * FROM normal WHERE kind = 'identity' AND aspect = 'call') AS c ON c.id = t.identity_arn AND c.value = t.call
  LEFT JOIN odd_hours AS h ON h.who = t.identity_arn AND h.hour = t.hour
),
acted AS (
  SELECT
    s.identity_arn,
    s.session_issuer_arn,
    s.source_ip_address AS address,
    s.user_agent,
    s.event_time::DATE AS day,
    bool_or(o.new_region) AS new_region,
    count(DISTINCT o.call) FILTER (WHERE o.new_call) AS new_calls,
    bool_or(o.odd_hour) AS odd_hour
  FROM scope_events AS s
  JOIN (SELECT * FROM odd WHERE new_region OR new_call OR odd_hour) AS o ON o.identity_arn = s.identity_arn
    AND o.aws_region IS NOT DISTINCT FROM s.aws_region
    AND o.call IS NOT DISTINCT FROM s.event_source || ':' || s.event_name
    AND o.hour = date_part('hour', s.event_time)
  WHERE s.invoked_by IS NULL
  GROUP BY ALL
)
SELECT k.who, k.network, k.class, k.reason, a.*
FROM acted AS a
JOIN known AS k ON k.identity_arn = a.identity_arn AND k.session_issuer_arn IS NOT DISTINCT FROM a.session_issuer_arn
  AND k.address = a.address AND k.user_agent IS NOT DISTINCT FROM a.user_agent;

-- From a network never used before the agent alone speaks for the owner: what is done there that was never done outweighs it.
UPDATE use_ways AS w
SET class = 'actor', reason = w.reason || ', for what was never done before'
FROM (
  SELECT DISTINCT who, network FROM odd_days WHERE reason LIKE 'network never used before%' AND (new_region OR new_calls >= 3)
) AS o
WHERE w.who = o.who AND w.network = o.network AND w.class = 'undetermined' AND w.reason LIKE 'network never used before%';

-- A company moves: three others and more, none of the scope, came to the same network for what they did elsewhere before, and so did the caller.
CREATE OR REPLACE TEMP TABLE moved AS
WITH newcomers AS (
  SELECT DISTINCT who, network, address, user_agent, identity_arn
  FROM use_ways
  WHERE class = 'actor' AND by_identity AND network IS NOT NULL AND (reason = 'network and agent never used before' OR reason LIKE 'network of rented machines%' OR reason LIKE '%on another system')
),
own AS (
  SELECT n.who, n.network
  FROM (
    SELECT DISTINCT n.who, n.network, s.event_source || ':' || s.event_name AS call
    FROM newcomers AS n
    JOIN scope_events AS s ON s.identity_arn = n.identity_arn AND s.source_ip_address = n.address AND s.user_agent IS NOT DISTINCT FROM n.user_agent
  ) AS n
  LEFT JOIN (SELECT * FROM normal WHERE kind = 'identity' AND aspect = 'call') AS c ON c.id = n.who AND c.value = n.call
  GROUP BY n.who, n.network
  HAVING count(c.id) >= 0.5 * count(*)
),
visits AS (
  SELECT e.identity_arn, i.network, e.event_source || ':' || e.event_name AS call, min(e.event_time) AS first_seen
  FROM events AS e
  JOIN ips AS i ON i.address = e.source_ip_address
  WHERE e.invoked_by IS NULL
    AND i.network IN (SELECT network FROM own)
    AND e.identity_arn NOT IN (SELECT identity_arn FROM use_ways WHERE identity_arn IS NOT NULL)
  GROUP BY ALL
),
came AS (
  SELECT identity_arn, network, min(first_seen) AS came_at FROM visits GROUP BY identity_arn, network
),
before AS (
  SELECT DISTINCT c.identity_arn, c.network, e.event_source || ':' || e.event_name AS call
  FROM events AS e
  JOIN came AS c ON c.identity_arn = e.identity_arn AND e.event_time < c.came_at
  WHERE e.invoked_by IS NULL
),
others AS (
  SELECT v.identity_arn, v.network
  FROM visits AS v
  LEFT JOIN before AS b ON b.identity_arn = v.identity_arn AND b.network = v.network AND b.call = v.call
  GROUP BY v.identity_arn, v.network
  HAVING count(b.call) >= 0.5 * count(*)
)
SELECT o.who, o.network
FROM own AS o
JOIN others AS t ON t.network = o.network
GROUP BY o.who, o.network
HAVING count(DISTINCT t.identity_arn) >= 3;

UPDATE use_ways AS w
SET class = 'undetermined', reason = w.reason || ', for calls made before; others moved there too'
FROM moved AS m
WHERE w.who = m.who AND w.network = m.network AND w.class = 'actor' AND (w.reason = 'network and agent never used before' OR w.reason LIKE 'network of rented machines%' OR w.reason LIKE '%on another system');

-- What looks like the owner, and may yet be somebody who stands where the owner does: days on which the signs disagree. Both then are undetermined.
-- Only where the baseline knows the identity itself: a role's many sessions differ by nature.
CREATE OR REPLACE TEMP TABLE doubts AS
WITH likely AS (
  SELECT
    *,
    CASE
      WHEN reason LIKE 'address that the known-good file names%' THEN regexp_extract(reason, '^[^,]+')
      WHEN reason LIKE 'another address%' THEN 'network and agent as before'
      ELSE 'address and agent as before'
    END AS likeness
  FROM odd_days
  WHERE class = 'owner'
),
owners AS (
  SELECT *, who || ' ' || coalesce(network, address) || ' ' || family AS desk
  FROM use_ways
  WHERE class = 'owner' AND by_identity
),
usual_agents AS (
  SELECT DISTINCT who || ' ' || coalesce(network, address) || ' ' || family AS desk, agent FROM usual
),
at_desk AS (
  SELECT
    o.desk,
    o.agent,
    NOT bool_or(u.agent IS NOT NULL OR v.agent IS NOT NULL) AS is_new,
    min(o.first_seen) AS first_seen,
    max(o.last_seen) AS last_seen
  FROM owners AS o
  LEFT JOIN usual_agents AS u ON u.desk = o.desk AND u.agent = o.agent
  LEFT JOIN usual_agents AS v ON v.desk = o.desk AND v.agent = o.version
  GROUP BY o.desk, o.agent
),
desks AS (
  SELECT desk, count(*) > 20 AS crowded, min(first_seen) FILTER (WHERE is_new) AS first_new, max(last_seen) AS last_seen
  FROM at_desk
  GROUP BY desk
),
-- A new version follows an old one; where they take turns they are two machines, and perhaps two persons.
turns AS (
  SELECT n.desk, n.agent, m.agent AS other, greatest(n.first_seen, m.first_seen) AS first_seen, least(n.last_seen, m.last_seen) AS last_seen
  FROM at_desk AS n
  JOIN desks AS d ON d.desk = n.desk AND NOT d.crowded
  JOIN at_desk AS m ON m.desk = n.desk AND m.agent <> n.agent
  WHERE n.is_new AND greatest(n.first_seen, m.first_seen) <= least(n.last_seen, m.last_seen)
),
spans AS (
  SELECT desk, agent, first_seen, last_seen FROM turns
  UNION
  SELECT desk, other AS agent, first_seen, last_seen FROM turns
  UNION
  SELECT a.desk, a.agent, d.first_new AS first_seen, d.last_seen
  FROM at_desk AS a
  JOIN desks AS d ON d.desk = a.desk
  WHERE d.crowded AND d.first_new IS NOT NULL
)
SELECT false AS by_service, identity_arn, session_issuer_arn, address, user_agent, day, min_by(reason, place) AS reason
FROM (
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 1 AS place, likeness || ', on a day with a region never used before' AS reason
  FROM likely
  WHERE new_region
  UNION ALL
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 2 AS place, likeness || ', on a day with three calls and more never made before' AS reason
  FROM likely
  WHERE new_calls >= 3
  UNION ALL
  -- The file speaks for an address, not for what is done there.
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 3 AS place, likeness || ', on a day with calls never made before' AS reason
  FROM likely
  WHERE new_calls > 0 AND reason LIKE 'address that the known-good file names and that was never used before%'
  UNION ALL
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 4 AS place, likeness || ', on a day at hours never used before' AS reason
  FROM likely
  WHERE odd_hour
  UNION ALL
  SELECT
    o.identity_arn,
    o.session_issuer_arn,
    o.address,
    o.user_agent,
    c.first_seen::DATE AS day,
    5 AS place,
    'address and kind of agent as before, while two versions of it took turns there' AS reason
  FROM owners AS o
  JOIN spans AS s ON s.desk = o.desk AND s.agent = o.agent
  JOIN use_cells AS c ON c.identity_arn IS NOT DISTINCT FROM o.identity_arn AND c.session_issuer_arn IS NOT DISTINCT FROM o.session_issuer_arn
    AND c.source_ip_address = o.address AND c.user_agent IS NOT DISTINCT FROM o.user_agent AND NOT c.by_service
  WHERE c.first_seen <= s.last_seen AND c.last_seen >= s.first_seen
)
GROUP BY ALL;
