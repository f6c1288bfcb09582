-- Compares the uses of the scope with what was normal. A caller is told by what the baseline knows of it best: its key, else its identity, else its role;
-- what it knows of fewer than three days counts last.
CREATE OR REPLACE TEMP TABLE judged_callers AS
WITH known AS (
  SELECT kind, id, days FROM normal WHERE aspect = 'use'
),
chosen AS (
  SELECT
    c.who,
    c.key,
    coalesce(c.identity, c.account) AS identity,
    coalesce(c.role, c.identity, c.account) AS principal,
    CASE
      WHEN k.days >= 3 THEN 'credential'
      WHEN i.days >= 3 THEN 'identity'
      WHEN r.days >= 3 THEN 'role'
      WHEN k.days > 0 THEN 'credential'
      WHEN i.days > 0 THEN 'identity'
      WHEN r.days > 0 THEN 'role'
      ELSE 'none'
    END AS kind
  FROM use_callers AS c
  LEFT JOIN known AS k ON k.kind = 'credential' AND k.id = c.key
  LEFT JOIN known AS i ON i.kind = 'identity' AND i.id = c.identity
  LEFT JOIN known AS r ON r.kind = 'role' AND r.id = c.role
)
SELECT
  who,
  kind,
  CASE kind WHEN 'credential' THEN key WHEN 'identity' THEN identity ELSE principal END AS caller,
  principal,
  dense_rank() OVER (ORDER BY kind, CASE kind WHEN 'credential' THEN key WHEN 'identity' THEN identity ELSE principal END)::INTEGER AS cid,
  dense_rank() OVER (ORDER BY principal)::INTEGER AS pid
FROM chosen;

CREATE OR REPLACE TEMP TABLE known_values AS
SELECT j.cid, n.aspect, n.value, n.calls, n.days, n.last_seen
FROM normal AS n
JOIN (SELECT DISTINCT cid, kind, caller FROM judged_callers WHERE kind <> 'none') AS j ON j.kind = n.kind AND j.caller = n.id;

-- Of what the baseline knows of a caller, how much was seen once: so much that is new is to be expected of it (I. J. Good, Biometrika 40, 1953). Of days
-- that are fewer than five nothing is expected.
CREATE OR REPLACE TEMP TABLE expected AS
WITH told AS (
  SELECT
    cid,
    sum(CASE WHEN aspect = 'call' AND calls = 1 THEN 1 ELSE 0 END) / greatest(sum(CASE WHEN aspect = 'call' THEN calls ELSE 0 END), 1) AS new_calls,
    count(CASE WHEN aspect = 'address' AND days = 1 THEN 1 END) / greatest(sum(CASE WHEN aspect = 'address' THEN days ELSE 0 END), 1) AS new_addresses,
    count(CASE WHEN aspect = 'network' AND days = 1 THEN 1 END) / greatest(sum(CASE WHEN aspect = 'network' THEN days ELSE 0 END), 1) AS new_networks,
    count(CASE WHEN aspect = 'country' AND days = 1 THEN 1 END) / greatest(sum(CASE WHEN aspect = 'country' THEN days ELSE 0 END), 1) AS new_countries,
    count(CASE WHEN aspect = 'country' THEN 1 END) AS countries,
    count(CASE WHEN aspect = 'hour' THEN 1 END) AS hours,
    sum(CASE WHEN aspect = 'mfa' AND value = 'true' THEN calls ELSE 0 END) AS with_mfa,
    sum(CASE WHEN aspect = 'mfa' AND value = 'false' THEN calls ELSE 0 END) AS without_mfa,
    count(CASE WHEN aspect = 'delivery' THEN 1 END) AS deliveries,
    max(CASE WHEN aspect = 'rate' THEN calls ELSE 0 END) AS busiest,
    max(CASE WHEN aspect = 'use' THEN days ELSE 0 END) AS days,
    max(CASE WHEN aspect = 'use' THEN calls ELSE 0 END) AS all_calls,
    max(CASE WHEN aspect = 'use' THEN last_seen END) AS last_seen
  FROM known_values
  GROUP BY cid
)
SELECT
  *,
  CASE WHEN days < 5 THEN 0 WHEN new_addresses >= 0.25 THEN 2 WHEN new_addresses >= 0.1 THEN 1 ELSE 0 END AS roams_addresses,
  CASE WHEN days < 5 THEN 0 WHEN new_networks >= 0.25 THEN 2 WHEN new_networks >= 0.1 THEN 1 ELSE 0 END AS roams_networks,
  CASE WHEN days < 5 THEN 0 WHEN new_countries >= 0.25 THEN 2 WHEN new_countries >= 0.1 THEN 1 ELSE 0 END AS roams_countries
