-- Says what was unusual: each sign as normal → seen, with the calls themselves.
CREATE OR REPLACE TEMP TABLE hot_uses AS
SELECT f.*, h.nth, h.points, h.time_points
FROM flagged AS f
JOIN hot AS h ON h.unit = f.unit AND h.day IS NOT DISTINCT FROM f.day;

-- The calls: of a new place all, of the usual ones those that differ; of a finding of medium or worse
-- the first thousand, of others the first twenty-five; of the usual places' further days the first hundred each.
CREATE OR REPLACE TEMP TABLE hot_events AS
WITH deviating AS (
  SELECT unit, day, who, spot, call, agent, event_time
  FROM (
    SELECT *, row_number() OVER (PARTITION BY unit, day ORDER BY event_time) AS place_in_time
    FROM (
      SELECT f.unit, f.day, f.nth, f.points, f.who, f.spot, f.call, f.agent, f.event_time
      FROM hot_uses AS f
      WHERE f.unit > 0 OR f.new_call OR f.new_region OR f.new_endpoint OR f.new_delivery OR f.without_mfa OR f.new_agent OR f.replayed OR f.new_denial
        OR f.time_points > 0
      UNION
      -- A day on which only the rate was unusual, or that the caller was back.
      SELECT h.unit, h.day, h.nth, h.points, u.who, u.spot, u.call, u.agent, u.event_time
      FROM hot AS h
      JOIN judged_places AS p ON p.cid = h.cid AND p.unit = h.unit
      JOIN judged_callers AS j ON j.cid = h.cid
      JOIN uses AS u ON u.who = j.who AND u.spot = p.spot AND u.hour // 24 IS NOT DISTINCT FROM h.day
      WHERE h.unit < 0 AND (h.rate_points > 0 OR h.idle_points > 0)
    )
  )
  WHERE place_in_time <= CASE WHEN nth > 1 THEN 100 WHEN points >= 5 THEN 1000 ELSE 25 END
),
named AS (
  SELECT v.unit, v.day, w.key, w.identity, w.role, w.account, i.logged AS address, c.event_source, c.event_name, a.user_agent, v.event_time
  FROM deviating AS v
  JOIN use_callers AS w ON w.who = v.who
  JOIN use_spots AS i ON i.spot = v.spot
  JOIN use_calls AS c ON c.call = v.call
  JOIN use_agents AS a ON a.agent = v.agent
)
SELECT DISTINCT v.unit, v.day, d.event_id, d.event_time, d.done
FROM direct_uses AS d
JOIN named AS v ON v.address IS NOT DISTINCT FROM d.source_ip_address AND v.event_time IS NOT DISTINCT FROM d.event_time
  AND v.event_name IS NOT DISTINCT FROM d.event_name AND v.event_source IS NOT DISTINCT FROM d.event_source
  AND v.identity IS NOT DISTINCT FROM d.identity AND v.key IS NOT DISTINCT FROM d.key AND v.role IS NOT DISTINCT FROM d.role
  AND v.account = d.account AND v.user_agent IS NOT DISTINCT FROM d.user_agent;

-- What is no longer asked makes room for the words.
DROP VIEW temp.flagged;
DROP TABLE uses;
DROP TABLE unit_hours;
DROP TABLE units;
DROP TABLE scored;
DROP TABLE known_values;
DROP TABLE odd_times;

-- Sorted as lists: an ordered aggregate keeps room for each group that adds up.
CREATE OR REPLACE TEMP TABLE hot_lists AS
SELECT unit, day, bool_or(done) AS done, list_transform(list_sort(array_agg({'event_time': event_time, 'event_id': event_id}), 'ASC', 'NULLS LAST'), lambda x: x.event_id) AS event_ids
FROM hot_events
GROUP BY unit, day;

