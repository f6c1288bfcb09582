-- What was done, asked the way an analyst asks: calls that services log in several shapes are brought to one here. DuckDB's own SQL stays in this file.
-- Here and in the rules, `coalesce(event_name, '') IN (…)` says the same as `event_name IN (…)` and lets DuckDB decide inside the scan, before it reads
-- any other column; the bare IN becomes a filter above the scan (800,000 events, two names of ec2: 10 ms of CPU against 95).

-- A list of names, cut after a whole one where it is too long to read; what is left out is in the events.
CREATE OR REPLACE MACRO clipped(told, most) AS
  CASE
    WHEN length(told) <= most THEN told
    WHEN regexp_matches(substr(told, 1, most::BIGINT), '[,;] ') THEN regexp_replace(substr(told, 1, most::BIGINT), '[,;] [^,;]*$', '') || ', …'
    ELSE substr(told, 1, most::BIGINT) || '…'
  END;

-- What a caller sent itself, from an address: services acting for it have none. Private and public stay apart by source_kind; of two spellings
-- of one address there is one.
CREATE OR REPLACE VIEW direct_events AS
SELECT
  event_id,
  event_time,
  event_source,
  event_name,
  aws_region,
  coalesce(w.address, s.source_ip_address) AS source_ip_address,
  source_kind,
  user_agent,
  error_code,
  outcome,
  read_only,
  identity_type,
  account_id,
  recipient_account_id,
  access_key_id,
  principal_id,
  identity_arn,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,  -- whom the baseline knows by this name
  session_created,
  session_credential_from_console,
  ec2_role_delivery,
  tls_details,
  user_name,
  issued_access_key_id,
  request_parameters,
  credential
FROM scope_events AS s
LEFT JOIN spellings AS w ON w.logged = s.source_ip_address
WHERE invoked_by IS NULL
  AND coalesce(source_kind, '') IN ('public', 'private')
  AND coalesce(identity_type, '') <> 'AWSService'
  AND coalesce(event_type, '') <> 'AwsServiceEvent'
  -- Nobody but its service can hold a service-linked role, some of which call from addresses of AWS.
  AND coalesce(session_issuer_arn NOT LIKE '%:role/aws-service-role/%', true);

-- One row a call that starts instances: types and count by whatever road they were asked for.
CREATE OR REPLACE VIEW launches AS
WITH calls AS (
  SELECT
    *,
    -- The response is asked only where the request leaves the type to a template.
    CASE WHEN regexp_full_match(json_extract_string(request_parameters, '$.instanceType'), '[A-Za-z0-9.-]{1,40}')
      THEN json_extract_string(request_parameters, '$.instanceType')
      ELSE left(array_to_string(list_sort(list_distinct(regexp_extract_all(
        coalesce(request_parameters::VARCHAR, '') || coalesce(response_elements::VARCHAR, ''),
        '"[iI]nstanceType"\s*:\s*(?:\{\s*"value"\s*:\s*)?"([A-Za-z0-9.-]{1,40})"', 1))), ', '), 400)
    END AS types
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ec2.amazonaws.com', 'autoscaling.amazonaws.com')
    AND coalesce(event_name, '') IN ('RunInstances', 'RequestSpotInstances', 'RequestSpotFleet', 'CreateFleet', 'CreateAutoScalingGroup',
      'CreateLaunchConfiguration')
)
SELECT
  event_id,
  event_time,
  event_name,
  aws_region,
  recipient_account_id,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  credential,
  outcome,
  error_code,
  invoked_by,
  coalesce(nullif(types, ''), 'instances of an unnamed type') AS instance_types,
  -- How many were asked for, at most; how many came of it is in the answer, where the call starts them itself.
  greatest(1, least(100000, coalesce(
    try_cast(json_extract_string(request_parameters, '$.instancesSet.items[0].maxCount') AS BIGINT),
    try_cast(json_extract_string(request_parameters, '$.instanceCount') AS BIGINT),
    try_cast(json_extract_string(request_parameters, '$..targetCapacity')[1] AS BIGINT),
    try_cast(json_extract_string(request_parameters, '$..TotalTargetCapacity')[1] AS BIGINT),
    try_cast(json_extract_string(request_parameters, '$.desiredCapacity') AS BIGINT),
    try_cast(json_extract_string(request_parameters, '$.maxSize') AS BIGINT),
    1
  ))) AS wanted,
  CASE WHEN outcome = 'success' AND event_name = 'RunInstances'
    THEN nullif(len(json_extract_string(response_elements, '$.instancesSet.items[*].instanceId')), 0) END AS launched,
  coalesce(launched, wanted) AS machines,
  CASE WHEN launched IS NOT NULL THEN 1 WHEN outcome = 'success' THEN 2 ELSE 3 END AS ending,  -- launched, asked for, asked for in vain
  -- Graphics, inference, training, programmable and high-performance families, and the greatest sizes: what miners and model thieves rent.
  coalesce(regexp_matches(types, '(^|, )(p|g|gr|trn|inf|dl|f|vt|hpc)[0-9][a-z0-9-]*\.|\.([89]|[1-9][0-9]+)xlarge|\.metal'), false) AS costly,
  -- Stopped by a limit of the account alone: the caller was allowed to.
  coalesce(error_code LIKE '%LimitExceeded' OR error_code LIKE '%CountExceeded', false) AS over_quota,
  nullif(array_to_string(json_extract_string(response_elements, '$.instancesSet.items[*].instanceId'), ', '), '') AS instance_ids