FROM told;

-- Signs that hang together count once: a new country is a new network too. So each address has one state.
CREATE OR REPLACE TEMP TABLE judged_places AS
WITH compared AS (
  SELECT
    p.cid,
    p.spot,
    CASE
      WHEN p.kind = 'none' THEN 'none'
      WHEN i.address IS NULL THEN 'unplaced'
      -- Privacy addresses of IPv6 change from day to day inside their network; inside a private network addresses are lent.
      WHEN a.value IS NOT NULL OR (n.value IS NOT NULL AND (i.address LIKE '%:%' OR i.kind = 'private')) THEN 'known'
      WHEN n.value IS NOT NULL THEN 'address'
      WHEN i.kind = 'private' THEN 'network'
      WHEN i.country IS NOT NULL AND c.value IS NULL AND x.countries > 0 THEN 'country'
      WHEN s.value IS NOT NULL THEN 'network'
      ELSE 'asn'
    END AS state,
    coalesce(CASE WHEN i.kind = 'public' THEN 'AS' || i.asn END, i.network, i.address, 'a source that cannot be placed') AS wide,
    coalesce(i.network, i.address) AS narrow,
    o.value IS NULL AND i.owner IN ('tor', 'hosting', 'vpn', 'cloud', 'aws') AS new_owner
  FROM (SELECT DISTINCT j.cid, j.kind, u.spot FROM (SELECT DISTINCT who, spot FROM uses) AS u JOIN judged_callers AS j ON j.who = u.who) AS p
  JOIN use_addresses AS i ON i.spot = p.spot
  LEFT JOIN expected AS x ON x.cid = p.cid
  LEFT JOIN known_values AS a ON a.cid = p.cid AND a.aspect = 'address' AND a.value = i.address
  LEFT JOIN known_values AS n ON n.cid = p.cid AND n.aspect = 'network' AND n.value = i.network
  LEFT JOIN known_values AS s ON s.cid = p.cid AND s.aspect = 'asn' AND s.value = CAST(i.asn AS VARCHAR)
  LEFT JOIN known_values AS c ON c.cid = p.cid AND c.aspect = 'country' AND c.value = i.country
  LEFT JOIN known_values AS o ON o.cid = p.cid AND o.aspect = 'owner' AND o.value = i.owner
)
SELECT
  cid,
  spot,
  state,
  CASE state WHEN 'known' THEN NULL WHEN 'address' THEN narrow ELSE wide END AS place,
  new_owner,
  -- The usual places of a caller are one unit, of negative number.
  CASE state WHEN 'known' THEN -cid ELSE dense_rank() OVER (ORDER BY cid, state, CASE state WHEN 'address' THEN narrow ELSE wide END)::INTEGER END AS unit
FROM compared;

-- A call, region or endpoint that the caller's role knows is new to nobody.
CREATE OR REPLACE TEMP TABLE role_values AS
SELECT j.pid, n.aspect, n.value
FROM normal AS n
JOIN (SELECT DISTINCT pid, principal FROM judged_callers) AS j ON n.kind = 'role' AND n.id = j.principal
WHERE n.aspect IN ('call', 'region', 'endpoint');

CREATE OR REPLACE TEMP TABLE new_calls AS
SELECT
  u.cid,
  u.pid,
  u.call,
  -- What AWS forbids to a leaked key, what changes or lists rights, hands out secrets, watches the account or tells what it may spend.
  q.event_name IS NOT NULL
    OR regexp_matches(c.name, '^(iam|organizations|sso|sso-directory|identitystore|secretsmanager|cloudtrail|guardduty|securityhub|config|access-analyzer|macie2|servicequotas|ce|account)\.')
    OR regexp_matches(c.name, '^(ses|sns|bedrock|ssm)\.[a-z]+\.com:(Get|List|Describe).*(Quota|Sending|Identit|Verification|SMS|Model|Profile|Parameter)')
    OR regexp_matches(c.name, '^(sts\.[a-z]+\.com:Get|ssm\.[a-z]+\.com:(SendCommand|StartSession)|kms\.[a-z]+\.com:(CreateGrant|PutKeyPolicy|ScheduleKeyDeletion))')
    OR regexp_matches(c.name, '^(ec2|rds)\.[a-z]+\.com:(Create|Modify|Share|Copy)[A-Za-z]*(Snapshot|Image|KeyPair|SecurityGroup|Attribute)')
    OR regexp_matches(c.name, '^ec2\.[a-z]+\.com:(RunInstances|AuthorizeSecurityGroup|GetPasswordData|DescribeInstanceAttribute)')
    OR regexp_matches(c.name, '^s3\.[a-z]+\.com:(ListBuckets|Put|Delete)') AS telling
