-- Every address the scope's calls came from: where and whose it is, which credentials used it, how the calls ended, the findings they are in, and how
-- near to it its callers were before the window. New ones first, by the worst finding and the number of events; then known ones, then AWS's own.
-- After the rules.
WITH sent AS (
  SELECT
    source_ip_address AS address,
    event_id,
    event_time,
    outcome,
    credential,
    CASE WHEN source_kind IN ('public', 'private') AND invoked_by IS NULL THEN coalesce(session_issuer_arn, identity_arn) END AS caller,
    CASE WHEN session_issuer_arn IS NULL THEN 'identity' ELSE 'role' END AS caller_kind
  FROM scope_events
  WHERE source_ip_address IS NOT NULL
),
used AS (
  SELECT
    address,
    count(*) AS events,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    min({'untimed': event_time IS NULL, 'time': event_time, 'id': event_id}).id AS first_event_id,
    max({'timed': event_time IS NOT NULL, 'time': event_time, 'id': event_id}).id AS last_event_id,
    array_agg(DISTINCT credential ORDER BY credential) FILTER (WHERE credential IS NOT NULL) AS credentials
  FROM sent
  GROUP BY address
),
ended AS (
  SELECT address, array_agg({'outcome': outcome, 'events': events} ORDER BY outcome) AS outcomes
  FROM (SELECT address, outcome, count(*) AS events FROM sent GROUP BY address, outcome)
  GROUP BY address
),
known AS (
  SELECT source_ip_address AS address, count(*) AS events
  FROM known_events
  GROUP BY source_ip_address
),
-- Who called from where, with each thing about the address that may have been seen before; 5 is said of a caller of whom anything is known.
callers AS (
  SELECT DISTINCT address, caller_kind AS kind, caller AS id FROM sent WHERE caller IS NOT NULL
),
asked AS (
  SELECT c.kind, c.id, c.address, unnest([
    {'aspect': 'address', 'value': c.address, 'distance': 1},
    {'aspect': 'network', 'value': i.network, 'distance': 2},
    {'aspect': 'asn', 'value': CAST(i.asn AS VARCHAR), 'distance': 3},
    {'aspect': 'country', 'value': i.country, 'distance': 4},
    {'aspect': 'use', 'value': '', 'distance': 5}
  ], recursive := true)
  FROM callers AS c
  LEFT JOIN ips AS i ON i.address = c.address
),
nearest AS (
  SELECT a.address, min(a.distance) AS distance
  FROM asked AS a
  JOIN normal AS n ON n.kind = a.kind AND n.id = a.id AND n.aspect = a.aspect AND n.value = a.value
  GROUP BY a.address
),
-- Open findings by address, the worst first.
named AS (
  SELECT DISTINCT s.address, f.id, f.level
  FROM (
    SELECT id, list_position(['critical', 'high', 'medium', 'low', 'info'], severity) AS level, unnest(event_ids) AS event_id
    FROM findings
    WHERE status IS DISTINCT FROM 'explained'
  ) AS f
  JOIN sent AS s ON s.event_id = f.event_id
),
found AS (
  SELECT address, count(*) AS findings, min(level) AS worst, array_agg(id ORDER BY level, id)[1:$ids::INTEGER] AS finding_ids
  FROM named
  GROUP BY address
)
SELECT
  u.address,
  coalesce(i.kind, 'unparsable') AS kind,
  i.country,
  i.city,
  i.latitude,
  i.longitude,
  i.accuracy_km,
  i.asn,
  i.as_name,
  i.network,
  i.owner,
  i.aws_region,
  i.known_good,
  u.events,
  coalesce(k.events, 0) AS known_before,
  ['address', 'network', 'asn', 'country', 'nothing'][n.distance] AS nearest_before,
  u.first_seen,
  u.last_seen,
  u.first_event_id,
  u.last_event_id,
  e.outcomes,
  coalesce(u.credentials, []) AS credentials,
  coalesce(f.findings, 0) AS findings,
  coalesce(f.finding_ids, []) AS finding_ids
FROM used AS u
JOIN ended AS e ON e.address = u.address
LEFT JOIN ips AS i ON i.address = u.address
LEFT JOIN known AS k ON k.address = u.address
LEFT JOIN nearest AS n ON n.address = u.address
LEFT JOIN found AS f ON f.address = u.address
ORDER BY
  CASE
    WHEN coalesce(i.kind, 'unparsable') IN ('aws_service', 'aws_internal') THEN 5
    WHEN i.known_good IS NOT NULL THEN 4
    WHEN n.distance = 1 THEN 3
    WHEN n.distance = 2 THEN 2
    WHEN n.distance IS NULL THEN 1
    ELSE 0
  END,
  f.worst NULLS LAST,
  u.events DESC,
  u.address;
