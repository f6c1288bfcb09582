-- Anyone's later events that name what scope made, changed, shared or read: never the actor's own. Nothing without seeds.
-- What was made is followed through every change to it and every use of it; what was there before and only opened or shared
-- is followed through callers of other accounts alone, since its owners go on using it.
DELETE FROM consequences;

INSERT INTO consequences BY NAME
WITH
things AS MATERIALIZED (
  SELECT * FROM made WHERE outcome = 'success' AND EXISTS (SELECT 1 FROM credentials)
),
-- Names by which other calls name a thing: ids that are unique anywhere, else a parameter of the same service and account.
every_name AS (
  SELECT
    t.event_time AS since,
    t.event_id AS because_event_id,
    coalesce(t.id, t.also) AS subject,
    t.id AS value,
    NULL AS event_source,
    NULL AS parameter,
    NULL AS account,
    t.makes IN ('resource', 'principal') AS was_made
  FROM things AS t
  WHERE regexp_matches(t.id, '^arn:[^:]*:[^:]+:[^:]*:[0-9]{12}:|^[a-z]+-[0-9a-f]{8,17}$|^A[A-Z]{3}[A-Z0-9]{12,}$|^https://sqs')
  UNION ALL
  SELECT
    t.event_time,
    t.event_id,
    t.id,
    CASE d.part WHEN 'also' THEN short_name(t.also) ELSE t.name END,
    d.event_source,
    regexp_extract(d.path, '([A-Za-z]+)$'),
    t.account,
    t.makes IN ('resource', 'principal')
  FROM things AS t
  JOIN catalog_deletes AS d ON d.type = t.type AND d.also_path IS NULL AND NOT contains(d.path, '[')
  WHERE t.makes IN ('resource', 'principal') OR t.type LIKE 'AWS::S3::%' OR t.type LIKE 'AWS::Lambda::%'
  UNION ALL
  SELECT t.event_time, t.event_id, t.id, 'arn:' || partition_of(t.region) || ':s3:::' || t.id, NULL, NULL, NULL, t.makes = 'resource'
  FROM things AS t
  WHERE t.type LIKE 'AWS::S3::%'
  UNION ALL
  SELECT t.event_time, t.event_id, t.id, t.id, NULL, 'snapshotId', NULL, true
  FROM things AS t
  WHERE t.type = 'AWS::EC2::Snapshot.Permission'
  UNION ALL
  SELECT t.event_time, t.event_id, t.id, iam_arn(t.region, t.account, 'role', t.id), NULL, NULL, NULL, false
  FROM things AS t
  WHERE t.type = 'AWS::IAM::Role.TrustPolicy'
),
-- Each name once, since it was first made or changed: what is made again and again must not multiply.
names AS MATERIALIZED (
  SELECT
    value,
    event_source,
    parameter,
    account,
    was_made,
    min(since) AS since,
    arg_min(because_event_id, {time: since, id: because_event_id}) AS because_event_id,
    arg_min(subject, {time: since, id: because_event_id, subject: subject}) AS subject
  FROM every_name
  WHERE value IS NOT NULL AND since IS NOT NULL
  GROUP BY value, event_source, parameter, account, was_made
),
-- The keys in scope themselves: switched off or deleted by others; and their users, when AWS puts its quarantine policy on them.
-- https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
keys AS (
  SELECT
    c.access_key_id AS value,
    coalesce(s.since, c.issued_at) AS since,
    coalesce(s.event_id, c.via_event_id) AS because_event_id,
    s.user_name,
    s.account
  FROM credentials AS c
  LEFT JOIN (
    SELECT
      credential,
      min(event_time) AS since,
      arg_min(event_id, {time: event_time, id: event_id}) AS event_id,
      min(user_name) FILTER (WHERE identity_type = 'IAMUser') AS user_name,
      min(account_id) AS account
    FROM scope_events
    GROUP BY credential) AS s ON s.credential = c.access_key_id
  WHERE c.in_scope AND c.access_key_id LIKE 'AKIA%'
),
secrets_read AS (
  SELECT id AS value, short_name(id) AS name, account, min(event_time) AS since, arg_min(event_id, {time: event_time, id: event_id}) AS because_event_id
  FROM reads
  WHERE kind = 'secret' AND outcome = 'success' AND id IS NOT NULL AND EXISTS (SELECT 1 FROM credentials)
  GROUP BY id, account
),
-- Instances and functions that were made: their role sessions bear their names.
runners AS (
  SELECT name, min(id) AS id, min(event_time) AS since, arg_min(event_id, {time: event_time, id: event_id}) AS because_event_id
  FROM things
  WHERE type IN ('AWS::EC2::Instance', 'AWS::Lambda::Function') AND name IS NOT NULL
  GROUP BY name
),
-- A login that was given or changed: the next logins of that user.
logins AS (
  SELECT
    iam_arn(t.region, t.account, 'user', coalesce(t.id, t.user_name)) AS value,
    min(t.event_time) AS since,
    arg_min(t.event_id, {time: t.event_time, id: t.event_id}) AS because_event_id
  FROM things AS t
  WHERE t.type LIKE 'AWS::IAM::LoginProfile%'
  GROUP BY value
),
-- What others' changes and foreign callers' events name, from a bounded set of places.
others AS MATERIALIZED (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    coalesce(recipient_account_id, account_id) AS account,
    account_id IS NOT NULL AND account_id NOT IN (SELECT account_id FROM own_accounts) AS foreign_caller,
    request_parameters,
    resources,
    service_event_details
  FROM events
  WHERE event_time >= least((SELECT min(since) FROM names), (SELECT min(since) FROM keys), (SELECT min(since) FROM secrets_read))
    AND (NOT coalesce(read_only, false) OR event_name IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
      OR (account_id IS NOT NULL AND account_id NOT IN (SELECT account_id FROM own_accounts)))
    AND event_id NOT IN (SELECT event_id FROM scope_events)
),
mentions AS MATERIALIZED (
  SELECT event_id, event_time, event_source, event_name, account, foreign_caller, parameter, value
  FROM (
    SELECT
      * EXCLUDE (request_parameters, resources, service_event_details),
      unnest(['userName', 'roleName', 'groupName', 'policyArn', 'accessKeyId', 'instanceProfileName', 'roleArn', 'roleSessionName',
        'functionName', 'bucketName', 'name', 'trailName', 'snapshotId', 'imageId', 'volumeId', 'instanceId', 'instanceId', 'groupId',
        'keyName', 'keyPairId', 'vpcId', 'subnetId', 'networkInterfaceId', 'allocationId', 'secretId', 'keyId', 'dBInstanceIdentifier',
        'dBSnapshotIdentifier', 'dBClusterIdentifier', 'tableName', 'topicArn', 'queueUrl', 'stackName', 'cluster', 'service',
        'repositoryName', 'principalArn', 'stateMachineArn', 'trustAnchorId', 'profileId', 'logGroupName', 'sAMLProviderArn',
        'openIDConnectProviderArn', 'serialNumber', 'serviceSpecificCredentialId']) AS parameter,
      unnest(json_extract_string(request_parameters, ['$.userName', '$.roleName', '$.groupName', '$.policyArn', '$.accessKeyId',
        '$.instanceProfileName', '$.roleArn', '$.roleSessionName', '$.functionName', '$.bucketName', '$.name', '$.trailName',
        '$.snapshotId', '$.imageId', '$.volumeId', '$.instanceId', '$.instancesSet.items[0].instanceId', '$.groupId', '$.keyName',
        '$.keyPairId', '$.vpcId', '$.subnetId', '$.networkInterfaceId', '$.allocationId', '$.secretId', '$.keyId',
        '$.dBInstanceIdentifier', '$.dBSnapshotIdentifier', '$.dBClusterIdentifier', '$.tableName', '$.topicArn', '$.queueUrl',
        '$.stackName', '$.cluster', '$.service', '$.repositoryName', '$.principalArn', '$.stateMachineArn', '$.trustAnchorId',
        '$.profileId', '$.logGroupName', '$.sAMLProviderArn', '$.openIDConnectProviderArn', '$.serialNumber',
        '$.serviceSpecificCredentialId'])) AS value
    FROM others
    WHERE request_parameters IS NOT NULL)
  WHERE value IS NOT NULL
  UNION ALL
  SELECT event_id, event_time, event_source, event_name, account, foreign_caller, 'resource', unnest(json_extract_string(resources, '$[*].ARN'))
  FROM others
  WHERE resources IS NOT NULL
  UNION ALL
  SELECT event_id, event_time, event_source, event_name, account, true, 'snapshotId', json_extract_string(service_event_details, '$.snapshotId')
  FROM others
  WHERE event_name LIKE 'SharedSnapshot%'
),
found AS MATERIALIZED (
  SELECT m.event_id, n.subject, n.because_event_id, 2 AS rank
  FROM mentions AS m
  JOIN names AS n ON m.value = n.value
  WHERE m.event_time >= n.since
    AND (n.parameter IS NULL OR n.parameter = m.parameter)
    AND (n.event_source IS NULL OR n.event_source = m.event_source)
    AND (n.account IS NULL OR n.account = m.account)
    AND (n.was_made OR m.foreign_caller OR m.event_name IN ('AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'))
  UNION ALL
  SELECT m.event_id, k.value, k.because_event_id, 1
  FROM mentions AS m
  JOIN keys AS k ON m.value = k.value AND m.parameter = 'accessKeyId'
  WHERE m.event_time >= k.since
  UNION ALL
  SELECT m.event_id, k.value, k.because_event_id, 1
  FROM mentions AS m
  JOIN mentions AS p ON p.event_id = m.event_id AND p.parameter = 'policyArn' AND p.value LIKE '%AWSCompromisedKeyQuarantine%'
  JOIN keys AS k ON m.value = k.user_name AND m.parameter = 'userName' AND m.account = k.account
  WHERE m.event_time >= k.since
  UNION ALL
  SELECT m.event_id, s.value, s.because_event_id, 3
  FROM mentions AS m
  JOIN secrets_read AS s ON m.parameter = 'secretId' AND m.account = s.account AND short_name(m.value) = s.name
  WHERE m.event_source = 'secretsmanager.amazonaws.com' AND m.event_time >= s.since
  UNION ALL
  -- Deletions that name a thing by a list or a second part.
  SELECT u.event_id, t.id, t.event_id, 0
  FROM unmade AS u
  JOIN things AS t ON t.thing = u.thing
  WHERE t.id IS NOT NULL
  UNION ALL
  -- Whoever acts as what was made: a user, a role, a key, the role session of an instance or a function.
  SELECT e.event_id, n.subject, n.because_event_id, 4
  FROM events AS e
  JOIN names AS n ON n.was_made AND n.value = e.identity_arn
  WHERE e.event_time >= n.since
  UNION ALL
  SELECT e.event_id, n.subject, n.because_event_id, 4
  FROM events AS e
  JOIN names AS n ON n.was_made AND n.value = e.session_issuer_arn
  WHERE e.event_time >= n.since
  UNION ALL
  SELECT e.event_id, n.subject, n.because_event_id, 1
  FROM events AS e
  JOIN names AS n ON n.was_made AND n.value = e.access_key_id
  WHERE e.event_time >= n.since
  UNION ALL
  SELECT e.event_id, t.id, t.because_event_id, 3
  FROM events AS e
  JOIN runners AS t ON t.name = split_part(e.principal_id, ':', 2)
  WHERE e.event_time >= t.since AND e.identity_type = 'AssumedRole'
  UNION ALL
  SELECT e.event_id, l.value, l.because_event_id, 1
  FROM events AS e
  JOIN logins AS l ON l.value = e.identity_arn
  WHERE e.event_source = 'signin.amazonaws.com' AND e.event_time >= l.since
),
-- What a role's new sessions did: the keys that the calls found above were given.
given AS (
  SELECT
    i.issued_access_key_id AS access_key_id,
    arg_min(f.subject, {time: i.event_time, id: i.event_id}) AS subject,
    arg_min(f.because_event_id, {time: i.event_time, id: i.event_id}) AS because_event_id
  FROM found AS f
  JOIN events AS i ON i.event_id = f.event_id
  WHERE i.issued_access_key_id IS NOT NULL
  GROUP BY i.issued_access_key_id
),
followed AS (
  SELECT event_id, subject, because_event_id, rank FROM found
  UNION ALL
  SELECT e.event_id, g.subject, g.because_event_id, 5
  FROM given AS g
  JOIN events AS e ON e.access_key_id = g.access_key_id
)
SELECT
  event_id,
  subject,
  because_event_id
FROM (
  SELECT *, row_number() OVER (PARTITION BY event_id ORDER BY rank, subject, because_event_id) AS place
  FROM followed
  WHERE because_event_id IS NOT NULL AND subject IS NOT NULL
    AND event_id NOT IN (SELECT event_id FROM scope_events)
)
WHERE place = 1;
