-- What callers did that was not their normal: one row a caller and place, with the signs, what each is worth, and what they come to.
-- A caller is told by what the baseline knows of it best: its key, else its identity, else its role; what it knows of fewer than three days counts last.
-- Signs that hang together count once: a new country is a new network too.
CREATE OR REPLACE VIEW unusual_uses AS
WITH direct AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    aws_region,
    source_ip_address AS address,
    user_agent,
    outcome = 'denied' AS denied,
    coalesce(read_only, false) AS read_only,
    CASE WHEN access_key_id LIKE 'AKIA%' THEN access_key_id END AS key,
    coalesce(identity_arn, account_id, 'an unknown caller') AS identity,
    session_issuer_arn AS role,
    mfa_authenticated AS mfa,
    vpc_endpoint_id AS endpoint,
    -- Calls from outside AWS come over TLS that the log describes; the console's own back end leaves it out.
    coalesce(session_credential_from_console, false) AS console,
    coalesce(session_credential_from_console, false) AND tls_details IS NOT NULL AS console_outside,
    ec2_role_delivery AS delivery
  FROM scope_events
  WHERE invoked_by IS NULL
    AND coalesce(source_kind, '') IN ('public', 'private')
    AND coalesce(identity_type, '') <> 'AWSService'
    AND coalesce(event_type, '') <> 'AwsServiceEvent'
    AND coalesce(session_issuer_arn NOT LIKE '%:role/aws-service-role/%', true)
),
grouped AS MATERIALIZED (
  SELECT
    key, identity, role, address, user_agent, event_source, event_name, aws_region, denied, read_only, mfa, endpoint, console, console_outside, delivery,
    date_trunc('hour', event_time) AS hour,
    count(*) AS calls,
    min(event_time) AS first_use,
    max(event_time) AS last_use
  FROM direct
  GROUP BY ALL
),
known AS (
  SELECT kind, id, days, calls, last_seen FROM normal WHERE aspect = 'use'
),
callers AS MATERIALIZED (
  SELECT
    *,
    CASE kind WHEN 'credential' THEN key WHEN 'identity' THEN identity ELSE coalesce(role, identity) END AS caller,
    coalesce(role, identity) AS principal
  FROM (
    SELECT
      g.key,
      g.identity,
      g.role,
      CASE
        WHEN k.days >= 3 THEN 'credential'
        WHEN i.days >= 3 THEN 'identity'
        WHEN r.days >= 3 THEN 'role'
        WHEN k.days > 0 THEN 'credential'
        WHEN i.days > 0 THEN 'identity'
        WHEN r.days > 0 THEN 'role'
        ELSE 'none'
      END AS kind
    FROM (SELECT DISTINCT key, identity, role FROM grouped) AS g
    LEFT JOIN known AS k ON k.kind = 'credential' AND k.id = g.key
    LEFT JOIN known AS i ON i.kind = 'identity' AND i.id = g.identity
    LEFT JOIN known AS r ON r.kind = 'role' AND r.id = g.role
  )
),
uses AS MATERIALIZED (
  SELECT
    c.kind,
    c.caller,
    c.principal,
    g.address,
    coalesce(a.family, 'none') AS family,
    coalesce(a.kind, 'other') AS agent_kind,
    coalesce(g.event_source, '') || ':' || coalesce(g.event_name, '') AS call,
    g.aws_region,
    g.denied,
    g.read_only,
    g.mfa,
    g.endpoint,
    g.console,
    g.console_outside,
    g.delivery,
    g.hour,
    sum(g.calls)::BIGINT AS calls,
    min(g.first_use) AS first_use,
    max(g.last_use) AS last_use
  FROM grouped AS g
  JOIN callers AS c ON c.key IS NOT DISTINCT FROM g.key AND c.identity = g.identity AND c.role IS NOT DISTINCT FROM g.role
  LEFT JOIN agents AS a ON a.user_agent = g.user_agent
  GROUP BY ALL
),
-- Of what the baseline knows of a caller: how much of it was seen once. So much that is new is to be expected of it.
expected AS (
  SELECT
    kind,
    id,
    sum(CASE WHEN aspect = 'call' AND calls = 1 THEN 1 ELSE 0 END) / greatest(sum(CASE WHEN aspect = 'call' THEN calls ELSE 0 END), 1) AS new_calls,
    sum(CASE WHEN aspect = 'network' THEN 1 ELSE 0 END) >= 5
      AND sum(CASE WHEN aspect = 'network' AND days = 1 THEN 1 ELSE 0 END) >= 0.5 * sum(CASE WHEN aspect = 'network' THEN 1 ELSE 0 END) AS roams,
    sum(CASE WHEN aspect = 'country' THEN 1 ELSE 0 END) AS countries,
    sum(CASE WHEN aspect = 'hour' THEN 1 ELSE 0 END) AS hours,
    sum(CASE WHEN aspect = 'mfa' AND value = 'true' THEN calls ELSE 0 END) AS with_mfa,
    sum(CASE WHEN aspect = 'mfa' AND value = 'false' THEN calls ELSE 0 END) AS without_mfa,
    sum(CASE WHEN aspect = 'delivery' THEN 1 ELSE 0 END) AS deliveries,
    max(CASE WHEN aspect = 'rate' THEN calls ELSE 0 END) AS busiest,
    max(CASE WHEN aspect = 'use' THEN days ELSE 0 END) AS days,
    max(CASE WHEN aspect = 'use' THEN calls ELSE 0 END) AS all_calls,
    max(CASE WHEN aspect = 'use' THEN last_seen END) AS last_seen
  FROM normal
  GROUP BY kind, id
),
places AS MATERIALIZED (
  SELECT
    p.kind,
    p.caller,
    p.address,
    CASE
      WHEN p.kind = 'none' THEN 'none'
      -- Privacy addresses of IPv6 change from day to day inside their network; inside a private network addresses are lent.
      WHEN a.value IS NOT NULL OR (n.value IS NOT NULL AND (p.address LIKE '%:%' OR i.kind = 'private')) THEN 'known'
      WHEN n.value IS NOT NULL THEN 'address'
      WHEN i.kind = 'private' THEN 'network'
      WHEN i.country IS NOT NULL AND c.value IS NULL AND x.countries > 0 THEN 'country'
      WHEN s.value IS NOT NULL THEN 'network'
      ELSE 'asn'
    END AS state,
    CASE state
      WHEN 'known' THEN NULL
      WHEN 'address' THEN i.network
      ELSE coalesce(CASE WHEN i.kind = 'public' THEN 'AS' || i.asn END, i.network, p.address)
    END AS place,
    i.kind AS address_kind,
    i.country,
    i.network,
    i.asn,
    i.as_name,
    i.owner,
    o.value IS NULL AND i.owner IN ('tor', 'hosting', 'vpn', 'cloud', 'aws') AS new_owner,
    i.latitude,
    i.longitude,
    coalesce(i.accuracy_km, 100) AS accuracy_km,
    i.known_good
  FROM (SELECT DISTINCT kind, caller, address FROM uses) AS p
  LEFT JOIN ips AS i ON i.address = p.address
  LEFT JOIN expected AS x ON x.kind = p.kind AND x.id = p.caller
  LEFT JOIN normal AS a ON a.kind = p.kind AND a.id = p.caller AND a.aspect = 'address' AND a.value = p.address
  LEFT JOIN normal AS n ON n.kind = p.kind AND n.id = p.caller AND n.aspect = 'network' AND n.value = i.network
  LEFT JOIN normal AS s ON s.kind = p.kind AND s.id = p.caller AND s.aspect = 'asn' AND s.value = CAST(i.asn AS VARCHAR)
  LEFT JOIN normal AS c ON c.kind = p.kind AND c.id = p.caller AND c.aspect = 'country' AND c.value = i.country
  LEFT JOIN normal AS o ON o.kind = p.kind AND o.id = p.caller AND o.aspect = 'owner' AND o.value = i.owner
),
-- A call that the caller's role knows is new to nobody.
new_calls AS MATERIALIZED (
  SELECT u.kind, u.caller, u.principal, u.call,
    -- What AWS forbids to a leaked key, what changes or lists rights, hands out secrets, watches the account or tells what it may spend.
    q.event_name IS NOT NULL
      OR regexp_matches(u.call, '^(iam|organizations|sso|sso-directory|identitystore|secretsmanager|cloudtrail|guardduty|securityhub|config|access-analyzer|macie2|servicequotas|ce|account)\.')
      OR regexp_matches(u.call, '^(ses|sns|bedrock|ssm)\.[a-z]+\.com:(Get|List|Describe).*(Quota|Sending|Identit|Verification|SMS|Model|Profile|Parameter)')
      OR regexp_matches(u.call, '^(sts\.[a-z]+\.com:Get|ssm\.[a-z]+\.com:(SendCommand|StartSession)|kms\.[a-z]+\.com:(CreateGrant|PutKeyPolicy|ScheduleKeyDeletion))')
      OR regexp_matches(u.call, '^(ec2|rds)\.[a-z]+\.com:(Create|Modify|Share|Copy)[A-Za-z]*(Snapshot|Image|KeyPair|SecurityGroup|Attribute)')
      OR regexp_matches(u.call, '^ec2\.[a-z]+\.com:(RunInstances|AuthorizeSecurityGroup|GetPasswordData|DescribeInstanceAttribute)')
      OR regexp_matches(u.call, '^s3\.[a-z]+\.com:(ListBuckets|Put|Delete)') AS telling
  FROM (SELECT DISTINCT kind, caller, principal, call FROM uses WHERE kind <> 'none') AS u
  LEFT JOIN normal AS n ON n.kind = u.kind AND n.id = u.caller AND n.aspect = 'call' AND n.value = u.call
  LEFT JOIN normal AS r ON r.kind = 'role' AND r.id = u.principal AND r.aspect = 'call' AND r.value = u.call
  LEFT JOIN catalog_quarantine AS q ON q.event_source || ':' || q.event_name = u.call
  WHERE n.value IS NULL AND r.value IS NULL
),
new_regions AS (
  SELECT u.kind, u.caller, u.principal, u.aws_region
  FROM (SELECT DISTINCT kind, caller, principal, aws_region FROM uses WHERE kind <> 'none' AND aws_region IS NOT NULL) AS u
  LEFT JOIN normal AS n ON n.kind = u.kind AND n.id = u.caller AND n.aspect = 'region' AND n.value = u.aws_region
  LEFT JOIN normal AS r ON r.kind = 'role' AND r.id = u.principal AND r.aspect = 'region' AND r.value = u.aws_region
  WHERE n.value IS NULL AND r.value IS NULL
),
flagged AS MATERIALIZED (
  SELECT
    u.*,
    p.state,
    p.place,
    CASE p.state WHEN 'known' THEN CAST(u.hour AS DATE) END AS day,
    c.call IS NOT NULL AS new_call,
    coalesce(c.telling, false) AS telling,
    -- Services without a region of their own are logged in us-east-1, wherever the caller is.
    g.aws_region IS NOT NULL AND NOT (u.aws_region = 'us-east-1' AND regexp_matches(u.call,
      '^(iam|sts|organizations|route53|cloudfront|account|support|signin|health|ce)\.')) AS new_region,
    u.kind <> 'none' AND f.value IS NULL AS new_agent,
    u.denied AND u.kind <> 'none' AND d.value IS NULL AS new_denial,
    u.kind <> 'none' AND u.endpoint IS NOT NULL AND e.value IS NULL AS new_endpoint,
    coalesce(x.deliveries > 0, false) AND u.delivery IS NOT NULL AND y.value IS NULL AS new_delivery,
    coalesce(x.with_mfa > 9 * x.without_mfa, false) AND u.mfa = false AS without_mfa,
    u.console_outside AND u.agent_kind NOT IN ('browser', 'console', 'service') AND u.family <> 'cloudshell' AS replayed,
    coalesce(x.days >= 10 AND x.hours <= 16 AND h.value IS NULL, false) AS odd_hour,
    coalesce(x.days >= 10 AND w.value IS NULL, false) AS odd_weekday
  FROM uses AS u
  JOIN places AS p ON p.kind = u.kind AND p.caller = u.caller AND p.address = u.address
  LEFT JOIN expected AS x ON x.kind = u.kind AND x.id = u.caller
  LEFT JOIN new_calls AS c ON c.kind = u.kind AND c.caller = u.caller AND c.principal = u.principal AND c.call = u.call
  LEFT JOIN new_regions AS g ON g.kind = u.kind AND g.caller = u.caller AND g.principal = u.principal AND g.aws_region = u.aws_region
  LEFT JOIN normal AS f ON f.kind = u.kind AND f.id = u.caller AND f.aspect = 'agent' AND f.value = u.family
  LEFT JOIN normal AS d ON d.kind = u.kind AND d.id = u.caller AND d.aspect = 'denied' AND d.value = u.call AND u.denied
  LEFT JOIN normal AS e ON e.kind = u.kind AND e.id = u.caller AND e.aspect = 'endpoint' AND e.value = u.endpoint
  LEFT JOIN normal AS y ON y.kind = u.kind AND y.id = u.caller AND y.aspect = 'delivery' AND y.value = u.delivery
  LEFT JOIN (
    -- The hours beside those that are usual are usual too.
    SELECT DISTINCT kind, id, (CAST(value AS INTEGER) + step + 24) % 24 AS value
    FROM normal
    CROSS JOIN (VALUES (-1), (0), (1)) AS s(step)
    WHERE aspect = 'hour'
  ) AS h ON h.kind = u.kind AND h.id = u.caller AND h.value = date_part('hour', u.hour)
  LEFT JOIN normal AS w ON w.kind = u.kind AND w.id = u.caller AND w.aspect = 'weekday' AND w.value = CAST(date_part('isodow', u.hour) AS VARCHAR)
),
units AS MATERIALIZED (
  SELECT
    kind, caller, state, place, day,
    any_value(principal) AS principal,
    sum(calls)::BIGINT AS calls,
    min(first_use) AS first_use,
    max(last_use) AS last_use,
    count(DISTINCT address) AS addresses,
    list_sort(array_agg(DISTINCT address))[1:3] AS some_addresses,
    sum(CASE WHEN new_call THEN calls ELSE 0 END) / sum(calls) AS new_share,
    count(DISTINCT CASE WHEN new_call THEN call END) AS new_kinds,
    count(DISTINCT CASE WHEN telling THEN call END) AS telling_kinds,
    list_sort(array_agg(DISTINCT CASE WHEN new_call THEN split_part(call, ':', 2) END)) AS new_names,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN new_agent THEN family END)), ', ') AS new_families,
    bool_or(new_agent) AS new_agent,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN new_region THEN aws_region END)), ', ') AS regions,
    bool_or(new_region) AS new_region,
    bool_or(new_region AND NOT read_only) AS changed_region,
    count(DISTINCT CASE WHEN new_denial THEN call END) AS denied_kinds,
    count(DISTINCT CASE WHEN new_denial THEN split_part(call, ':', 1) END) AS denied_services,
    count(DISTINCT CASE WHEN denied THEN call END) AS any_denied_kinds,
    count(DISTINCT CASE WHEN denied THEN split_part(call, ':', 1) END) AS any_denied_services,
    bool_and(console AND agent_kind IN ('browser', 'console')) AS pages,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN new_endpoint THEN endpoint END)), ', ') AS endpoints,
    bool_or(new_endpoint) AS new_endpoint,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN new_delivery THEN delivery END)), ', ') AS deliveries,
    bool_or(new_delivery) AS new_delivery,
    sum(CASE WHEN without_mfa THEN calls ELSE 0 END)::BIGINT AS calls_without_mfa,
    sum(CASE WHEN replayed THEN calls ELSE 0 END)::BIGINT AS calls_replayed,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN replayed THEN family END)), ', ') AS replayed_by,
    bool_or(agent_kind = 'tool') AS tool,
    sum(CASE WHEN odd_hour THEN calls ELSE 0 END) / sum(calls) AS odd_hours,
    sum(CASE WHEN odd_weekday THEN calls ELSE 0 END) / sum(calls) AS odd_weekdays,
    array_to_string(list_sort(array_agg(DISTINCT CASE WHEN odd_hour THEN date_part('hour', hour) END)), ', ') AS hours_seen
  FROM flagged
  GROUP BY kind, caller, state, place, day
),
peaks AS (
  SELECT kind, caller, state, place, day, max(calls) AS peak
  FROM (SELECT kind, caller, state, place, day, hour, sum(calls)::BIGINT AS calls FROM flagged GROUP BY ALL)
  GROUP BY ALL
),
unit_places AS (
  SELECT
    p.kind,
    p.caller,
    p.state,
    p.place,
    array_to_string(list_sort(array_agg(DISTINCT p.country)), ', ') AS countries,
    min(p.as_name) AS as_name,
    array_to_string(list_sort(array_agg(DISTINCT p.owner)), ', ') AS owners,
    bool_or(p.new_owner AND p.owner = 'tor') AS tor,
    bool_or(p.new_owner AND p.owner IN ('hosting', 'cloud', 'aws')) AS rented,
    bool_or(p.new_owner AND p.owner = 'vpn') AS vpn,
    bool_and(coalesce(p.owner, '') IN ('tor', 'hosting', 'vpn', 'cloud', 'aws')) AS egress,
    min(p.known_good) AS known_good
  FROM places AS p
  WHERE p.state <> 'known'
  GROUP BY p.kind, p.caller, p.state, p.place
),
-- How fast the caller would have gone from or to the place, where one person or machine stands behind it.
stays AS (
  SELECT
    u.kind,
    u.caller,
    p.state,
    p.place,
    u.address,
    p.latitude,
    p.longitude,
    p.accuracy_km,
    coalesce(p.owner, '') IN ('tor', 'hosting', 'vpn', 'cloud', 'aws') AS egress,
    u.hour,
    min(u.first_use) AS first_use,
    max(u.last_use) AS last_use
  FROM uses AS u
  JOIN places AS p ON p.kind = u.kind AND p.caller = u.caller AND p.address = u.address
  WHERE u.kind IN ('credential', 'identity')
    AND (u.kind, u.caller) IN (SELECT (kind, caller) FROM places WHERE state IN ('country', 'asn', 'network'))
  GROUP BY ALL
),
steps AS (
  SELECT
    *,
    lag({'state': state, 'place': place, 'latitude': latitude, 'longitude': longitude, 'accuracy_km': accuracy_km, 'egress': egress, 'last_use': last_use})
      OVER (PARTITION BY kind, caller ORDER BY first_use, address) AS b
  FROM stays
),
speeds AS (
  SELECT
    *,
    2 * 6371 * asin(least(1, sqrt(power(sin(radians(latitude - b.latitude) / 2), 2)
      + cos(radians(latitude)) * cos(radians(b.latitude)) * power(sin(radians(longitude - b.longitude) / 2), 2)))) AS km,
    greatest(epoch(first_use) - epoch(b.last_use), 60) / 3600 AS hours
  FROM steps
  WHERE b IS NOT NULL AND b.place IS DISTINCT FROM place AND latitude IS NOT NULL AND b.latitude IS NOT NULL
),
travels AS (
  SELECT kind, caller, state, place, arg_max({'km': km, 'least': km - uncertain, 'hours': hours, 'speed': (km - uncertain) / hours, 'egress': egress}, (km - uncertain) / hours) AS t
  FROM (
    SELECT kind, caller, state, place, km, accuracy_km + b.accuracy_km AS uncertain, hours, egress OR b.egress AS egress FROM speeds WHERE state <> 'known'
    UNION ALL
    SELECT kind, caller, b.state, b.place, km, accuracy_km + b.accuracy_km AS uncertain, hours, egress OR b.egress AS egress FROM speeds WHERE b.state <> 'known'
  )
  WHERE km - uncertain > 100
  GROUP BY ALL
),
-- In how many hours the caller was also at its usual places.
at_once AS (
  SELECT n.kind, n.caller, n.state, n.place, count(*) AS hours
  FROM (SELECT DISTINCT kind, caller, state, place, hour FROM flagged WHERE state NOT IN ('known', 'address', 'none') AND kind IN ('credential', 'identity')) AS n
  JOIN (SELECT DISTINCT kind, caller, hour FROM flagged WHERE state = 'known') AS k ON k.kind = n.kind AND k.caller = n.caller AND k.hour = n.hour
  GROUP BY ALL
),
woken AS (
  SELECT u.kind, u.caller, min(u.first_use) AS woke, any_value(x.last_seen) AS slept
  FROM uses AS u
  JOIN expected AS x ON x.kind = u.kind AND x.id = u.caller
  WHERE u.first_use > x.last_seen AND u.kind IN ('credential', 'identity')
  GROUP BY u.kind, u.caller
  HAVING min(u.first_use) > any_value(x.last_seen) + INTERVAL 30 DAY
),
scored AS (
  SELECT
    u.*,
    q.countries,
    q.as_name,
    q.owners,
    q.known_good,
    x.days AS known_days,
    x.all_calls AS known_calls,
    x.busiest,
    k.peak,
    t.t,
    o.hours AS hours_at_once,
    w.slept,
    w.woke,
    CASE u.state WHEN 'country' THEN CASE WHEN q.egress THEN 2 ELSE 3 END WHEN 'asn' THEN 2 WHEN 'network' THEN 1 WHEN 'address' THEN 1 ELSE 0 END
      - CASE WHEN coalesce(x.roams, false) AND u.state IN ('asn', 'network', 'address') THEN 1 ELSE 0 END AS place_points,
    CASE WHEN q.tor THEN 4 WHEN q.rented THEN 2 WHEN q.vpn THEN 1 ELSE 0 END AS owner_points,
    CASE WHEN t.t.speed > 900 AND NOT t.t.egress THEN CASE WHEN x.countries > 2 THEN 2 ELSE 4 END ELSE 0 END AS travel_points,
    CASE WHEN o.hours >= 2 AND NOT coalesce(x.roams, false) THEN 1 ELSE 0 END AS at_once_points,
    CASE WHEN u.new_agent THEN CASE WHEN u.tool THEN 3 ELSE 2 END WHEN u.kind = 'none' AND u.tool THEN 1 ELSE 0 END AS agent_points,
    CASE WHEN u.calls_replayed > 0 THEN 4 ELSE 0 END AS replay_points,
    CASE WHEN u.new_delivery THEN 3 ELSE 0 END AS delivery_points,
    CASE
      WHEN u.new_kinds = 0 OR u.new_share <= 2 * coalesce(x.new_calls, 0) THEN 0
      WHEN u.new_share >= 0.5 AND u.new_kinds >= 5 THEN 3
      WHEN u.new_share >= 0.5 AND u.new_kinds >= 2 THEN 2
      WHEN u.new_share >= 0.2 OR u.new_kinds >= 3 THEN 1
      ELSE 0
    END AS call_points,
    CASE WHEN u.telling_kinds = 0 THEN 0 WHEN u.telling_kinds >= 3 AND u.new_share >= 0.2 THEN 2
      WHEN u.new_share >= 0.2 THEN 1 ELSE 0 END AS telling_points,
    CASE WHEN u.changed_region THEN 3 WHEN u.new_region THEN 1 ELSE 0 END AS region_points,
    CASE WHEN u.denied_services >= 3 AND u.denied_kinds >= 5 THEN 3 WHEN u.denied_services >= 2 AND u.denied_kinds >= 3 THEN 2
      WHEN u.kind = 'none' AND u.any_denied_services >= 3 AND u.any_denied_kinds >= 5 THEN 3 ELSE 0 END
      * CASE WHEN u.pages THEN 0 ELSE 1 END AS denial_points,
    CASE WHEN k.peak > 3 * x.busiest AND k.peak >= x.busiest + 20 THEN 2 ELSE 0 END AS rate_points,
    CASE WHEN u.odd_hours >= 0.5 OR u.odd_weekdays >= 0.5 THEN 1 ELSE 0 END AS time_points,
    CASE WHEN u.calls_without_mfa > 0 THEN 2 ELSE 0 END AS mfa_points,
    CASE WHEN u.new_endpoint THEN 1 ELSE 0 END AS endpoint_points,
    CASE WHEN w.woke = u.first_use THEN 2 ELSE 0 END AS idle_points
  FROM units AS u
  LEFT JOIN expected AS x ON x.kind = u.kind AND x.id = u.caller
  LEFT JOIN unit_places AS q ON q.kind = u.kind AND q.caller = u.caller AND q.state = u.state AND q.place = u.place
  LEFT JOIN peaks AS k ON k.kind = u.kind AND k.caller = u.caller AND k.state = u.state AND k.place IS NOT DISTINCT FROM u.place AND k.day IS NOT DISTINCT FROM u.day
  LEFT JOIN travels AS t ON t.kind = u.kind AND t.caller = u.caller AND t.state = u.state AND t.place = u.place
  LEFT JOIN at_once AS o ON o.kind = u.kind AND o.caller = u.caller AND o.state = u.state AND o.place = u.place
  LEFT JOIN woken AS w ON w.kind = u.kind AND w.caller = u.caller
),
-- Callers outside the scope at the places of those inside it: when they came, and how much of what they do there they did elsewhere before.
visits AS (
  SELECT
    coalesce(e.session_issuer_arn, e.identity_arn) AS principal,
    w.place,
    e.event_time,
    e.event_source,
    e.event_name,
    coalesce(a.family, 'none') AS family
  FROM events AS e
  JOIN (
    SELECT DISTINCT i.address, u.place
    FROM (SELECT DISTINCT place FROM scored WHERE state IN ('country', 'asn')) AS u
    JOIN ips AS i ON i.kind = 'public' AND coalesce('AS' || i.asn, i.network, i.address) = u.place
    WHERE EXISTS (FROM credentials WHERE in_scope)
  ) AS w ON w.address = e.source_ip_address
  LEFT JOIN agents AS a ON a.user_agent = e.user_agent
  WHERE e.invoked_by IS NULL AND e.event_time IS NOT NULL
    AND coalesce(e.session_issuer_arn, e.identity_arn) NOT IN (SELECT principal FROM callers)
),
outsiders AS (
  SELECT v.principal, v.place, v.first_use, v.kinds, count(DISTINCT CAST(e.event_time AS DATE)) AS before,
    count(DISTINCT CASE WHEN list_contains(v.calls, e.event_source || ':' || e.event_name) AND list_contains(v.families, coalesce(a.family, 'none'))
      THEN e.event_source || ':' || e.event_name END) AS as_before
  FROM (
    SELECT principal, place, min(event_time) AS first_use, count(DISTINCT event_source || ':' || event_name) AS kinds,
      list_distinct(array_agg(event_source || ':' || event_name)) AS calls, list_distinct(array_agg(family)) AS families
    FROM visits
    GROUP BY principal, place
  ) AS v
  JOIN events AS e ON coalesce(e.session_issuer_arn, e.identity_arn) = v.principal AND e.event_time < v.first_use AND e.invoked_by IS NULL
  LEFT JOIN agents AS a ON a.user_agent = e.user_agent
  GROUP BY ALL
),
-- Several others, not of the scope's lineage, who came to the same place in the same days with the agents and calls that they are known for.
movers AS (
  SELECT u.kind, u.caller, u.place, count(DISTINCT o.principal) AS others
  FROM scored AS u
  JOIN scored AS o ON o.place = u.place AND o.principal <> u.principal AND o.state IN ('country', 'asn', 'network')
    AND o.first_use BETWEEN u.first_use - INTERVAL 7 DAY AND u.first_use + INTERVAL 7 DAY
    AND o.agent_points = 0 AND o.call_points <= 1 AND o.telling_points = 0 AND o.denial_points = 0 AND o.region_points = 0 AND o.replay_points = 0
    AND o.delivery_points = 0 AND o.travel_points = 0
  WHERE u.state IN ('country', 'asn') AND NOT EXISTS (FROM credentials WHERE in_scope)
  GROUP BY ALL
  UNION ALL
  SELECT u.kind, u.caller, u.place, count(*) AS others
  FROM scored AS u
  JOIN outsiders AS o ON o.place = u.place AND o.first_use BETWEEN u.first_use - INTERVAL 7 DAY AND u.first_use + INTERVAL 7 DAY
  WHERE u.state IN ('country', 'asn') AND o.before > 0 AND o.as_before >= 0.5 * o.kinds
  GROUP BY ALL
),
weighed AS (
  SELECT
    s.*,
    m.others,
    place_points + owner_points + travel_points + at_once_points + agent_points + replay_points + delivery_points + call_points + telling_points + region_points
      + denial_points + rate_points + time_points + mfa_points + endpoint_points + idle_points AS evidence,
    CASE WHEN m.others >= 3 AND place_points + owner_points > 1 THEN 1 - place_points - owner_points ELSE 0 END AS moved_points,
    CASE WHEN s.kind <> 'none' AND (known_calls < 10 OR (known_days < 2 AND known_calls < 50)) THEN -((evidence + moved_points + 2) // 3) ELSE 0 END AS thin_points,
    evidence + moved_points + thin_points AS points
  FROM scored AS s
  LEFT JOIN movers AS m ON m.kind = s.kind AND m.caller = s.caller AND m.place = s.place AND s.state IN ('country', 'asn')
),
-- Of the usual places the days that tell most, as one.
hot AS MATERIALIZED (
  SELECT *
  FROM (
    SELECT
      *,
      count(*) OVER (PARTITION BY kind, caller, state, place) AS days,
      row_number() OVER (PARTITION BY kind, caller, state, place ORDER BY points DESC, day) AS nth
    FROM weighed
    WHERE points >= CASE kind WHEN 'none' THEN 3 ELSE 1 END
  )
  WHERE nth = 1 OR points >= 5
),
-- Who else was seen at the very addresses, outside the scope.
neighbours AS (
  SELECT h.kind, h.caller, h.state, h.place, count(DISTINCT coalesce(e.session_issuer_arn, e.identity_arn)) AS others
  FROM hot AS h
  JOIN places AS p ON p.kind = h.kind AND p.caller = h.caller AND p.state = h.state AND p.place = h.place
  JOIN events AS e ON e.source_ip_address = p.address
  WHERE EXISTS (FROM credentials WHERE in_scope) AND e.invoked_by IS NULL
    AND coalesce(e.session_issuer_arn, e.identity_arn) NOT IN (SELECT principal FROM callers)
  GROUP BY ALL
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
    n.others AS neighbours,
    coalesce(h.place || coalesce(' ' || h.as_name, ''), 'its usual places') AS place_name,
    list_filter([
      {'sign': 'country', 'normal': coalesce(u.countries, 'none known'), 'seen': h.countries, 'points': CASE h.state WHEN 'country' THEN h.place_points END},
      {'sign': 'network', 'normal': coalesce(u.asns, u.networks, 'none known'), 'seen': h.place || coalesce(' ' || h.as_name, ''),
        'points': CASE h.state WHEN 'country' THEN 0 WHEN 'asn' THEN h.place_points END},
      {'sign': 'range', 'normal': u.networks, 'seen': CASE WHEN h.place LIKE 'AS%' THEN 'another of ' ELSE '' END || h.place || coalesce(' ' || h.as_name, ''), 'points': CASE h.state WHEN 'network' THEN h.place_points END},
      {'sign': 'address', 'normal': u.addresses, 'seen': 'another of ' || h.place, 'points': CASE h.state WHEN 'address' THEN h.place_points END},
      {'sign': 'owner', 'normal': coalesce(u.owners, CASE h.kind WHEN 'none' THEN 'no baseline' ELSE 'none known' END), 'seen': h.owners, 'points': nullif(h.owner_points, 0)},
      {'sign': 'travel', 'normal': 'at most 900 km/h', 'seen': round(h.t.km)::INTEGER || ' km in ' || CASE WHEN h.t.hours < 1 THEN round(h.t.hours * 60)::INTEGER || ' min' ELSE round(h.t.hours, 1) || ' h' END
        || ', at least ' || round(h.t.speed)::INTEGER || ' km/h' || CASE WHEN h.t.egress THEN '; one end is a cloud, hosting, VPN or Tor network, which a user enters without travel' ELSE '' END,
        'points': CASE WHEN h.t.speed > 900 THEN h.travel_points END},
      {'sign': 'at once', 'normal': 'one place at a time', 'seen': 'in ' || h.hours_at_once || ' hours at its usual places too', 'points': nullif(h.at_once_points, 0)},
      {'sign': 'agent', 'normal': coalesce(u.agents, CASE h.kind WHEN 'none' THEN 'no baseline' ELSE 'none known' END), 'seen': coalesce(nullif(h.new_families, ''), 'a tool of attackers or copiers'), 'points': nullif(h.agent_points, 0)},
      {'sign': 'console', 'normal': 'the browser that holds the credential', 'seen': h.replayed_by || ', ' || h.calls_replayed || ' calls', 'points': nullif(h.replay_points, 0)},
      {'sign': 'delivery', 'normal': 'ec2RoleDelivery ' || u.deliveries, 'seen': 'ec2RoleDelivery ' || h.deliveries, 'points': nullif(h.delivery_points, 0)},
      {'sign': 'calls', 'normal': u.calls || ' kinds known', 'seen': h.new_kinds || ' kinds never made before, ' || round(100 * h.new_share)::INTEGER || ' % of its calls there: '
        || substr(array_to_string(h.new_names[1:6], ', '), 1, 160) || CASE WHEN h.new_kinds > 6 THEN ' and ' || (h.new_kinds - 6) || ' more' ELSE '' END, 'points': nullif(h.call_points, 0)},
      {'sign': 'telling calls', 'normal': 'none of these', 'seen': h.telling_kinds || ' of the new kinds look around, open doors or spend', 'points': nullif(h.telling_points, 0)},
      {'sign': 'region', 'normal': u.regions, 'seen': h.regions || CASE WHEN h.changed_region THEN ', with changes' ELSE ', reads only' END, 'points': nullif(h.region_points, 0)},
      {'sign': 'refusals', 'normal': CASE h.kind WHEN 'none' THEN 'no baseline' ELSE coalesce(u.denied, 0) || ' kinds of call refused' END,
        'seen': greatest(h.denied_kinds, CASE h.kind WHEN 'none' THEN h.any_denied_kinds ELSE 0 END) || ' others, of ' || greatest(h.denied_services, CASE h.kind WHEN 'none' THEN h.any_denied_services ELSE 0 END) || ' services', 'points': nullif(h.denial_points, 0)},
      {'sign': 'rate', 'normal': 'at most ' || h.busiest || ' calls an hour', 'seen': h.peak || ' calls in an hour', 'points': nullif(h.rate_points, 0)},
      {'sign': 'time', 'normal': 'hours ' || u.hours || ' (UTC)', 'seen': CASE WHEN h.odd_hours >= 0.5 THEN 'hours ' || h.hours_seen ELSE 'on a weekday without a call before' END, 'points': nullif(h.time_points, 0)},
      {'sign': 'mfa', 'normal': 'signed in with MFA', 'seen': h.calls_without_mfa || ' calls without', 'points': nullif(h.mfa_points, 0)},
      {'sign': 'endpoint', 'normal': coalesce(u.endpoints, 'none known'), 'seen': h.endpoints, 'points': nullif(h.endpoint_points, 0)},
      {'sign': 'idle', 'normal': 'last used ' || strftime(h.slept, '%Y-%m-%d'), 'seen': 'woken after ' || date_diff('day', h.slept, h.woke) || ' days', 'points': nullif(h.idle_points, 0)},
      {'sign': 'move', 'normal': 'alone', 'seen': h.others || ' other callers came there in the same days, with their usual agents and calls', 'points': nullif(h.moved_points, 0)},
      {'sign': 'thin baseline', 'normal': h.known_calls || CASE h.known_calls WHEN 1 THEN ' call' ELSE ' calls' END || ' on ' || h.known_days || CASE h.known_days WHEN 1 THEN ' day' ELSE ' days' END, 'seen': 'a third of the weight off', 'points': nullif(h.thin_points, 0)}
    ], lambda x: x.points IS NOT NULL) AS signs
  FROM hot AS h
  LEFT JOIN normal_of AS u ON u.kind = h.kind AND u.id = h.caller
  LEFT JOIN neighbours AS n ON n.kind = h.kind AND n.caller = h.caller AND n.state = h.state AND n.place = h.place
  WHERE h.nth = 1
),
-- The calls themselves: of a new place all, of the usual ones those that differ; a place of many calls is told by its first.
deviating AS (
  SELECT DISTINCT h.kind, h.caller, h.state, h.place, h.day, f.address, f.call, f.aws_region, f.hour, f.family
  FROM hot AS h
  JOIN flagged AS f ON f.kind = h.kind AND f.caller = h.caller AND f.state = h.state AND f.place IS NOT DISTINCT FROM h.place
    AND f.day IS NOT DISTINCT FROM h.day
  WHERE h.state <> 'known' OR f.new_call OR f.new_region OR f.new_agent OR f.new_denial OR f.new_endpoint OR f.new_delivery OR f.without_mfa OR f.replayed
    OR (h.time_points > 0 AND (f.odd_hour OR f.odd_weekday)) OR h.rate_points > 0 OR h.idle_points > 0
),
numbered AS (
  SELECT
    v.kind,
    v.caller,
    v.state,
    v.place,
    d.event_id,
    d.event_time,
    row_number() OVER (PARTITION BY v.kind, v.caller, v.state, v.place ORDER BY d.event_time, d.event_id) AS nth
  FROM direct AS d
  JOIN callers AS c ON c.key IS NOT DISTINCT FROM d.key AND c.identity = d.identity AND c.role IS NOT DISTINCT FROM d.role
  LEFT JOIN agents AS a ON a.user_agent = d.user_agent
  JOIN deviating AS v ON v.kind = c.kind AND v.caller = c.caller AND v.address = d.address
    AND v.call = coalesce(d.event_source, '') || ':' || coalesce(d.event_name, '') AND v.aws_region IS NOT DISTINCT FROM d.aws_region
    AND v.hour IS NOT DISTINCT FROM date_trunc('hour', d.event_time) AND v.family = coalesce(a.family, 'none')
)
SELECT
  t.caller,
  t.kind AS known_as,                         -- credential, identity, role: what the baseline knows the caller by; none: no baseline
  t.principal,
  t.state,                                    -- how new the place is: country, asn, network, address, known; none: no baseline
  t.place_name AS place,
  t.day,
  t.days,
  t.calls,
  t.addresses,
  array_to_string(t.some_addresses, ', ') || CASE WHEN t.addresses > 3 THEN ' and ' || (t.addresses - 3) || ' more' ELSE '' END AS address,
  t.first_use,
  t.known_good,
  coalesce(t.neighbours, 0) AS neighbours,    -- callers outside the scope, seen at the same addresses
  t.points,
  CASE WHEN t.points >= 8 THEN 'high' WHEN t.points >= 5 THEN 'medium' WHEN t.points >= 2 THEN 'low' ELSE 'info' END AS severity,
  t.signs,
  array_to_string(list_transform(t.signs, lambda x: x.sign || ' ' || coalesce(x.normal, 'none known') || ' → ' || x.seen), '; ') AS compared,
  e.event_ids
FROM told AS t
JOIN (
  SELECT kind, caller, state, place, array_agg(event_id ORDER BY event_time, event_id) AS event_ids
  FROM numbered
  WHERE nth <= 1000
  GROUP BY kind, caller, state, place
) AS e ON e.kind = t.kind AND e.caller = t.caller AND e.state = t.state AND e.place IS NOT DISTINCT FROM t.place;