FROM (SELECT DISTINCT j.cid, j.pid, u.call FROM (SELECT DISTINCT who, call FROM uses) AS u JOIN judged_callers AS j ON j.who = u.who WHERE j.kind <> 'none') AS u
JOIN use_calls AS c ON c.call = u.call
LEFT JOIN known_values AS n ON n.cid = u.cid AND n.aspect = 'call' AND n.value = c.name
LEFT JOIN role_values AS r ON r.pid = u.pid AND r.aspect = 'call' AND r.value = c.name
LEFT JOIN catalog_quarantine AS q ON q.event_source = c.event_source AND q.event_name = c.event_name
WHERE n.value IS NULL AND r.value IS NULL;

CREATE OR REPLACE TEMP TABLE known_denials AS
SELECT n.cid, c.call
FROM known_values AS n
JOIN use_calls AS c ON c.name = n.value
WHERE n.aspect = 'denied';

CREATE OR REPLACE TEMP TABLE odd_manners AS
SELECT *
FROM (
  SELECT
    u.cid,
    u.pid,
    u.manner,
    m.region IS NOT NULL AND n.value IS NULL AND r.value IS NULL AS new_region,
    m.endpoint IS NOT NULL AND e.value IS NULL AND f.value IS NULL AS new_endpoint,
    coalesce(x.deliveries > 0, false) AND m.delivery IS NOT NULL AND y.value IS NULL AS new_delivery,
    coalesce(x.with_mfa > 9 * x.without_mfa, false) AND coalesce(m.mfa = false, false) AS without_mfa
  FROM (SELECT DISTINCT j.cid, j.pid, u.manner FROM (SELECT DISTINCT who, manner FROM uses) AS u JOIN judged_callers AS j ON j.who = u.who WHERE j.kind <> 'none') AS u
  JOIN use_manners AS m ON m.manner = u.manner
  LEFT JOIN expected AS x ON x.cid = u.cid
  LEFT JOIN known_values AS n ON n.cid = u.cid AND n.aspect = 'region' AND n.value = m.region
  LEFT JOIN role_values AS r ON r.pid = u.pid AND r.aspect = 'region' AND r.value = m.region
  LEFT JOIN known_values AS e ON e.cid = u.cid AND e.aspect = 'endpoint' AND e.value = m.endpoint
  LEFT JOIN role_values AS f ON f.pid = u.pid AND f.aspect = 'endpoint' AND f.value = m.endpoint
  LEFT JOIN known_values AS y ON y.cid = u.cid AND y.aspect = 'delivery' AND y.value = m.delivery
)
WHERE new_region OR new_endpoint OR new_delivery OR without_mfa;

CREATE OR REPLACE TEMP TABLE new_agents AS
SELECT u.cid, u.agent
FROM (SELECT DISTINCT j.cid, u.agent FROM (SELECT DISTINCT who, agent FROM uses) AS u JOIN judged_callers AS j ON j.who = u.who WHERE j.kind <> 'none') AS u
JOIN use_agents AS a ON a.agent = u.agent
LEFT JOIN known_values AS n ON n.cid = u.cid AND n.aspect = 'agent' AND n.value = a.family
WHERE n.value IS NULL;