FROM calls;

-- One row a range that a security group or network ACL lets through.
CREATE OR REPLACE VIEW opened_ports AS
WITH calls AS (
  SELECT event_id, event_time, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by, user_agent,
    request_parameters AS request
  FROM scope_events
  WHERE event_source = 'ec2.amazonaws.com'
    AND coalesce(event_name, '') IN ('AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'ModifySecurityGroupRules',
      'CreateNetworkAclEntry', 'ReplaceNetworkAclEntry')
    AND (event_name NOT LIKE '%AclEntry' OR json_extract_string(request_parameters, '$.ruleAction') = 'allow')
),
-- The console writes permissions as a list, the old form of the call beside it, the newest call inside a wrapper.
permissions AS (
  SELECT * EXCLUDE (request), request, request AS permission FROM calls
  UNION ALL
  SELECT * EXCLUDE (request), request, unnest(json_extract(request, '$.ipPermissions.items[*]')) FROM calls
  UNION ALL
  SELECT * EXCLUDE (request), request, unnest(json_extract(request, '$..SecurityGroupRule')) FROM calls WHERE event_name = 'ModifySecurityGroupRules'
),
ranges AS (
  SELECT
    *,
    unnest(list_distinct(list_concat(
      coalesce(json_extract_string(permission, '$.ipRanges.items[*].cidrIp'), []),
      coalesce(json_extract_string(permission, '$.ipv6Ranges.items[*].cidrIpv6'), []),
      json_extract_string(permission, ['$.cidrIp', '$.cidrIpv6', '$.cidrBlock', '$.ipv6CidrBlock', '$.CidrIpv4', '$.CidrIpv6'])
    ))) AS cidr,
    coalesce(json_extract_string(permission, '$.ipProtocol'), json_extract_string(permission, '$.IpProtocol'),
      json_extract_string(permission, '$.aclProtocol')) AS protocol,
    try_cast(coalesce(json_extract_string(permission, '$.fromPort'), json_extract_string(permission, '$.FromPort'),
      json_extract_string(permission, '$.portRange.from')) AS INTEGER) AS from_port,
    try_cast(coalesce(json_extract_string(permission, '$.toPort'), json_extract_string(permission, '$.ToPort'),
      json_extract_string(permission, '$.portRange.to')) AS INTEGER) AS to_port
  FROM permissions
),
-- Half the internet, a quarter of it: as open as all of it. Nobody holds a range as wide as these.
placed AS (
  SELECT
    *,
    NOT within_private AND CASE WHEN contains(cidr, ':') THEN prefix_length < 16 ELSE prefix_length < 8 END AS nearly_world
  FROM (
    SELECT
      *,
      try_cast(split_part(cidr, '/', 2) AS INTEGER) AS prefix_length,
      (regexp_matches(cidr, '^(0|10|127)\.') AND try_cast(split_part(cidr, '/', 2) AS INTEGER) >= 8)
        OR (regexp_matches(cidr, '^172\.(1[6-9]|2[0-9]|3[01])\.') AND try_cast(split_part(cidr, '/', 2) AS INTEGER) >= 12)
        OR (regexp_matches(cidr, '^(169\.254|192\.168)\.') AND try_cast(split_part(cidr, '/', 2) AS INTEGER) >= 16)
        OR (regexp_matches(lower(cidr), '^f[cd][0-9a-f]*:') AND try_cast(split_part(cidr, '/', 2) AS INTEGER) >= 7)
        OR (lower(cidr) LIKE 'fe80:%' AND try_cast(split_part(cidr, '/', 2) AS INTEGER) >= 10) AS within_private
    FROM ranges
  )
)
SELECT
  event_id,
  event_time,
  event_name,
  aws_region,
  recipient_account_id,
  credential,
  outcome,
  invoked_by,
  coalesce(
    json_extract_string(request, '$.groupId'), json_extract_string(request, '$.networkAclId'), json_extract_string(request, '$.groupName'),
    json_extract_string(request, '$.ModifySecurityGroupRulesRequest.GroupId'), 'unnamed group in ' || coalesce(aws_region, 'no region')
  ) AS opened,
  event_name = 'AuthorizeSecurityGroupEgress' OR lower(coalesce(json_extract_string(request, '$.egress'), 'false')) = 'true' AS outbound,
  cidr,
  prefix_length = 0 AS to_world,
  nearly_world,
  within_private,
  CASE
    WHEN protocol = '-1' OR from_port IS NULL OR (from_port <= 0 AND to_port >= 65535) THEN 'all ports'
    WHEN from_port = to_port THEN from_port::VARCHAR
    ELSE from_port || '-' || coalesce(to_port::VARCHAR, '?')
  END AS ports,
  protocol = '-1' OR from_port IS NULL
    OR len(list_filter([20, 21, 22, 23, 135, 445, 1433, 2375, 3306, 3389, 5432, 5985, 5986, 6379, 9200, 27017],
      lambda p: p BETWEEN from_port AND coalesce(to_port, from_port))) > 0
    AS remote_control
