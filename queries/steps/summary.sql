-- Who did what: one row a principal, credential, address, agent, region or call ($by), with what makes it suspicious and a score to sort by.
-- Reasons count different things, capped, never plain volume: a busy service does the same few calls all day, a thief tries many once.
WITH called AS (
  SELECT
    event_source,
    event_name,
    split_part(event_source, '.', 1) AS service,
    -- Lambda adds a version: CreateFunction20150331, Invoke20150331v2.
    regexp_replace(event_name, '20[0-9]{6}(v[0-9])?$', '') AS call
  FROM events
  GROUP BY event_source, event_name
),
-- Calls that attackers are known for, by row of the coverage table; A1 to A11 are its kinds. Rows on any call, or all of IAM, say nothing here.
known AS (
  SELECT id, split_part(id, '.', 1) AS kind, unnest(string_split(calls, ' ')) AS call FROM catalog_coverage
),
judged AS (
  SELECT
    c.event_source,
    c.event_name,
    coalesce(array_agg(DISTINCT k.kind) FILTER (WHERE k.kind IS NOT NULL), []) AS kinds,
    bool_or(k.id IS NOT NULL OR m.event_name IS NOT NULL OR r.kind IS NOT NULL) AS abused,
    bool_or(coalesce(m.makes = 'principal' AND m.event_name <> 'CreateServiceLinkedRole', false)) AS makes_principal,
    bool_or(coalesce(m.makes = 'principal_change', false)) AS changes_principal,
    -- What is a secret by itself: tasks, stacks and functions are described all day by consoles and deployments, and may hold none.
    bool_or(coalesce(r.kind IN ('secret', 'secret_batch', 'parameter', 'parameter_path', 'windows_password', 'key_pair', 'bucket_access_key',
      'instance_access', 'private_certificate', 'api_key_list', 'database_credential', 'user_data_script'), false)) AS reads_secret,
    bool_or(k.kind = 'A7') AS looks,
    bool_or(k.kind = 'A8' AND c.service IN ('cloudtrail', 'config', 'guardduty', 'securityhub', 'macie2', 'logs', 'ec2', 'bedrock', 'wafv2')
      AND regexp_matches(c.call, '^(Stop|Delete|Disable|Disassociate)|^(UpdateTrail|UpdateDetector|PutEventSelectors)$')) AS blinds,
    bool_or(k.id IN ('A4.05', 'A4.06', 'A4.12', 'A4.17')) AS shares,
    bool_or(k.id IN ('A10.04', 'A10.05', 'A10.06')) AS destroys
  FROM called AS c
  LEFT JOIN known AS k ON k.call = c.service || ':' || c.call
  LEFT JOIN catalog_creates AS m ON m.event_source = c.event_source AND m.event_name = c.call
  LEFT JOIN catalog_reads AS r ON r.event_source = c.event_source AND r.event_name = c.call AND r.inventory = 'secrets'
  GROUP BY c.event_source, c.event_name
),
named AS (
  SELECT
    e.*,
    -- Nobody outside AWS can hold a service-linked role.
    coalesce(session_issuer_arn LIKE '%:role/aws-service-role/%', false) OR service_itself AS by_service,
    CASE
      WHEN service_itself THEN 'AWS service ' || coalesce(invoked_by, source_ip_address, event_source, 'unnamed')
      ELSE coalesce(
        session_issuer_arn,
        regexp_replace(identity_arn, '(:assumed-role/[^/]+)/.*$', '\1'),
        -- Sign-ins that fail have the name alone.
        CASE WHEN identity_type = 'IAMUser' THEN iam_arn(aws_region, account_id, 'user', user_name) END,
        -- A caller from another account, an identity provider's user: only ids are logged.
        coalesce(identity_type, 'unknown caller') || coalesce(' ' || coalesce(user_name, split_part(principal_id, ':', 1)), '')
          || coalesce(' of account ' || account_id, ''))
    END AS principal
  FROM (
    SELECT *, coalesce(identity_type = 'AWSService', event_type = 'AwsServiceEvent' OR invoked_by IS NOT NULL, false) AS service_itself FROM events
  ) AS e
),
-- Keys of instances, which name their sessions, that called from more than one place.
roaming AS (
  SELECT access_key_id AS roaming_key
  FROM events
  WHERE principal_id LIKE '%:i-%' AND source_kind IN ('public', 'private') AND access_key_id IS NOT NULL
  GROUP BY access_key_id
  HAVING count(DISTINCT source_ip_address) > 1
),
acts AS NOT MATERIALIZED (
  SELECT
    *,
    CASE $by::VARCHAR
      WHEN 'principal' THEN principal
      WHEN 'credential' THEN credential
      WHEN 'ip' THEN coalesce(source_ip_address, 'no address')
      WHEN 'agent' THEN coalesce(family, 'no agent')
      WHEN 'region' THEN coalesce(aws_region, 'no region')
      WHEN 'event-name' THEN coalesce(event_name, 'unnamed call')
    END AS name
  FROM (
    SELECT
      n.*,
      CASE WHEN service_itself THEN principal
        ELSE coalesce(access_key_id, account_id || '/' || principal_id || '/' || strftime(session_created, '%Y-%m-%dT%H:%M:%SZ'), principal || ' without a key')
      END AS credential,
      i.country,
      i.known_good,
      i.kind AS ip_kind,
      -- Where services call from says nothing.
      CASE WHEN i.kind = 'public' THEN nullif(concat_ws(' ', 'AS' || i.asn, i.as_name, '(' || i.owner || ')'), '') END AS network,
      a.family,
      a.kind AS agent_kind,
      a.tool,
      r.roaming_key
    FROM named AS n
    LEFT JOIN ips AS i ON i.address = n.source_ip_address
    LEFT JOIN (
      SELECT
        *,
        coalesce(CASE WHEN family IN ('stratus-red-team', 'pacu', 'trufflehog') THEN family END,
          nullif(regexp_extract(lower(user_agent), 'kali|parrot|pentoo|blackarch|nuclei|weirdaal|cloudfox|scoutsuite|prowler|enumerate-iam'), '')) AS tool
      FROM agents
    ) AS a ON a.user_agent = n.user_agent
    LEFT JOIN roaming AS r ON r.roaming_key = n.access_key_id
  )
),
-- Two steps, calls and then rows: the engine spills plain groups to disk, and distinct counts it cannot.
calls AS (
  SELECT
    name,
    event_source,
    event_name,
    bool_and(by_service) AS service,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    count(*) AS events,
    count(*) FILTER (WHERE outcome = 'success') AS success,
    count(*) FILTER (WHERE outcome = 'denied') AS denied,
    count(*) FILTER (WHERE outcome = 'dry_run') AS dry_run,
    count(*) FILTER (WHERE outcome = 'throttled') AS throttled,
    count(*) FILTER (WHERE outcome = 'not_found') AS not_found,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    max(tool) AS tool,
    count(roaming_key) AS roaming,
    count(*) FILTER (WHERE identity_type = 'Root' AND invoked_by IS NULL) AS by_root,
    -- Where a role or a provider signs in, MFA is the provider's matter and AWS writes No.
    count(*) FILTER (WHERE event_name = 'ConsoleLogin' AND outcome = 'success' AND identity_type IN ('IAMUser', 'Root')
      AND json_extract_string(additional_event_data, '$.MFAUsed') = 'No') AS without_mfa,
    bool_or(coalesce(access_key_id LIKE 'AKIA%', false)) AS long_lived,
    min(CASE $by::VARCHAR WHEN 'ip' THEN ip_kind WHEN 'agent' THEN agent_kind WHEN 'principal' THEN CASE WHEN service_itself THEN 'AWSService' ELSE identity_type END
      WHEN 'credential' THEN CASE WHEN service_itself THEN 'AWSService' WHEN access_key_id LIKE 'AKIA%' THEN 'long_lived'
        WHEN access_key_id LIKE 'ASIA%' THEN 'temporary' WHEN session_created IS NOT NULL THEN 'session' ELSE 'none' END END) AS kind
  FROM acts
  GROUP BY name, event_source, event_name
),
tallied AS (
  SELECT
    name,
    bool_and(service) AS service,
    min(c.kind) AS kind,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen,
    sum(events)::BIGINT AS events,
    sum(success)::BIGINT AS success,
    sum(denied)::BIGINT AS denied,
    sum(dry_run)::BIGINT AS dry_run,
    sum(throttled)::BIGINT AS throttled,
    sum(not_found)::BIGINT AS not_found,
    sum(failed)::BIGINT AS failed,
    sum(CASE WHEN abused THEN events ELSE 0 END)::BIGINT AS abused,
    sum(CASE WHEN abused THEN success ELSE 0 END)::BIGINT AS abused_success,
    sum(CASE WHEN abused THEN denied ELSE 0 END)::BIGINT AS abused_denied,
    sum(CASE WHEN abused THEN dry_run ELSE 0 END)::BIGINT AS abused_dry_run,
    sum(CASE WHEN abused THEN throttled ELSE 0 END)::BIGINT AS abused_throttled,
    sum(CASE WHEN abused THEN not_found ELSE 0 END)::BIGINT AS abused_not_found,
    sum(CASE WHEN abused THEN failed ELSE 0 END)::BIGINT AS abused_failed,
    -- For the reasons.
    max(tool) AS tool,
    count(*) FILTER (WHERE denied > 0) AS denied_calls,
    count(*) FILTER (WHERE blinds AND success > 0) AS blinded,
    sum(CASE WHEN makes_principal THEN success ELSE 0 END)::BIGINT AS made,
    sum(CASE WHEN changes_principal THEN success ELSE 0 END)::BIGINT AS rights,
    count(*) FILTER (WHERE shares AND success > 0) AS shared,
    count(*) FILTER (WHERE destroys AND success > 0) AS destroyed,
    count(*) FILTER (WHERE looks) AS looked,
    len(list_distinct(flatten(coalesce(array_agg(kinds) FILTER (WHERE success > 0), [])))) AS kinds,
    sum(roaming) AS roaming,
    sum(by_root) AS by_root,
    sum(without_mfa) AS without_mfa,
    count(*) FILTER (WHERE success > 0 AND event_name IN ('GetFederationToken', 'GetSessionToken', 'CreateAccessKey')) AS tokens,
    bool_or(long_lived) AS long_lived
  FROM calls AS c
  LEFT JOIN judged AS j USING (event_source, event_name)
  GROUP BY name
),
things AS (
  SELECT name, thing.kind, thing.value
  FROM (
    SELECT
      name,
      unnest([
        {kind: 'principal', value: principal},
        {kind: 'credential', value: credential},
        {kind: 'issued', value: issued_access_key_id},
        {kind: 'region', value: aws_region},
        {kind: 'country', value: country},
        {kind: 'address', value: source_ip_address || coalesce(' ' || country, '') || coalesce(' [' || known_good || ']', '')},
        {kind: 'network', value: network},
        {kind: 'agent', value: family},
        {kind: 'secret', value: CASE WHEN reads_secret AND outcome = 'success' THEN hash(event_name, request_parameters)::VARCHAR END}
      ]) AS thing
    FROM acts
    LEFT JOIN judged USING (event_source, event_name)
  )
  WHERE thing.value IS NOT NULL
  GROUP BY name, thing.kind, thing.value
),
listed AS (
  SELECT
    name,
    min(value) FILTER (WHERE kind = 'principal') AS principal,
    count(*) FILTER (WHERE kind = 'principal') AS principals,
    count(*) FILTER (WHERE kind = 'credential') AS credentials,
    count(*) FILTER (WHERE kind = 'issued') AS issued,
    count(*) FILTER (WHERE kind = 'secret') AS secrets,
    coalesce(list_sort(array_agg(value) FILTER (WHERE kind = 'region')), []) AS regions,
    coalesce(list_sort(array_agg(value) FILTER (WHERE kind = 'country')), []) AS countries,
    coalesce(list_sort(array_agg(value) FILTER (WHERE kind = 'address')), []) AS addresses,
    coalesce(list_sort(array_agg(value) FILTER (WHERE kind = 'network')), []) AS networks,
    coalesce(list_sort(array_agg(value) FILTER (WHERE kind = 'agent')), []) AS agents
  FROM things
  GROUP BY name
),
grouped AS (
  SELECT * FROM tallied JOIN listed USING (name)
),
compared AS (
  SELECT
    g.*,
    -- New where most were there from the start: a principal made for the attack, a key taken late. Sessions are always new.
    ($by::VARCHAR = 'principal' OR ($by::VARCHAR = 'credential' AND long_lived))
      AND epoch(s.last - s.first) > 2 * 86400 AND first_seen > s.first + (s.last - s.first) / 2
      AND s.typical < s.first + (s.last - s.first) / 4 AS late,
    $by::VARCHAR = 'principal' AND NOT service AND s.many AND list_has_any(agents, o.families) AS own_agent
  FROM grouped AS g
  CROSS JOIN (
    SELECT min(first_seen) AS first, max(last_seen) AS last, quantile_disc(first_seen, 0.5) AS typical, count(*) >= 5 AS many
    FROM grouped
    WHERE NOT service
  ) AS s
  CROSS JOIN (
    SELECT coalesce(array_agg(family), []) AS families
    FROM (SELECT family FROM (SELECT unnest(agents) AS family FROM grouped WHERE NOT service) WHERE family <> 'other' GROUP BY family HAVING count(*) = 1)
  ) AS o
),
reasoned AS (
  SELECT
    *,
    list_filter([
      -- Nobody runs these by chance; penetration testers do.
      CASE WHEN tool <> '' THEN {w: 30, why: 'attack tool ' || tool} END,
      -- The trail is stopped rarely, and seldom for a good reason.
      CASE WHEN blinded > 0 THEN {w: least(24, 8 * blinded), why: 'logs or guards switched off (' || blinded || ')'} END,
      -- What outlives the stolen key. Deployments make roles too, hence the cap.
      CASE WHEN made > 0 THEN {w: least(24, 8 * made), why: 'principals or keys made (' || made || ')'} END,
      CASE WHEN rights > 0 THEN {w: least(12, 4 * rights), why: 'rights changed (' || rights || ')'} END,
      -- A program asks for what it may; a thief finds out. One or two refusals are everybody's.
      CASE WHEN denied_calls >= 3 THEN {w: least(20, denied_calls), why: 'different calls denied (' || denied_calls || ')'} END,
      -- A program reads its own few secrets again and again.
      CASE WHEN secrets >= 3 THEN {w: least(20, 2 * secrets), why: 'different requests for secrets answered (' || secrets || ')'} END,
      CASE WHEN shared > 0 THEN {w: least(12, 6 * shared), why: 'copies of data shared'} END,
      CASE WHEN destroyed > 0 THEN {w: least(15, 5 * destroyed), why: 'data, backups or keys destroyed'} END,
      -- Few jobs need persistence, discovery, secrets and impact all at once.
      CASE WHEN kinds >= 5 THEN {w: least(15, 3 * (kinds - 4)), why: 'abused calls of many kinds (' || kinds || ')'} END,
      -- Scanners of the owner look around as well: middling.
      CASE WHEN looked >= 8 THEN {w: least(15, looked), why: 'looked around (' || looked || ' different calls)'} END,
      -- An instance's own key has no business elsewhere, but a way out through an endpoint also shows a second address.
      CASE WHEN roaming > 0 THEN {w: 6, why: 'an instance''s key used from several addresses'} END,
      -- People travel, and VPNs do: two countries weigh less than three.
      CASE WHEN len(countries) > 1 THEN {w: least(16, 8 * (len(countries) - 1)), why: 'several countries (' || array_to_string(countries, ' ') || ')'} END,
      CASE WHEN by_root > 0 THEN {w: 10, why: 'root used'} END,
      CASE WHEN without_mfa > 0 THEN {w: 8, why: 'console without MFA'} END,
      -- Tokens that outlive their key; AssumeRole is how every deployment works, so it weighs next to nothing.
      CASE WHEN issued > 0 THEN {w: CASE WHEN tokens > 0 THEN 6 ELSE 1 END, why: 'keys issued (' || issued || ')'} END,
      -- Most work lives in one region or two; who looks for machines, or hides them, asks in all.
      CASE WHEN len(regions) >= 5 THEN {w: 5, why: 'many regions (' || len(regions) || ')'} END,
      CASE WHEN dry_run > 0 THEN {w: 4, why: 'permissions tried by dry run'} END,
      CASE WHEN late THEN {w: 4, why: 'first seen late, most others from the start'} END,
      -- Everybody has some tool of their own: a hint, no more.
      CASE WHEN own_agent THEN {w: 3, why: 'an agent that nobody else uses'} END
    ], lambda reason: reason IS NOT NULL AND NOT service) AS reasons
  FROM compared
)
SELECT
  name,
  kind,
  service,
  CASE WHEN principals = 1 AND principal <> name AND $by::VARCHAR <> 'principal' THEN principal END AS principal,
  coalesce(list_sum(list_transform(reasons, lambda reason: reason.w)), 0)::INTEGER AS score,
  list_transform(list_reverse_sort(reasons), lambda reason: reason.why) AS why,
  first_seen,
  last_seen,
  events, success, denied, dry_run, throttled, not_found, failed,
  abused, abused_success, abused_denied, abused_dry_run, abused_throttled, abused_not_found, abused_failed,
  events - abused AS other,
  success - abused_success AS other_success,
  denied - abused_denied AS other_denied,
  dry_run - abused_dry_run AS other_dry_run,
  throttled - abused_throttled AS other_throttled,
  not_found - abused_not_found AS other_not_found,
  failed - abused_failed AS other_failed,
  principals,
  credentials,
  issued,
  regions,
  countries,
  addresses,
  networks,
  agents
FROM reasoned