CREATE OR REPLACE TEMP TABLE odd_times AS
SELECT cid, hour, odd_hour, odd_weekday
FROM (
  SELECT
    u.cid,
    u.hour,
    coalesce(x.hours <= 16 AND h.value IS NULL, false) AS odd_hour,
    w.value IS NULL AS odd_weekday
  FROM (SELECT DISTINCT j.cid, u.hour FROM (SELECT DISTINCT who, hour FROM uses WHERE hour IS NOT NULL) AS u JOIN judged_callers AS j ON j.who = u.who) AS u
  -- Of fewer than ten days no habit can be told.
  JOIN expected AS x ON x.cid = u.cid AND x.days >= 10
  LEFT JOIN (
    -- The hours beside those that are usual are usual too.
    SELECT DISTINCT cid, (CAST(value AS INTEGER) + step + 24) % 24 AS value
    FROM known_values
    CROSS JOIN (VALUES (-1), (0), (1)) AS s(step)
    WHERE aspect = 'hour'
  ) AS h ON h.cid = u.cid AND h.value = u.hour % 24
  LEFT JOIN known_values AS w ON w.cid = u.cid AND w.aspect = 'weekday' AND w.value = CAST((u.hour // 24 + 3) % 7 + 1 AS VARCHAR)
)
WHERE odd_hour OR odd_weekday;

-- Uses at new places, and of those at the usual ones what differs. A view: there may be as many as events.
CREATE OR REPLACE TEMP VIEW flagged AS
SELECT *
FROM (
  SELECT
    p.unit,
    CASE WHEN p.unit < 0 THEN u.hour // 24 END AS day,
    j.cid,
    u.who,
    u.spot,
    u.agent,
    u.call,
    u.manner,
    u.hour,
    u.event_time,
    m.denied,
    m.read_only,
    c.call IS NOT NULL AS new_call,
    coalesce(c.telling, false) AS telling,
    -- Services without a region of their own are logged in us-east-1, wherever the caller is.
    coalesce(o.new_region, false) AND NOT (m.region = 'us-east-1' AND coalesce(l.event_source, '') IN ('iam.amazonaws.com', 'sts.amazonaws.com',
      'organizations.amazonaws.com', 'route53.amazonaws.com', 'cloudfront.amazonaws.com', 'account.amazonaws.com', 'support.amazonaws.com',
      'signin.amazonaws.com', 'health.amazonaws.com', 'ce.amazonaws.com')) AS new_region,
    coalesce(o.new_endpoint, false) AS new_endpoint,
    coalesce(o.new_delivery, false) AS new_delivery,
    coalesce(o.without_mfa, false) AS without_mfa,
    g.agent IS NOT NULL AS new_agent,
    a.kind = 'tool' AS tool,
    m.console AND a.kind IN ('browser', 'console') AS page,
    m.outside AND a.kind NOT IN ('browser', 'console', 'service') AND a.family <> 'cloudshell' AS replayed,
    m.denied AND j.kind <> 'none' AND d.call IS NULL AS new_denial,
    coalesce(t.odd_hour, false) AS odd_hour,
    coalesce(t.odd_weekday, false) AS odd_weekday
  FROM uses AS u
  JOIN judged_callers AS j ON j.who = u.who
  JOIN judged_places AS p ON p.cid = j.cid AND p.spot = u.spot
  JOIN use_manners AS m ON m.manner = u.manner
  JOIN use_calls AS l ON l.call = u.call
  JOIN use_agents AS a ON a.agent = u.agent
  LEFT JOIN new_calls AS c ON c.cid = j.cid AND c.pid = j.pid AND c.call = u.call
  LEFT JOIN odd_manners AS o ON o.cid = j.cid AND o.pid = j.pid AND o.manner = u.manner
  LEFT JOIN new_agents AS g ON g.cid = j.cid AND g.agent = u.agent
  LEFT JOIN known_denials AS d ON d.cid = j.cid AND d.call = u.call
  LEFT JOIN odd_times AS t ON t.cid = j.cid AND t.hour = u.hour
)
WHERE unit > 0 OR new_call OR new_region OR new_endpoint OR new_delivery OR without_mfa OR new_agent OR replayed OR new_denial OR odd_hour OR odd_weekday;

-- How much each caller did at each place, by hour.
CREATE OR REPLACE TEMP TABLE unit_hours AS
SELECT p.unit, j.cid, u.hour, count(*) AS calls, min(u.event_time) AS first_use, max(u.event_time) AS last_use
FROM uses AS u
JOIN judged_callers AS j ON j.who = u.who
JOIN judged_places AS p ON p.cid = j.cid AND p.spot = u.spot
GROUP BY ALL;
