-- Each way of use compared with what was used before the window: by its identity where the baseline knows that, else by its role.
-- Signs that disagree, or nothing to compare with, leave it undetermined (class NULL: nothing to compare with).
CREATE OR REPLACE TEMP TABLE use_ways AS
WITH direct AS (
  SELECT
    identity_arn,
    session_issuer_arn,
    source_ip_address AS address,
    user_agent,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen
  FROM use_cells
  WHERE NOT by_service AND placed
  GROUP BY ALL
),
known AS (SELECT DISTINCT who FROM usual),
ways AS (
  SELECT
    d.*,
    CASE WHEN k.who IS NOT NULL THEN d.identity_arn WHEN r.who IS NOT NULL THEN d.session_issuer_arn END AS who,
    k.who IS NOT NULL AS by_identity,
    i.network,
    i.asn,
    i.as_name,
    i.country,
    i.owner,
    i.known_good,
    coalesce(i.network, d.address) LIKE '%:%' AS ipv6,
    -- Strangers stand side by side in these.
    coalesce(i.owner IN ('aws', 'cloud', 'hosting', 'vpn', 'tor'), false) AS rented,
    coalesce(a.family, d.user_agent, 'none') AS family,
    coalesce(a.family || '/' || a.version, d.user_agent, 'none') AS version,
    coalesce(agent_key(d.user_agent), 'none') AS agent,
    coalesce(agent_system(d.user_agent), '') AS system
  FROM direct AS d
  LEFT JOIN known AS k ON k.who = d.identity_arn
  LEFT JOIN known AS r ON r.who = d.session_issuer_arn
  LEFT JOIN ips AS i ON i.address = d.address
  LEFT JOIN agents AS a ON a.user_agent = d.user_agent
),
-- A network in which the caller had three addresses and more gives it another one time and again.
changing AS (
  SELECT who, network FROM usual WHERE network IS NOT NULL GROUP BY who, network HAVING count(DISTINCT address) >= 3
),
compared AS (
  SELECT
    w.*,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.address = w.address) AS same_address,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.address = w.address AND u.family = w.family) AS same_use,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.network = w.network) AS same_network,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.network = w.network AND u.family = w.family) AS network_family,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.network = w.network AND u.agent = w.agent)
      OR EXISTS (FROM usual AS u WHERE u.who = w.who AND u.network = w.network AND u.agent = w.version) AS network_agent,
    w.ipv6 OR EXISTS (FROM changing AS c WHERE c.who = w.who AND c.network = w.network) AS changing,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.agent = w.agent)
      OR EXISTS (FROM usual AS u WHERE u.who = w.who AND u.agent = w.version) AS same_agent,
    EXISTS (FROM usual AS u WHERE u.who = w.who AND u.family = w.family) AS same_family,
    -- A new version comes to the same machine; what is not known by name has no versions.
    w.family <> 'other' AND EXISTS (FROM usual AS u WHERE u.who = w.who AND u.family = w.family AND (u.system = w.system OR '' IN (u.system, w.system))) AS same_kind,
    EXISTS (FROM usual AS u WHERE u.who = w.session_issuer_arn AND u.network = w.network) AS network_of_role
  FROM ways AS w
),
judged AS (
  SELECT
    *,
    CASE
      WHEN who IS NULL AND known_good IS NOT NULL THEN 'owner'
      WHEN who IS NULL THEN NULL
      WHEN same_use THEN 'owner'
      WHEN known_good IS NOT NULL THEN CASE WHEN same_family THEN 'owner' ELSE 'undetermined' END
      WHEN same_address THEN 'undetermined'
      WHEN network_agent AND (changing OR NOT rented) THEN 'owner'
      WHEN network_family AND changing AND NOT rented THEN 'owner'
      WHEN same_network OR network_of_role OR same_agent OR (same_kind AND NOT rented) THEN 'undetermined'
      ELSE 'actor'
    END AS class,
    CASE
      WHEN who IS NULL AND known_good IS NOT NULL THEN 'address that the known-good file names'
      WHEN who IS NULL THEN 'no earlier use by its principal to compare with'
      WHEN same_use THEN 'address and kind of agent as before the window'
      WHEN known_good IS NOT NULL AND same_family AND same_address THEN 'address that the known-good file names, with a kind of agent used before'
      WHEN known_good IS NOT NULL AND same_family THEN 'address that the known-good file names and that was never used before, with a kind of agent used before'
      WHEN known_good IS NOT NULL THEN 'address that the known-good file names, with a kind of agent never used before'
      WHEN same_address THEN 'address as before, with a kind of agent never used from it'
      WHEN network_agent AND (changing OR NOT rented) THEN 'another address of a network used before, with the very agent used from there'
      WHEN network_family AND changing AND NOT rented THEN 'another address of a network used before, with another version of the agent used from there'
      WHEN same_network THEN 'another address of a network used before'
      WHEN network_of_role THEN 'network that others of its role used before, and it did not'
      WHEN same_agent THEN 'network never used before, with the very agent used before'
      WHEN same_kind AND NOT rented THEN 'network never used before, with another version of an agent used before'
      WHEN same_kind THEN 'network of rented machines never used before, with another version of an agent used before'
      WHEN same_family AND family <> 'other' THEN 'network never used before, with an agent used before on another system'
      ELSE 'network and agent never used before'
    END AS reason
  FROM compared
),
-- An agent that the owner takes up within the window is the owner's too.
taken_up AS (
  SELECT DISTINCT who, agent FROM judged WHERE class = 'owner' AND who IS NOT NULL
)
SELECT
  false AS by_service,
  j.* EXCLUDE (class, reason, same_address, same_use, network_family, network_agent, changing, same_agent, same_family, same_kind, system, network_of_role),
  CASE WHEN j.class = 'actor' AND t.who IS NOT NULL THEN 'undetermined' ELSE j.class END AS class,
  CASE WHEN j.class = 'actor' AND t.who IS NOT NULL THEN 'network never used before, with the very agent that its owner uses meanwhile' ELSE j.reason END AS reason
