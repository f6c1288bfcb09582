-- Learns what was normal from the uses of the time before. A session of a role that is seen on one day only is known by its role: pipelines name each run anew.
CREATE OR REPLACE TEMP TABLE known_callers AS
WITH named AS (
  SELECT who, 'credential' AS kind, key AS id, false AS passing FROM use_callers WHERE key IS NOT NULL
  UNION ALL
  SELECT who, 'identity' AS kind, identity AS id, role IS NOT NULL AS passing FROM use_callers WHERE identity IS NOT NULL
  UNION ALL
  SELECT who, 'role' AS kind, role AS id, false AS passing FROM use_callers WHERE role IS NOT NULL
  UNION ALL
  -- A caller of another account may be logged by its account alone.
  SELECT who, 'account' AS kind, account AS id, false AS passing FROM use_callers
  WHERE key IS NULL AND identity IS NULL AND role IS NULL AND regexp_full_match(account, '[0-9]{12}')
),
days AS (
  SELECT who, min(hour // 24) AS first_day, max(hour // 24) AS last_day FROM uses GROUP BY who
),
kept AS (
  SELECT n.kind, n.id
  FROM named AS n
  JOIN days AS d ON d.who = n.who
  GROUP BY n.kind, n.id
  HAVING NOT bool_and(n.passing) OR min(d.first_day) < max(d.last_day)
)
SELECT n.who, k.caller, n.kind, n.id
FROM named AS n
JOIN (SELECT row_number() OVER ()::INTEGER AS caller, kind, id FROM kept) AS k ON k.kind = n.kind AND k.id = n.id;

INSERT INTO normal BY NAME
WITH addresses AS (
  SELECT k.caller, u.spot, u.hour // 24 AS day, sum(u.calls) AS calls, min(u.first_use) AS first_seen, max(u.last_use) AS last_seen
  FROM (SELECT who, spot, hour // 24 * 24 AS hour, count(*) AS calls, min(event_time) AS first_use, max(event_time) AS last_use FROM uses GROUP BY ALL) AS u
  JOIN known_callers AS k ON k.who = u.who
  GROUP BY ALL
),
tools AS (
  SELECT k.caller, u.agent, u.day, sum(u.calls) AS calls, min(u.first_use) AS first_seen, max(u.last_use) AS last_seen
  FROM (SELECT who, agent, hour // 24 AS day, count(*) AS calls, min(event_time) AS first_use, max(event_time) AS last_use FROM uses GROUP BY ALL) AS u
  JOIN known_callers AS k ON k.who = u.who
  GROUP BY ALL
),
asked AS (
  SELECT k.caller, u.call, u.denied, u.day, sum(u.calls) AS calls, min(u.first_use) AS first_seen, max(u.last_use) AS last_seen
  FROM (
    SELECT u.who, u.call, m.denied, u.hour // 24 AS day, count(*) AS calls, min(u.event_time) AS first_use, max(u.event_time) AS last_use
    FROM uses AS u
    JOIN use_manners AS m ON m.manner = u.manner
    GROUP BY ALL
  ) AS u
  JOIN known_callers AS k ON k.who = u.who
  GROUP BY ALL
),
manners AS (
  SELECT k.caller, u.manner, u.day, sum(u.calls) AS calls, min(u.first_use) AS first_seen, max(u.last_use) AS last_seen
  FROM (SELECT who, manner, hour // 24 AS day, count(*) AS calls, min(event_time) AS first_use, max(event_time) AS last_use FROM uses GROUP BY ALL) AS u
  JOIN known_callers AS k ON k.who = u.who
  GROUP BY ALL
),
hours AS (
  SELECT k.caller, u.hour, sum(u.calls) AS calls, min(u.first_use) AS first_seen, max(u.last_use) AS last_seen
  FROM (SELECT who, hour, count(*) AS calls, min(event_time) AS first_use, max(event_time) AS last_use FROM uses GROUP BY ALL) AS u
  JOIN known_callers AS k ON k.who = u.who
  GROUP BY ALL
),
-- One row a caller, aspect, value and day.
daily AS (
  SELECT caller, 'use' AS aspect, '' AS value, hour // 24 AS day, sum(calls) AS calls, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM hours GROUP BY ALL
  UNION ALL
  SELECT caller, 'hour', CAST(hour % 24 AS VARCHAR), hour // 24, calls, first_seen, last_seen FROM hours
  UNION ALL
  -- The first of January 1970 was a Thursday.
  SELECT caller, 'weekday', CAST((hour // 24 + 3) % 7 + 1 AS VARCHAR), hour // 24, sum(calls), min(first_seen), max(last_seen) FROM hours GROUP BY ALL
  UNION ALL
  SELECT caller, 'week_hour', CAST((hour + 72) % 168 AS VARCHAR), hour // 24, calls, first_seen, last_seen FROM hours
  UNION ALL
  SELECT x.caller, 'address', i.address, x.day, x.calls, x.first_seen, x.last_seen FROM addresses AS x JOIN use_addresses AS i ON i.spot = x.spot
  UNION ALL
  SELECT x.caller, 'network', i.network, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM addresses AS x JOIN use_addresses AS i ON i.spot = x.spot GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'asn', CAST(i.asn AS VARCHAR), x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM addresses AS x JOIN use_addresses AS i ON i.spot = x.spot GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'country', i.country, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM addresses AS x JOIN use_addresses AS i ON i.spot = x.spot GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'owner', i.owner, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM addresses AS x JOIN use_addresses AS i ON i.spot = x.spot GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'agent', a.family, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM tools AS x JOIN use_agents AS a ON a.agent = x.agent GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'agent_version', a.version, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM tools AS x JOIN use_agents AS a ON a.agent = x.agent GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'region', m.region, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM manners AS x JOIN use_manners AS m ON m.manner = x.manner GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'mfa', CAST(m.mfa AS VARCHAR), x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM manners AS x JOIN use_manners AS m ON m.manner = x.manner GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'endpoint', m.endpoint, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM manners AS x JOIN use_manners AS m ON m.manner = x.manner GROUP BY ALL
  UNION ALL
  SELECT x.caller, 'delivery', m.delivery, x.day, sum(x.calls), min(x.first_seen), max(x.last_seen) FROM manners AS x JOIN use_manners AS m ON m.manner = x.manner GROUP BY ALL
),
-- Calls stay numbers until they are few.
called AS (
  SELECT caller, 'call' AS aspect, call, sum(calls) AS calls, count(DISTINCT day) AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM asked GROUP BY ALL
  UNION ALL
  SELECT caller, 'denied' AS aspect, call, sum(calls) AS calls, count(*) AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM asked WHERE denied GROUP BY ALL
),
summed AS (
  SELECT caller, aspect, value, sum(calls) AS calls, count(*) AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM daily
  WHERE value IS NOT NULL
  GROUP BY caller, aspect, value
  UNION ALL
  SELECT x.caller, x.aspect, c.name AS value, x.calls, x.days, x.first_seen, x.last_seen
  FROM called AS x
  JOIN use_calls AS c ON c.call = x.call
  UNION ALL
  SELECT caller, 'rate' AS aspect, '' AS value, max(calls) AS calls, count(*) AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM hours
  GROUP BY caller
)
SELECT k.kind, k.id, s.aspect, s.value, s.calls::BIGINT AS calls, s.days::INTEGER AS days, s.first_seen, s.last_seen
FROM summed AS s
JOIN (SELECT DISTINCT caller, kind, id FROM known_callers) AS k ON k.caller = s.caller;

DROP TABLE known_callers;
