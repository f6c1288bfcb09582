-- The use of the credentials in scope, an hour at a time: all that follows works on ways of use, of which there are few, however many events.
CREATE OR REPLACE TEMP TABLE use_cells AS
SELECT
  credential,
  session_issuer_arn,
  identity_arn,
  source_ip_address,
  user_agent,
  invoked_by IS NOT NULL OR coalesce(source_kind IN ('aws_service', 'aws_internal'), event_type = 'AwsServiceEvent', false) AS by_service,
  -- Redacted, missing or malformed, a source tells nobody's place: it is neither a service's nor anyone's.
  coalesce(source_kind IN ('public', 'private'), false) AS placed,
  date_trunc('hour', event_time) AS hour,
  count(*) AS events,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen
FROM scope_events
GROUP BY ALL;

-- What was used before the window: learned from its events, and of whom or whence they know nothing from a saved baseline.
CREATE OR REPLACE TEMP TABLE usual AS
WITH learned AS (
  SELECT DISTINCT identity_arn, session_issuer_arn, source_ip_address AS address, user_agent
  FROM baseline_events
  WHERE source_kind IN ('public', 'private')
),
seen AS (
  SELECT identity_arn AS who, address, user_agent FROM learned WHERE identity_arn IS NOT NULL
  UNION
  SELECT session_issuer_arn AS who, address, user_agent FROM learned WHERE session_issuer_arn IS NOT NULL
),
described AS (
  SELECT s.who, s.address, coalesce(a.family, s.user_agent, 'none') AS family, coalesce(agent_key(s.user_agent), 'none') AS agent
  FROM seen AS s
  LEFT JOIN agents AS a ON a.user_agent = s.user_agent
),
saved AS (
  SELECT n.id AS who, n.value AS address
  FROM normal AS n
  WHERE n.kind IN ('identity', 'role') AND n.aspect = 'address'
  EXCEPT
  SELECT who, address FROM described
),
-- A saved baseline does not tell which agent came from which address, nor more of an agent than family and version.
known AS (
  SELECT who, address, family, agent FROM described
  UNION
  SELECT s.who, s.address, regexp_extract(v.value, '^[^/]+') AS family, v.value AS agent
  FROM saved AS s
  JOIN normal AS v ON v.id = s.who AND v.kind IN ('identity', 'role') AND v.aspect = 'agent_version'
)
SELECT DISTINCT k.who, k.address, i.network, i.asn, k.family, k.agent, agent_system(k.agent) AS system
FROM known AS k
LEFT JOIN ips AS i ON i.address = k.address;