INSERT INTO unusual_uses BY NAME
WITH names AS (
  SELECT unit, day, list_sort(array_agg(name)) AS names
  FROM (
    SELECT DISTINCT f.unit, f.day, c.event_name AS name
    FROM hot_uses AS f
    JOIN use_calls AS c ON c.call = f.call
    WHERE f.new_call
  )
  GROUP BY unit, day
),
differing AS (
  SELECT
    f.unit,
    f.day,
    array_to_string(list_sort(array_agg(DISTINCT a.family) FILTER (WHERE f.new_agent)), ', ') AS families,
    array_to_string(list_sort(array_agg(DISTINCT m.region) FILTER (WHERE f.new_region)), ', ') AS regions,
    array_to_string(list_sort(array_agg(DISTINCT m.endpoint) FILTER (WHERE f.new_endpoint)), ', ') AS endpoints,
    array_to_string(list_sort(array_agg(DISTINCT m.delivery) FILTER (WHERE f.new_delivery)), ', ') AS deliveries,
    array_to_string(list_sort(array_agg(DISTINCT a.family) FILTER (WHERE f.replayed)), ', ') AS replayed_by,
    array_to_string(list_sort(array_agg(DISTINCT f.hour % 24) FILTER (WHERE f.odd_hour)), ' ') AS hours
  FROM hot_uses AS f
  JOIN use_agents AS a ON a.agent = f.agent
  JOIN use_manners AS m ON m.manner = f.manner
  GROUP BY f.unit, f.day
),
some_addresses AS (
  SELECT f.unit, f.day, array_to_string(list_sort(array_agg(i.address))[1:3], ', ') AS told
  FROM (SELECT DISTINCT unit, day, spot FROM hot_uses) AS f
  JOIN use_addresses AS i ON i.spot = f.spot
  GROUP BY f.unit, f.day
),
-- Who else was seen at the very addresses, outside the scope: of the usual places on the day itself, since they are shared every day.
neighbours AS (
  SELECT h.unit, h.day, count(DISTINCT coalesce(e.session_issuer_arn, e.identity_arn))::INTEGER AS others
  FROM (SELECT DISTINCT unit, day, spot FROM hot_uses WHERE EXISTS (FROM credentials WHERE in_scope)) AS h
  JOIN use_spots AS i ON i.spot = h.spot
  JOIN events AS e ON e.source_ip_address = i.logged AND (h.day IS NULL OR e.event_time::DATE = (DATE '1970-01-01' + h.day::INTEGER))
  WHERE e.invoked_by IS NULL
    AND coalesce(e.session_issuer_arn, e.identity_arn) NOT IN (SELECT principal FROM judged_callers)
  GROUP BY h.unit, h.day
),
normal_of AS (
  SELECT
    u.kind,
    u.id,
    max(CASE WHEN u.aspect = 'country' THEN told END) AS countries,
    max(CASE WHEN u.aspect = 'asn' THEN told END) AS asns,
    max(CASE WHEN u.aspect = 'network' THEN told END) AS networks,
    max(CASE WHEN u.aspect = 'address' THEN told END) AS addresses,
    max(CASE WHEN u.aspect = 'owner' THEN told END) AS owners,
    max(CASE WHEN u.aspect = 'agent' THEN told END) AS agents,
    max(CASE WHEN u.aspect = 'region' THEN told END) AS regions,
    max(CASE WHEN u.aspect = 'call' THEN known END) AS calls,
    max(CASE WHEN u.aspect = 'denied' THEN known END) AS denied,
    max(CASE WHEN u.aspect = 'endpoint' THEN told END) AS endpoints,
    max(CASE WHEN u.aspect = 'delivery' THEN told END) AS deliveries,
    max(CASE WHEN u.aspect = 'hour' THEN told END) AS hours
  FROM usual AS u
  JOIN (SELECT DISTINCT kind, caller FROM hot) AS h ON h.kind = u.kind AND h.caller = u.id
  GROUP BY u.kind, u.id
),
told AS (
  SELECT
    h.*,
    coalesce(n.others, 0) AS neighbours,
    coalesce(nullif(s.told, ''), h.place) || CASE WHEN h.addresses > 3 THEN ' and ' || (h.addresses - 3) || ' more' ELSE '' END AS address,
    CASE WHEN h.state = 'unplaced' THEN h.place ELSE coalesce(h.place || coalesce(' ' || h.as_name, ''), 'its usual places') END AS place_name,
    CASE h.kind WHEN 'none' THEN 'no baseline' ELSE 'none known' END AS otherwise,
    u,
    d,
    a.names,
    e.done,
    e.event_ids
  FROM hot AS h
  LEFT JOIN normal_of AS u ON u.kind = h.kind AND u.id = h.caller
  LEFT JOIN differing AS d ON d.unit = h.unit AND d.day IS NOT DISTINCT FROM h.day
  LEFT JOIN names AS a ON a.unit = h.unit AND a.day IS NOT DISTINCT FROM h.day
  LEFT JOIN some_addresses AS s ON s.unit = h.unit AND s.day IS NOT DISTINCT FROM h.day
  LEFT JOIN neighbours AS n ON n.unit = h.unit AND n.day IS NOT DISTINCT FROM h.day
  JOIN hot_lists AS e ON e.unit = h.unit AND e.day IS NOT DISTINCT FROM h.day
),
signed AS (
  SELECT
    t.*,
    list_filter([
      {'sign': 'country', 'normal': coalesce(u.countries, 'none known'), 'seen': countries, 'points': CASE state WHEN 'country' THEN place_points END},
      {'sign': 'network', 'normal': coalesce(u.asns, u.networks, 'none known'), 'seen': place_name, 'points': CASE state WHEN 'country' THEN 0 WHEN 'asn' THEN place_points END},
      {'sign': 'range', 'normal': coalesce(u.networks, 'none known'), 'seen': CASE WHEN place LIKE 'AS%' THEN 'another of ' ELSE '' END || place_name,
        'points': CASE state WHEN 'network' THEN place_points END},
      {'sign': 'address', 'normal': coalesce(u.addresses, 'none known'), 'seen': 'another of ' || place, 'points': CASE state WHEN 'address' THEN place_points END},
      {'sign': 'owner', 'normal': coalesce(u.owners, otherwise), 'seen': owners, 'points': nullif(owner_points, 0)},
      {'sign': 'travel', 'normal': 'at most 900 km/h', 'seen': round(km)::INTEGER || ' km from ' || other_end || ', give or take ' || round(uncertain)::INTEGER || ', '
        || CASE WHEN travel_hours <= 1 / 60 THEN 'within a minute' WHEN travel_hours < 1 THEN 'in ' || round(travel_hours * 60)::INTEGER || ' min' ELSE 'in ' || round(travel_hours, 1) || ' h' END
        || ', at least ' || round(speed)::INTEGER || ' km/h'
        || CASE WHEN travel_egress THEN '; one end is a cloud, hosting, VPN or Tor network, which a user enters without travel' ELSE '' END,
        'points': CASE WHEN speed > 900 THEN travel_points END},
      {'sign': 'at once', 'normal': 'one place at a time', 'seen': 'in ' || hours_at_once || ' hours at its usual places too', 'points': nullif(at_once_points, 0)},
      {'sign': 'agent', 'normal': coalesce(u.agents, otherwise), 'seen': coalesce(nullif(d.families, ''), 'a tool of attackers or copiers'), 'points': nullif(agent_points, 0)},
      {'sign': 'console', 'normal': 'the browser that holds the credential', 'seen': d.replayed_by || ', ' || calls_replayed || ' calls', 'points': nullif(replay_points, 0)},
      {'sign': 'delivery', 'normal': 'ec2RoleDelivery ' || u.deliveries, 'seen': 'ec2RoleDelivery ' || d.deliveries, 'points': nullif(delivery_points, 0)},
      {'sign': 'calls', 'normal': coalesce(u.calls, 0) || ' kinds known', 'seen': new_kinds || ' never made before, ' || round(100 * new_share)::INTEGER || ' % of its calls there: '
        || substr(array_to_string(names[1:6], ', '), 1, 160) || CASE WHEN len(names) > 6 THEN ' and ' || (len(names) - 6) || ' more' ELSE '' END, 'points': nullif(call_points, 0)},
      {'sign': 'telling calls', 'normal': 'none of these', 'seen': telling_kinds || ' of the new kinds look around, open doors or spend', 'points': nullif(telling_points, 0)},
      {'sign': 'region', 'normal': coalesce(u.regions, 'none known'), 'seen': d.regions || CASE WHEN changed_region THEN ', with changes' ELSE ', reads only' END, 'points': nullif(region_points, 0)},
      {'sign': 'refusals', 'normal': CASE kind WHEN 'none' THEN 'no baseline' ELSE coalesce(u.denied, 0) || ' kinds of call refused' END,
        'seen': denied_kinds || ' others, of ' || denied_services || ' services', 'points': nullif(denial_points, 0)},
      {'sign': 'rate', 'normal': 'at most ' || busiest || ' calls an hour', 'seen': peak || ' calls in an hour', 'points': nullif(rate_points, 0)},
      {'sign': 'time', 'normal': 'hours ' || u.hours || ' (UTC)', 'seen': CASE WHEN odd_hours >= 0.5 * calls THEN 'hours ' || d.hours ELSE 'on a weekday without a call before' END, 'points': nullif(time_points, 0)},
      {'sign': 'mfa', 'normal': 'signed in with MFA', 'seen': calls_without_mfa || ' calls without', 'points': nullif(mfa_points, 0)},
      {'sign': 'endpoint', 'normal': coalesce(u.endpoints, 'none known'), 'seen': d.endpoints, 'points': nullif(endpoint_points, 0)},
      {'sign': 'idle', 'normal': 'last used ' || strftime(slept, '%Y-%m-%d'), 'seen': 'woken after ' || date_diff('day', slept, woke) || ' days', 'points': nullif(idle_points, 0)},
      {'sign': 'move', 'normal': 'alone', 'seen': others || ' other callers came there in the same days, with their usual agents and calls', 'points': nullif(moved_points, 0)},
      {'sign': 'thin baseline', 'normal': known_calls || CASE known_calls WHEN 1 THEN ' call' ELSE ' calls' END || ' on ' || known_days || CASE known_days WHEN 1 THEN ' day' ELSE ' days' END,
        'seen': 'a third of the weight off', 'points': nullif(thin_points, 0)},
      -- The runner lowers every finding of which nothing succeeded.
      {'sign': 'outcome', 'normal': 'calls that succeed', 'seen': 'none of these did, one level lower than its points', 'points': CASE WHEN NOT done AND points >= 2 THEN 0 END}
    ], lambda x: x.points IS NOT NULL) AS signs
  FROM told AS t
)
SELECT
  s.caller,
  s.kind AS known_as,
  s.principal,
  s.state,
  s.place_name AS place,
  (DATE '1970-01-01' + s.day::INTEGER)::DATE AS day,
  s.days::INTEGER AS days,
  s.calls,
  s.addresses,
  s.address,
  s.first_use,
  s.known_good,
  s.neighbours,
  s.points::INTEGER AS points,
  CASE WHEN s.points >= 8 THEN 'high' WHEN s.points >= 5 THEN 'medium' WHEN s.points >= 2 THEN 'low' ELSE 'info' END AS severity,
  s.signs,
  array_to_string(list_transform(s.signs, lambda x: x.sign || ' ' || x.normal || ' → ' || x.seen), '; ') AS compared,
  s.event_ids
FROM signed AS s
ORDER BY s.points DESC, s.first_use, s.caller, s.place_name;

DROP TABLE judged_callers;
DROP TABLE expected;
DROP TABLE judged_places;
DROP TABLE role_values;
DROP TABLE new_calls;
DROP TABLE known_denials;
DROP TABLE odd_manners;
DROP TABLE new_agents;
DROP TABLE outsiders;
DROP TABLE hot;
DROP TABLE hot_uses;
DROP TABLE hot_events;
DROP TABLE hot_lists;
