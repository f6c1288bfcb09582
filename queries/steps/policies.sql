-- Unfolds the policies that calls of the scope write, once for all rules: tables/05-policies.sql.
INSERT INTO policy_documents BY NAME
WITH trust AS (
  SELECT
    event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by,
    'trust' AS policy_kind,
    'role/' || coalesce(json_extract_string(request_parameters, '$.roleName'), '(unnamed)') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    NULL::VARCHAR AS policy_name,
    coalesce(policy_at(request_parameters, '$.assumeRolePolicyDocument'), policy_at(request_parameters, '$.policyDocument')) AS document,
    written_at(request_parameters, ['$.assumeRolePolicyDocument', '$.policyDocument']) AS written
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('CreateRole', 'UpdateAssumeRolePolicy')
),
identity AS (
  SELECT
    event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by,
    'identity' AS policy_kind,
    -- A policy of its own goes by its name, as CreatePolicy gives it; later versions name its ARN.
    coalesce(
      'user/' || json_extract_string(request_parameters, '$.userName'), 'role/' || json_extract_string(request_parameters, '$.roleName'),
      'group/' || json_extract_string(request_parameters, '$.groupName'), 'policy/' || json_extract_string(request_parameters, '$.policyName'),
      'policy/' || regexp_extract(json_extract_string(request_parameters, '$.policyArn'), '([^/]*)$', 1), json_extract_string(request_parameters, '$.permissionSetArn'),
      'unnamed bearer of ' || event_name) || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    json_extract_string(request_parameters, '$.policyName') AS policy_name,
    coalesce(policy_at(request_parameters, '$.policyDocument'), policy_at(request_parameters, '$.inlinePolicy')) AS document,
    written_at(request_parameters, ['$.policyDocument', '$.inlinePolicy']) AS written
  FROM scope_events
  WHERE (event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('PutUserPolicy', 'PutRolePolicy', 'PutGroupPolicy', 'CreatePolicy', 'CreatePolicyVersion'))
    OR (event_source = 'sso.amazonaws.com' AND event_name = 'PutInlinePolicyToPermissionSet')
),
session AS (
  SELECT
    event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by,
    'session' AS policy_kind,
    'federated-user/' || coalesce(json_extract_string(request_parameters, '$.name'), '(unnamed)') || ' in ' || coalesce(recipient_account_id, 'an unknown account') AS bearer,
    NULL::VARCHAR AS policy_name,
    policy_at(request_parameters, '$.policy') AS document,
    written_at(request_parameters, ['$.policy']) AS written
  FROM scope_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'GetFederationToken'
),
resource AS (
  SELECT
    event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by,
    'resource' AS policy_kind,
    coalesce(
      json_extract_string(request_parameters, '$.bucketName'), json_extract_string(request_parameters, '$.topicArn'), json_extract_string(response_elements, '$.topicArn'),
      json_extract_string(request_parameters, '$.queueUrl'), json_extract_string(response_elements, '$.queueUrl'), json_extract_string(request_parameters, '$.queueName'),
      json_extract_string(response_elements, '$.keyMetadata.arn'), json_extract_string(request_parameters, '$.keyId'),
      json_extract_string(response_elements, '$.aRN'), json_extract_string(request_parameters, '$.secretId'),
      json_extract_string(request_parameters, '$.resourceArn'), json_extract_string(request_parameters, '$.repositoryName'), json_extract_string(request_parameters, '$.vaultName'),
      json_extract_string(request_parameters, '$.backupVaultName'), json_extract_string(request_parameters, '$.domainName'), json_extract_string(request_parameters, '$.domain'),
      json_extract_string(request_parameters, '$.fileSystemId'), json_extract_string(request_parameters, '$.identity'), json_extract_string(request_parameters, '$.eventBusName'),
      json_extract_string(request_parameters, '$.name'), 'the ' || split_part(event_source, '.', 1) || ' resource policy in ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS bearer,
    json_extract_string(request_parameters, '$.policyName') AS policy_name,
    coalesce(
      policy_at(request_parameters, '$.bucketPolicy'), policy_at(request_parameters, '$.policyDocument'),
      CASE WHEN json_extract_string(request_parameters, '$.attributeName') = 'Policy' THEN policy_at(request_parameters, '$.attributeValue') END,
      policy_at(request_parameters, '$.attributes.Policy'), policy_at(request_parameters, '$.resourcePolicy'), policy_at(request_parameters, '$.policyText'),
      policy_at(request_parameters, '$.policyInJson'), policy_at(request_parameters, '$.accessPolicies'), policy_at(request_parameters, '$.policy.policy'),
      policy_at(request_parameters, '$.policy'), policy_at(request_parameters, '$.Policy')
    ) AS document,
    written_at(request_parameters, ['$.bucketPolicy', '$.policyDocument', '$.attributes.Policy', '$.resourcePolicy', '$.policyText', '$.policyInJson',
      '$.accessPolicies', '$.policy', '$.Policy']) AS written
  FROM scope_events
  WHERE event_source <> 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN (
      'PutBucketPolicy', 'PutAccessPointPolicy', 'SetTopicAttributes', 'CreateTopic', 'SetQueueAttributes', 'CreateQueue', 'PutKeyPolicy', 'CreateKey', 'ReplicateKey',
      'PutResourcePolicy', 'SetRepositoryPolicy', 'PutRegistryPolicy', 'SetVaultAccessPolicy', 'CreateElasticsearchDomain', 'UpdateElasticsearchDomainConfig', 'CreateDomain',
      'UpdateDomainConfig', 'PutBackupVaultAccessPolicy', 'PutFileSystemPolicy', 'PutDomainPermissionsPolicy', 'PutRepositoryPermissionsPolicy', 'PutIdentityPolicy',
      'PutContainerPolicy', 'PutPolicy', 'PutPermission', 'CreateRestApi')
)
SELECT * EXCLUDE (written) REPLACE (elements_cased(document) AS document), document IS NULL AND coalesce(written, false) AS unread
FROM (
  SELECT * FROM trust
  UNION ALL
  SELECT * FROM identity
  UNION ALL
  SELECT * FROM session
  UNION ALL
  SELECT * FROM resource
);

INSERT INTO policy_statements BY NAME
WITH statements AS (
  SELECT
    * EXCLUDE (document, unread),
    unnest(CASE json_type(document, '$.Statement')
      WHEN 'ARRAY' THEN json_extract(document, '$.Statement[*]')
      WHEN 'OBJECT' THEN [json_extract(document, '$.Statement')]
    END) AS statement
  FROM policy_documents
  WHERE document IS NOT NULL
)
SELECT
  * EXCLUDE (allowed),
  json_extract_string(statement, '$.Effect') AS effect,
  -- 'all but …' is NotAction.
  array_to_string(texts_at(statement, '$.Action'), ', ') || CASE WHEN json_exists(statement, '$.NotAction')
    THEN 'all but ' || array_to_string(texts_at(statement, '$.NotAction'), ', ') ELSE '' END AS written_actions,
  lower(written_actions) AS actions,  -- as IAM compares them: without regard to case
  array_to_string(texts_at(statement, '$.Resource'), ', ') || CASE WHEN json_exists(statement, '$.NotResource')
    THEN 'all but ' || array_to_string(texts_at(statement, '$.NotResource'), ', ') ELSE '' END AS resources,
  CASE WHEN json_extract_string(statement, '$.Condition') <> '{}' THEN json_extract_string(statement, '$.Condition') END AS condition,
  json_exists(statement, '$.NotAction') AS all_but,
  -- Every action there is.
  len(list_filter(texts_at(statement, '$.Action'), lambda p: regexp_full_match(p, '\*+(:\*+)?'))) > 0 AS every_action,
  array_to_string(allowed, ', ') AS takeovers,
  len(list_filter(allowed, lambda a: a LIKE 'iam:%')) = len(list_filter(takeover_actions(), lambda a: a LIKE 'iam:%')) AS all_of_iam
FROM (
  SELECT
    *,
    takeovers_of(list_concat(texts_at(statement, '$.Action'), texts_at(statement, '$.NotAction')), json_exists(statement, '$.NotAction')) AS allowed
  FROM statements
);

INSERT INTO policy_grants BY NAME
WITH of_policies AS (
  SELECT
    * EXCLUDE (statement, all_but, every_action, takeovers, all_of_iam),
    unnest(CASE json_type(statement, '$.Principal')
      WHEN 'VARCHAR' THEN [{kind: 'AWS', id: json_extract_string(statement, '$.Principal')}]
      WHEN 'OBJECT' THEN list_concat(
        list_transform(texts_at(statement, '$.Principal.AWS'), lambda p: {kind: 'AWS', id: p}),
        list_transform(texts_at(statement, '$.Principal.Federated'), lambda p: {kind: 'Federated', id: p}),
        list_transform(texts_at(statement, '$.Principal.Service'), lambda p: {kind: 'Service', id: p}),
        list_transform(texts_at(statement, '$.Principal.CanonicalUser'), lambda p: {kind: 'CanonicalUser', id: p}))
      ELSE CASE WHEN json_exists(statement, '$.NotPrincipal') THEN [{kind: 'AWS', id: '*'}] END
    END) AS p
  FROM policy_statements
),
single AS (
  SELECT
    event_id, event_time, event_source, event_name, aws_region, recipient_account_id, credential, outcome, invoked_by, request_parameters AS request
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('lambda.amazonaws.com', 'sns.amazonaws.com', 'sqs.amazonaws.com', 'events.amazonaws.com', 'kms.amazonaws.com')
    AND (event_name LIKE 'AddPermission%' OR event_name LIKE 'AddLayerVersionPermission%' OR coalesce(event_name, '') IN ('PutPermission', 'CreateGrant'))
),
of_calls AS (
  SELECT
    * EXCLUDE (request),
    'permission' AS policy_kind,
    coalesce(
      json_extract_string(request, '$.functionName'), 'layer ' || json_extract_string(request, '$.layerName'), json_extract_string(request, '$.topicArn'),
      json_extract_string(request, '$.queueUrl'), json_extract_string(request, '$.keyId'), 'event bus ' || json_extract_string(request, '$.eventBusName'),
      'unnamed ' || split_part(event_source, '.', 1) || ' resource in ' || coalesce(recipient_account_id, 'an unknown account')) AS bearer,
    NULL::VARCHAR AS policy_name,
    'Allow' AS effect,
    array_to_string(list_concat(texts_at(request, '$.action'), texts_at(request, '$.actions'), texts_at(request, '$.actionName'), texts_at(request, '$.operations')), ', ') AS written_actions,
    lower(written_actions) AS actions,
    '' AS resources,
    -- What a call writes as a parameter a policy would write as a condition.
    CASE WHEN coalesce(json_extract_string(request, '$.sourceArn'), json_extract_string(request, '$.sourceAccount'), json_extract_string(request, '$.principalOrgID'),
        json_extract_string(request, '$.organizationId'), json_extract_string(request, '$.condition')) IS NOT NULL
      THEN json_object('StringEquals', json_object(
        'aws:SourceArn', json_extract(request, '$.sourceArn'), 'aws:SourceAccount', json_extract(request, '$.sourceAccount'),
        'aws:PrincipalOrgID', coalesce(json_extract(request, '$.principalOrgID'), json_extract(request, '$.organizationId'), json_extract(request, '$.condition'))))::VARCHAR
    END AS condition,
    unnest(list_transform(
      list_concat(texts_at(request, '$.principal'), texts_at(request, '$.granteePrincipal'), texts_at(request, '$.aWSAccountId'), texts_at(request, '$.aWSAccountIds')),
      lambda p: {kind: CASE WHEN p LIKE '%.amazonaws.com%' THEN 'Service' ELSE 'AWS' END, id: p})) AS p
  FROM single
),
principals AS (
  SELECT * EXCLUDE (p), p.kind AS principal_kind, p.id AS principal, account_in(p.id) AS principal_account FROM of_policies
  UNION ALL BY NAME
  SELECT * EXCLUDE (p), p.kind AS principal_kind, p.id AS principal, account_in(p.id) AS principal_account FROM of_calls
),
own AS (SELECT coalesce(list(account_id ORDER BY account_id), []) AS ids FROM own_accounts)
SELECT
  principals.*,
  principal_kind = 'AWS' AND principal = '*' AS anyone,
  -- Neither a canonical user id nor the identity of a CloudFront distribution says whose it is.
  principal_kind = 'CanonicalUser'
    OR principal LIKE 'arn:aws%:iam::cloudfront:user/%'
    -- Distributions of any account, where no condition names one.
    OR (principal = 'cloudfront.amazonaws.com' AND condition IS NULL)
    -- A service that acts for accounts of others.
    OR (principal_kind = 'Service' AND condition IS NOT NULL AND coalesce(confined_to(try_cast(condition AS JSON), own.ids), false) = false
      AND len(strangers_in(try_cast(condition AS JSON), own.ids)) > 0)
    OR (principal_kind = 'AWS' AND principal_account IS NOT NULL AND NOT list_contains(own.ids, principal_account)) AS outsider,
  CASE WHEN principal_kind = 'CanonicalUser' THEN 'the canonical user ' || substr(principal, 1, 64) || ' (whose account is not recorded)'
    WHEN principal LIKE 'arn:aws%:iam::cloudfront:user/%' THEN principal || ' (of a distribution whose account is not recorded)'
    WHEN principal_kind = 'Service' THEN 'the service ' || principal
      || coalesce(', acting for ' || nullif(array_to_string(strangers_in(try_cast(condition AS JSON), own.ids), ', '), '') || ' (unknown account)', ', acting for any account')
    ELSE principal || ' (unknown account)' END AS whom,
  condition IS NOT NULL AND coalesce(confined_to(try_cast(condition AS JSON), own.ids), false) AS confined
FROM principals
CROSS JOIN own;
