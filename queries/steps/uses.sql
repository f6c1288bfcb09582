-- What callers sent themselves, from an address or from what cannot be read as one, of the events that the view used_events names, inside the time that is learned from
-- or outside it. In numbers, each with its list: long names, compared
-- and grouped for every event, are what takes time and memory.
CREATE OR REPLACE TEMP VIEW direct_uses AS
SELECT
  event_id,
  event_time,
  event_source,
  event_name,
  -- Redacted, or no address: none is compared, and all else is.
  CASE WHEN source_kind IN ('public', 'private') THEN source_ip_address END AS source_ip_address,
  user_agent,
  CASE WHEN access_key_id LIKE 'AKIA%' THEN access_key_id END AS key,
  identity_arn AS identity,
  session_issuer_arn AS role,
  coalesce(account_id, 'an unknown caller') AS account,
  aws_region AS region,
  vpc_endpoint_id AS endpoint,
  ec2_role_delivery AS delivery,
  mfa_authenticated AS mfa,
  outcome = 'denied' AS denied,
  coalesce(read_only, false) AS read_only,
  coalesce(session_credential_from_console, false) AS console,
  -- Calls from outside AWS come over TLS that the log describes; the console's own back end leaves it out.
  coalesce(session_credential_from_console, false) AND tls_details IS NOT NULL AS outside,
  outcome IN ('success', 'dry_run') AS done
FROM used_events
-- One expression, not seven: each that the engine sees is taken to leave a fifth, and the joins below would be built upside down.
WHERE CASE
  WHEN invoked_by IS NOT NULL OR coalesce(source_kind, '') IN ('aws_service', 'aws_internal') OR coalesce(identity_type, '') = 'AWSService' THEN false
  WHEN coalesce(event_time >= getvariable('learned_from')::TIMESTAMP AND event_time < getvariable('learned_to')::TIMESTAMP, false)
    <> getvariable('learning')::BOOLEAN THEN false
  -- Of no address and nobody: what CloudTrail tells by itself.
  WHEN coalesce(source_kind, 'unparsable') = 'unparsable' AND coalesce(access_key_id, identity_arn) IS NULL THEN false
  -- Nobody but its service can hold a service-linked role, some of which call from addresses of AWS.
  ELSE coalesce(event_type, '') <> 'AwsServiceEvent' AND coalesce(session_issuer_arn NOT LIKE '%:role/aws-service-role/%', true)
END;

CREATE OR REPLACE TEMP TABLE use_callers AS
SELECT row_number() OVER ()::INTEGER AS who, key, identity, role, account
FROM (SELECT DISTINCT key, identity, role, account FROM direct_uses);

CREATE OR REPLACE TEMP TABLE use_calls AS
SELECT row_number() OVER ()::INTEGER AS call, event_source, event_name, coalesce(event_source, '') || ':' || coalesce(event_name, '') AS name
FROM (SELECT DISTINCT event_source, event_name FROM direct_uses);

CREATE OR REPLACE TEMP TABLE use_manners AS
SELECT row_number() OVER ()::INTEGER AS manner, *
FROM (SELECT DISTINCT region, endpoint, delivery, mfa, denied, read_only, console, outside FROM direct_uses);

CREATE OR REPLACE TEMP TABLE use_agents AS
SELECT row_number() OVER ()::INTEGER AS agent, user_agent, family, version, kind
FROM (
  SELECT user_agent, family, family || coalesce('/' || version, '') AS version, kind FROM agents
  UNION ALL
  SELECT NULL, 'none', 'none', 'other'
);

CREATE OR REPLACE TEMP TABLE use_addresses AS
SELECT row_number() OVER ()::INTEGER AS spot, *
FROM (
  FROM ips WHERE kind IN ('public', 'private') AND address NOT IN (SELECT logged FROM spellings)
  UNION ALL BY NAME
  SELECT NULL::VARCHAR AS address, 'unparsable' AS kind
);

-- Each spelling of an address is the same spot.
CREATE OR REPLACE TEMP TABLE use_spots AS
SELECT address AS logged, spot FROM use_addresses
UNION ALL
SELECT s.logged, a.spot FROM spellings AS s JOIN use_addresses AS a ON a.address = s.address;

CREATE OR REPLACE TEMP TABLE uses AS
SELECT
  w.who,
  i.spot,
  a.agent,
  c.call,
  m.manner,
  (epoch_us(d.event_time) // 3600000000)::INTEGER AS hour,  -- since 1970; NULL where the event has no time
  d.event_time
FROM direct_uses AS d
JOIN use_callers AS w ON w.identity IS NOT DISTINCT FROM d.identity AND w.key IS NOT DISTINCT FROM d.key AND w.role IS NOT DISTINCT FROM d.role
  AND w.account = d.account
JOIN use_spots AS i ON i.logged IS NOT DISTINCT FROM d.source_ip_address
JOIN use_calls AS c ON c.event_name IS NOT DISTINCT FROM d.event_name AND c.event_source IS NOT DISTINCT FROM d.event_source
JOIN use_manners AS m ON m.region IS NOT DISTINCT FROM d.region AND m.endpoint IS NOT DISTINCT FROM d.endpoint
  AND m.delivery IS NOT DISTINCT FROM d.delivery AND m.mfa IS NOT DISTINCT FROM d.mfa
  AND m.denied = d.denied AND m.read_only = d.read_only AND m.console = d.console AND m.outside = d.outside
JOIN use_agents AS a ON a.user_agent IS NOT DISTINCT FROM d.user_agent;
