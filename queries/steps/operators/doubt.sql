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
acted AS (
  SELECT
    s.identity_arn,
    s.session_issuer_arn,
    s.source_ip_address AS address,
    s.user_agent,
    s.event_time::DATE AS day,
    s.aws_region,
    s.event_source || ':' || s.event_name AS call,
    date_part('hour', s.event_time) AS hour
  FROM scope_events AS s
  WHERE s.invoked_by IS NULL AND s.event_time IS NOT NULL AND s.identity_arn IN (SELECT identity_arn FROM known)
  GROUP BY ALL
),
-- Three hours and more from any hour of the day at which it was used on ten days and more.
odd_hours AS (
  SELECT w.who, h.hour
  FROM (SELECT who FROM settled WHERE days >= 10) AS w
  CROSS JOIN (SELECT unnest(range(24)) AS hour) AS h
  JOIN normal AS n ON n.id = w.who AND n.kind = 'identity' AND n.aspect = 'hour'
  GROUP BY w.who, h.hour
  HAVING min(least(abs(h.hour - n.value::INTEGER), 24 - abs(h.hour - n.value::INTEGER))) >= 3
)
SELECT
  k.who,
  k.network,
  k.class,
  k.reason,
  a.identity_arn,
  a.session_issuer_arn,
  a.address,
  a.user_agent,
  a.day,
  bool_or(r.id IS NULL AND a.aws_region IS NOT NULL) AS new_region,
  count(DISTINCT a.call) FILTER (WHERE c.id IS NULL) AS new_calls,
  bool_or(h.who IS NOT NULL) AS odd_hour
FROM acted AS a
JOIN known AS k ON k.identity_arn = a.identity_arn AND k.session_issuer_arn IS NOT DISTINCT FROM a.session_issuer_arn
  AND k.address = a.address AND k.user_agent IS NOT DISTINCT FROM a.user_agent
LEFT JOIN normal AS r ON r.id = k.who AND r.kind = 'identity' AND r.aspect = 'region' AND r.value = a.aws_region
LEFT JOIN normal AS c ON c.id = k.who AND c.kind = 'identity' AND c.aspect = 'call' AND c.value = a.call
LEFT JOIN odd_hours AS h ON h.who = k.who AND h.hour = a.hour
GROUP BY ALL;

-- From a network never used before the agent alone speaks for the owner: what is done there that was never done outweighs it.
UPDATE use_ways AS w
SET class = 'actor', reason = 'network never used before, with an agent used before, for what was never done before'
FROM (
  SELECT DISTINCT who, network FROM odd_days WHERE reason LIKE 'network never used before%' AND (new_region OR new_calls >= 3)
) AS o
WHERE w.who = o.who AND w.network = o.network AND w.class = 'undetermined' AND w.reason LIKE 'network never used before%';

-- What looks like the owner, and may yet be somebody who stands where the owner does: days on which the signs disagree. Both then are undetermined.
-- Only where the baseline knows the identity itself: a role's many sessions differ by nature.
CREATE OR REPLACE TEMP TABLE doubts AS
WITH owners AS (
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
    u.agent IS NULL AS is_new,
    min(o.first_seen) AS first_seen,
    max(o.last_seen) AS last_seen
  FROM owners AS o
  LEFT JOIN usual_agents AS u ON u.desk = o.desk AND u.agent IN (o.agent, o.version)
  GROUP BY ALL
),
-- A new version follows an old one; where they take turns they are two machines, and perhaps two persons.
turns AS (
  SELECT n.desk, n.agent, m.agent AS other, greatest(n.first_seen, m.first_seen) AS first_seen, least(n.last_seen, m.last_seen) AS last_seen
  FROM at_desk AS n
  JOIN at_desk AS m ON m.desk = n.desk AND m.agent <> n.agent
  WHERE n.is_new AND greatest(n.first_seen, m.first_seen) <= least(n.last_seen, m.last_seen)
),
spans AS (
  SELECT desk, agent, first_seen, last_seen FROM turns
  UNION
  SELECT desk, other AS agent, first_seen, last_seen FROM turns
)
SELECT identity_arn, session_issuer_arn, address, user_agent, day, min_by(reason, place) AS reason
FROM (
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 1 AS place, 'address and agent as before, on a day with a region never used before' AS reason
  FROM odd_days
  WHERE class = 'owner' AND new_region
  UNION ALL
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 2 AS place, 'address and agent as before, on a day with three calls and more never made before' AS reason
  FROM odd_days
  WHERE class = 'owner' AND new_calls >= 3
  UNION ALL
  SELECT identity_arn, session_issuer_arn, address, user_agent, day, 3 AS place, 'address and agent as before, on a day at hours never used before' AS reason
  FROM odd_days
  WHERE class = 'owner' AND odd_hour
  UNION ALL
  SELECT
    o.identity_arn,
    o.session_issuer_arn,
    o.address,
    o.user_agent,
    c.first_seen::DATE AS day,
    4 AS place,
    'address and kind of agent as before, while two versions of it took turns there' AS reason
  FROM owners AS o
  JOIN spans AS s ON s.desk = o.desk AND s.agent = o.agent
  JOIN use_cells AS c ON c.identity_arn IS NOT DISTINCT FROM o.identity_arn AND c.session_issuer_arn IS NOT DISTINCT FROM o.session_issuer_arn
    AND c.source_ip_address = o.address AND c.user_agent IS NOT DISTINCT FROM o.user_agent AND NOT c.by_service
  WHERE c.first_seen <= s.last_seen AND c.last_seen >= s.first_seen
)
GROUP BY ALL;