FROM placed
WHERE regexp_full_match(cidr, '[0-9A-Fa-f.:]{2,45}/[0-9]{1,3}');

-- One row an account, group or organisation that a disk, image or database copy was shared with.
CREATE OR REPLACE VIEW shared_copies AS
WITH calls AS (
  SELECT event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by,
    request_parameters AS request
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('ec2.amazonaws.com', 'rds.amazonaws.com')
    AND coalesce(event_name, '') IN ('ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute',
      'ModifyDBClusterSnapshotAttribute')
),
named AS (
  SELECT
    *,
    unnest(list_distinct(
      CASE WHEN event_source = 'rds.amazonaws.com' THEN
        CASE WHEN json_extract_string(request, '$.attributeName') = 'restore' THEN json_extract_string(request, '$.valuesToAdd[*]') ELSE [] END
      ELSE list_concat(
        json_extract_string(request, '$.createVolumePermission.add.items[*].*'), json_extract_string(request,
          '$.launchPermission.add.items[*].*')) END
    )) AS shared_with
  FROM calls
)
SELECT
  event_id,
  event_time,
  event_source,
  event_name,
  aws_region,
  recipient_account_id,
  credential,
  outcome,
  invoked_by,
  coalesce(
    json_extract_string(request, '$.snapshotId'), json_extract_string(request, '$.imageId'), json_extract_string(request, '$.dBSnapshotIdentifier'),
    json_extract_string(request, '$.dBClusterSnapshotIdentifier'), 'unnamed copy in ' || coalesce(aws_region, 'no region')
  ) AS copy,
  shared_with,
  shared_with = 'all' AS public
FROM named
-- An account has its own copies anyway.
WHERE shared_with IS DISTINCT FROM recipient_account_id;

