-- Who used the credentials in scope, so far as their use tells: at most five, and what cannot be told. An inference, not proof. Written anew by each
-- run of scope; empty for check.
CREATE TABLE IF NOT EXISTS operators (
  operator VARCHAR NOT NULL,                  -- A to E, in the order of their first use (the known-good one first); others: those beyond five, together
  class VARCHAR NOT NULL,                     -- owner, actor, undetermined; of the others mixed where they differ
  events BIGINT NOT NULL,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP,
  addresses VARCHAR[] NOT NULL,               -- that it called from
  networks VARCHAR[] NOT NULL,                -- /24 and /48 of these
  agents VARCHAR[] NOT NULL,                  -- families of its user agents
  credentials VARCHAR[] NOT NULL              -- that it used
);

-- Each way in which a credential of the scope was used on a day, and whose way that is.
CREATE TABLE IF NOT EXISTS operator_ways (
  credential VARCHAR,                         -- this and the next five as in scope_events
  session_issuer_arn VARCHAR,
  identity_arn VARCHAR,
  source_ip_address VARCHAR,
  user_agent VARCHAR,
  by_service BOOLEAN NOT NULL,                -- an AWS service called, not whoever holds the credential; not so where the source is redacted or malformed
  day DATE,                                   -- UTC; NULL where the events bear no time
  events BIGINT NOT NULL,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP,
  operator VARCHAR,                           -- as in operators; NULL where it cannot be told which one
  class VARCHAR NOT NULL,                     -- owner, actor, undetermined
  reason VARCHAR NOT NULL                     -- the comparison that gave the class
);

-- One row for each event of the scope: whose it is. Every event is here, once.
CREATE OR REPLACE VIEW operator_events AS
SELECT
  s.event_id,
  s.event_time,
  s.event_source,
  s.event_name,
  s.credential,
  w.operator,
  coalesce(w.class, 'undetermined') AS class,
  w.reason
FROM scope_events AS s
LEFT JOIN operator_ways AS w
  ON w.credential IS NOT DISTINCT FROM s.credential
  AND w.session_issuer_arn IS NOT DISTINCT FROM s.session_issuer_arn
  AND w.identity_arn IS NOT DISTINCT FROM s.identity_arn
  AND w.source_ip_address IS NOT DISTINCT FROM s.source_ip_address
  AND w.user_agent IS NOT DISTINCT FROM s.user_agent
  AND w.by_service = (s.invoked_by IS NOT NULL OR coalesce(s.source_kind IN ('aws_service', 'aws_internal'), s.event_type = 'AwsServiceEvent', false))
  AND w.day IS NOT DISTINCT FROM s.event_time::DATE;