FROM judged AS j
LEFT JOIN taken_up AS t ON t.who = j.who AND t.agent = j.agent;

-- In two countries at once, where no rented network or VPN stands between: whoever is not where the owner is, is another.
CREATE OR REPLACE TEMP TABLE elsewhere AS
WITH timed AS (
  SELECT w.who, w.address, w.user_agent, w.identity_arn, w.session_issuer_arn, w.country, w.class, c.hour, c.first_seen, c.last_seen
  FROM use_cells AS c
  JOIN use_ways AS w ON w.identity_arn IS NOT DISTINCT FROM c.identity_arn AND w.session_issuer_arn IS NOT DISTINCT FROM c.session_issuer_arn
    AND w.address = c.source_ip_address AND w.user_agent IS NOT DISTINCT FROM c.user_agent
  WHERE NOT c.by_service AND w.by_identity AND w.country IS NOT NULL AND NOT w.rented AND w.class IN ('owner', 'undetermined')
),
owners AS (
  SELECT who, country, hour, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM timed
  WHERE class = 'owner'
  GROUP BY who, country, hour
)
SELECT DISTINCT u.identity_arn, u.session_issuer_arn, u.address, u.user_agent
FROM timed AS u
JOIN owners AS o ON o.who = u.who AND o.hour = u.hour AND o.country <> u.country
  AND o.first_seen <= u.last_seen AND u.first_seen <= o.last_seen
WHERE u.class = 'undetermined';

UPDATE use_ways AS w
SET class = 'actor', reason = 'in another country than its owner, at the same time'
FROM elsewhere AS e
WHERE w.identity_arn IS NOT DISTINCT FROM e.identity_arn AND w.session_issuer_arn IS NOT DISTINCT FROM e.session_issuer_arn
  AND w.address = e.address AND w.user_agent IS NOT DISTINCT FROM e.user_agent
  AND w.reason LIKE 'network never used before%';
