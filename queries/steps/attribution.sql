-- Owner or actor: each event of the scope compared with what its principal did before the window, by address, network and agent. An inference, not proof:
-- where the signs disagree, or there is nothing to compare with, the class is undetermined. Nothing is dropped.
-- $networks: [{"address", "network"}] of all addresses, /24 for IPv4 and /48 for IPv6.
CREATE OR REPLACE TEMP TABLE attributed AS
WITH RECURSIVE networks AS (
  SELECT address, network
  FROM (SELECT unnest(from_json($networks::JSON, '[{"address": "VARCHAR", "network": "VARCHAR"}]'), recursive := true))
),
usual AS (
  SELECT DISTINCT
    coalesce(b.session_issuer_arn, b.identity_arn) AS principal,
    b.source_ip_address AS address,
    n.network,
    b.user_agent,
    coalesce(a.family, b.user_agent) AS family
  FROM baseline_events AS b
  LEFT JOIN networks AS n ON n.address = b.source_ip_address
  LEFT JOIN agents AS a ON a.user_agent = b.user_agent
  WHERE b.source_kind IN ('public', 'private')
),
seen AS (
  SELECT
    s.event_id,
    s.credential,
    s.event_time,
    coalesce(s.session_issuer_arn, s.identity_arn) AS principal,
    s.source_ip_address AS address,
    n.network,
    s.user_agent,
    coalesce(a.family, s.user_agent) AS family,
    s.invoked_by IS NULL AND s.source_kind IN ('public', 'private') AS direct
  FROM scope_events AS s
  LEFT JOIN networks AS n ON n.address = s.source_ip_address
  LEFT JOIN agents AS a ON a.user_agent = s.user_agent
),
-- One row a way of use, of which there are few, however many events.
ways AS (
  SELECT DISTINCT principal, address, network, user_agent, family FROM seen WHERE direct
),
compared AS (
  SELECT
    w.*,
    EXISTS (FROM usual AS u WHERE u.principal = w.principal) AS comparable,
    EXISTS (FROM usual AS u WHERE u.principal = w.principal AND u.address = w.address) AS same_address,
    EXISTS (FROM usual AS u WHERE u.principal = w.principal AND u.address = w.address AND u.family IS NOT DISTINCT FROM w.family) AS same_use,
    EXISTS (FROM usual AS u WHERE u.principal = w.principal AND u.network = w.network) AS same_network,
    EXISTS (FROM usual AS u WHERE u.principal = w.principal AND u.user_agent = w.user_agent) AS same_agent
  FROM ways AS w
),
judged AS (
  SELECT
    *,
    CASE
      WHEN NOT comparable THEN NULL
      WHEN same_use THEN 'owner'
      WHEN same_address OR same_network OR same_agent THEN 'undetermined'
      ELSE 'actor'
    END AS class,
    CASE
      WHEN NOT comparable THEN 'no earlier use by its principal to compare with'
      WHEN same_use THEN 'address and kind of agent as before the window'
      WHEN same_address THEN 'address as before, with a kind of agent never used from it'
      WHEN same_network THEN 'another address of a network used before'
      WHEN same_agent THEN 'network never used before, with the very agent used before'
      ELSE 'network and agent never used before'
    END AS reason
  FROM compared
),
placed AS (
  SELECT s.*, j.class, j.reason
  FROM seen AS s
  LEFT JOIN judged AS j ON s.direct AND j.principal IS NOT DISTINCT FROM s.principal AND j.address = s.address
    AND j.user_agent IS NOT DISTINCT FROM s.user_agent
),
issues AS (
  SELECT c.access_key_id AS credential, c.issued_by, min(p.class) AS class
  FROM credentials AS c
  LEFT JOIN placed AS p ON p.event_id = c.via_event_id AND p.direct
  WHERE c.in_scope AND c.hop > 0
  GROUP BY ALL
),
-- Who issued a credential: by the call that did it, or where that tells nothing, by who issued the credential of that call.
origins AS (
  SELECT credential, class FROM issues WHERE class IS NOT NULL
  UNION
  SELECT i.credential, o.class
  FROM issues AS i
  JOIN origins AS o ON o.credential = i.issued_by
  WHERE i.class IS NULL
),
direct AS (
  SELECT
    p.* REPLACE (
      CASE
        WHEN o.class = 'actor' AND p.class = 'owner' THEN 'undetermined'
        WHEN o.class = 'actor' THEN 'actor'
        ELSE coalesce(p.class, 'undetermined')
      END AS class,
      CASE
        WHEN o.class = 'actor' AND p.class = 'owner' THEN 'as before the window, with a credential that the actor issued'
        WHEN o.class = 'actor' AND coalesce(p.class, '') <> 'actor' THEN 'credential issued by a call of the actor'
        ELSE p.reason
      END AS reason)
  FROM placed AS p
  LEFT JOIN origins AS o ON o.credential = p.credential
  WHERE p.direct
),
-- What AWS services did for a credential, or for the one that it was issued by: whoever alone used that.
users AS (
  SELECT credential, CASE WHEN min(class) = max(class) THEN min(class) ELSE 'undetermined' END AS class
  FROM direct
  GROUP BY credential
)
SELECT event_id, event_time, credential, address, network, family AS agent, class, reason FROM direct
UNION ALL
SELECT
  p.event_id,
  p.event_time,
  p.credential,
  NULL AS address,
  NULL AS network,
  NULL AS agent,
  coalesce(own.class, issuer.class, 'undetermined') AS class,
  'by an AWS service, for a credential that ' || CASE coalesce(own.class, issuer.class)
    WHEN 'actor' THEN 'the actor alone used'
    WHEN 'owner' THEN 'the owner alone used'
    ELSE 'neither alone used' END AS reason
FROM placed AS p
LEFT JOIN users AS own ON own.credential = p.credential
LEFT JOIN credentials AS c ON c.access_key_id = p.credential
LEFT JOIN users AS issuer ON issuer.credential = c.issued_by
WHERE NOT p.direct;