-- One row a canonical user whom an access list of S3 lets in, other than the owner that the list itself names.
CREATE OR REPLACE VIEW acl_strangers AS
SELECT event_id, stranger
FROM (
  SELECT
    event_id,
    json_extract_string(request_parameters, '$.AccessControlPolicy.Owner.ID') AS owner,
    -- In the list itself, or in a header of the call: id="…".
    unnest(list_distinct(regexp_extract_all(CAST(request_parameters AS VARCHAR), '(?:"ID"\s*:\s*"|\bid=\\?"?)([0-9a-f]{64})', 1))) AS stranger
  FROM scope_events
  WHERE event_source = 's3.amazonaws.com' AND coalesce(event_name, '') IN ('PutBucketAcl', 'PutObjectAcl')
)
WHERE stranger IS DISTINCT FROM owner;

-- One row a call that hands something to accounts, with those that are not our own: every account of a list, not its first.
CREATE OR REPLACE VIEW strangers_named AS
WITH named AS (
  SELECT
    event_id,
    unnest(list_distinct(regexp_extract_all(CAST(CASE
      WHEN event_name LIKE 'UpdateFunctionConfiguration%' THEN json_extract(request_parameters, '$.layers')
      WHEN event_name LIKE '%ResourceShare' THEN json_extract(request_parameters, '$.principals')
      WHEN event_name = 'ModifyDocumentPermission' THEN json_extract(request_parameters, '$.accountIdsToAdd')
      ELSE request_parameters END AS VARCHAR), '[":]([0-9]{12})[":/]', 1))) AS account_id
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('lambda.amazonaws.com', 'ram.amazonaws.com', 'ssm.amazonaws.com', 's3.amazonaws.com', 's3control.amazonaws.com')
    AND coalesce(event_name LIKE 'UpdateFunctionConfiguration%'
      OR event_name IN ('CreateResourceShare', 'AssociateResourceShare', 'ModifyDocumentPermission', 'PutBucketReplication', 'CreateJob', 'JobCreated'), false)
)
SELECT event_id, string_agg(account_id, ', ' ORDER BY account_id) AS accounts
FROM named
WHERE account_id NOT IN (SELECT account_id FROM own_accounts)
GROUP BY event_id;

-- One row a life-cycle rule of a bucket that lets objects expire, and after how many days.
CREATE OR REPLACE VIEW bucket_expiries AS
SELECT
  event_id,
  CAST(unnest(regexp_extract_all(CAST(request_parameters AS VARCHAR), '"Expiration"\s*:\s*\{[^}]*"Days"\s*:\s*"?([0-9]{1,9})', 1)) AS INTEGER) AS days
FROM scope_events
WHERE event_source = 's3.amazonaws.com' AND event_name = 'PutBucketLifecycle';

-- What callers asked the account to tell: one row a principal, call and region, with the first event of it. Written anew by each run whose rules ask,
-- by steps/questions.sql.
CREATE TABLE IF NOT EXISTS questions (
  principal VARCHAR,
  event_source VARCHAR,
  event_name VARCHAR,
  aws_region VARCHAR,
  first_asked TIMESTAMP,
  event_id VARCHAR NOT NULL,                  -- the first
  calls BIGINT NOT NULL,
  answered BOOLEAN,                           -- one of the calls succeeded
  console BOOLEAN,                            -- all came from the console's pages
  iac BOOLEAN,                                -- all came from tools that plan and apply
  long_lived BOOLEAN,                         -- one came with a long-lived key
  known BOOLEAN NOT NULL,                     -- the principal asked it before the window
  weight VARCHAR NOT NULL                     -- info, low or medium: pages and plans ask much and mean little
);

-- On how many different days of the evidence a principal made a call: what it does on many is its work, whoever is asked about. Written anew by each run
-- whose rules ask, by steps/habits.sql.
CREATE TABLE IF NOT EXISTS habits (
  principal VARCHAR,
  event_source VARCHAR,
  event_name VARCHAR,
  days BIGINT NOT NULL
);

-- From which public addresses each access key of the scope was used, and when. Written anew by each run whose rules ask, by steps/key-places.sql.
CREATE TABLE IF NOT EXISTS key_places (
  access_key_id VARCHAR NOT NULL,
  source_ip_address VARCHAR NOT NULL,         -- as in direct_events
  provider VARCHAR NOT NULL,                  -- number of the network that announces it, as 'AS64500', or the /24 or /48 where anybody can rent addresses there; and the country
  first_use TIMESTAMP NOT NULL,
  last_use TIMESTAMP NOT NULL
);
