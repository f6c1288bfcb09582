-- Loads chunks of records, one JSON object a line, into events.
-- The worker leads each line with _f (file id), _i (record index) and, where needed, _id (content id) and _x (odd fields).
-- A line that is no JSON becomes an all-NULL row, so _f tells which lines were read; times are text here, since a cast in the reader
-- turns a bad one silently to NULL and drops an offset.
INSERT INTO events BY NAME
SELECT
  coalesce(nullif("eventID", ''), _id, 'missing-' || _f || '-' || _i) AS event_id,
  utc("eventTime") AS event_time,
  "eventSource" AS event_source,
  "eventName" AS event_name,
  "awsRegion" AS aws_region,
  "sourceIPAddress" AS source_ip_address,
  source_kind_of("sourceIPAddress") AS source_kind,
  "userAgent" AS user_agent,
  "errorCode" AS error_code,
  "errorMessage" AS error_message,
  outcome_of("errorCode", "errorMessage", "eventName", "responseElements") AS outcome,
  flag("readOnly") AS read_only,
  "eventType" AS event_type,
  "eventCategory" AS event_category,
  flag("managementEvent") AS management_event,
  coalesce(data_event("eventCategory", flag("managementEvent"), "eventSource", "eventName"), false) AS is_data_event,
  "eventVersion" AS event_version,
  "apiVersion" AS api_version,
  "requestID" AS request_id,
  "sharedEventID" AS shared_event_id,
  "recipientAccountId" AS recipient_account_id,
  "vpcEndpointId" AS vpc_endpoint_id,
  "vpcEndpointAccountId" AS vpc_endpoint_account_id,
  flag("sessionCredentialFromConsole") AS session_credential_from_console,
  "userIdentity"."type" AS identity_type,
  "userIdentity"."principalId" AS principal_id,
  "userIdentity"."arn" AS identity_arn,
  "userIdentity"."accountId" AS account_id,
  unmasked("userIdentity"."accessKeyId") AS access_key_id,
  "userIdentity"."userName" AS user_name,
  "userIdentity"."invokedBy" AS invoked_by,
  "userIdentity"."identityProvider" AS identity_provider,
  "userIdentity"."credentialId" AS credential_id,
  "userIdentity"."onBehalfOf" AS on_behalf_of,
  "userIdentity"."inScopeOf" AS in_scope_of,
  "userIdentity"."invokedByDelegate" AS invoked_by_delegate,
  "userIdentity"."sessionContext"."sessionIssuer"."type" AS session_issuer_type,
  "userIdentity"."sessionContext"."sessionIssuer"."principalId" AS session_issuer_principal_id,
  "userIdentity"."sessionContext"."sessionIssuer"."arn" AS session_issuer_arn,
  "userIdentity"."sessionContext"."sessionIssuer"."accountId" AS session_issuer_account_id,
  "userIdentity"."sessionContext"."sessionIssuer"."userName" AS session_issuer_user_name,
  utc("userIdentity"."sessionContext"."attributes"."creationDate") AS session_created,
  flag("userIdentity"."sessionContext"."attributes"."mfaAuthenticated") AS mfa_authenticated,
  "userIdentity"."sessionContext"."sourceIdentity" AS source_identity,
  "userIdentity"."sessionContext"."ec2RoleDelivery" AS ec2_role_delivery,
  "userIdentity"."sessionContext"."signInSessionArn" AS sign_in_session_arn,
  "userIdentity"."sessionContext"."assumedRoot" AS assumed_root,
  "userIdentity"."sessionContext"."webIdFederationData" AS web_id_federation_data,
  "requestParameters" AS request_parameters,
  "responseElements" AS response_elements,
  "additionalEventData" AS additional_event_data,
  "serviceEventDetails" AS service_event_details,
  "resources" AS resources,
  "tlsDetails" AS tls_details,
  "edgeDeviceDetails" AS edge_device_details,
  "insightDetails" AS insight_details,
  "eventContext" AS event_context,
  "addendum" AS addendum,
  -- sts, IAM, Roles Anywhere, Lightsail: where each names the key it issued (CloudTrail shows the id, never the secret).
  CASE WHEN contains("responseElements"::VARCHAR, 'ccessKeyId') THEN
    unmasked(coalesce(
      json_extract_string("responseElements", '$.credentials.accessKeyId'),
      json_extract_string("responseElements", '$.accessKey.accessKeyId'),
      json_extract_string("responseElements", '$.credentialSet[0].credentials.accessKeyId')))
  -- Event history as CSV has no response, but names among the resources the key that a call issued.
  WHEN _p AND regexp_matches("eventName", '^(AssumeRole|GetSessionToken$|GetFederationToken$|AssumeRoot$|CreateAccessKey$)')
    THEN nullif(regexp_extract("resources"::VARCHAR, '"((?:AKIA|ASIA)[A-Z0-9]{16})"', 1), '')
  END AS issued_access_key_id,
  -- What the columns above could not take as it is written: the patch drops those of these that are NULL.
  CASE WHEN masked("userIdentity"."accessKeyId")
      OR (event_time IS NULL AND "eventTime" <> '')
      OR (read_only IS NULL AND "readOnly" <> '')
      OR (management_event IS NULL AND "managementEvent" <> '')
      OR (session_credential_from_console IS NULL AND "sessionCredentialFromConsole" <> '')
      OR (session_created IS NULL AND "userIdentity"."sessionContext"."attributes"."creationDate" <> '')
      OR (mfa_authenticated IS NULL AND "userIdentity"."sessionContext"."attributes"."mfaAuthenticated" <> '')
    THEN json_merge_patch(coalesce(_x, '{}'), json_object(
      'maskedAccessKeyId', CASE WHEN masked("userIdentity"."accessKeyId") THEN "userIdentity"."accessKeyId" END,
      'eventTime', CASE WHEN event_time IS NULL THEN nullif("eventTime", '') END,
      'readOnly', CASE WHEN read_only IS NULL THEN nullif("readOnly", '') END,
      'managementEvent', CASE WHEN management_event IS NULL THEN nullif("managementEvent", '') END,
      'sessionCredentialFromConsole', CASE WHEN session_credential_from_console IS NULL THEN nullif("sessionCredentialFromConsole", '') END,
      'userIdentity.sessionContext.attributes.creationDate',
        CASE WHEN session_created IS NULL THEN nullif("userIdentity"."sessionContext"."attributes"."creationDate", '') END,
      'userIdentity.sessionContext.attributes.mfaAuthenticated',
        CASE WHEN mfa_authenticated IS NULL THEN nullif("userIdentity"."sessionContext"."attributes"."mfaAuthenticated", '') END))
    ELSE _x END AS extra,
  coalesce(_p, false) AS partial,
  _f AS file_id,
  _i AS record_index
FROM read_json(
  $chunks,
  format = 'newline_delimited',
  ignore_errors = true,
  maximum_object_size = $longest_line,
  columns = {
    '_f': 'INTEGER', '_i': 'BIGINT', '_id': 'VARCHAR', '_x': 'JSON', '_p': 'BOOLEAN',
    'eventID': 'VARCHAR', 'eventTime': 'VARCHAR', 'eventSource': 'VARCHAR', 'eventName': 'VARCHAR', 'awsRegion': 'VARCHAR',
    'sourceIPAddress': 'VARCHAR', 'userAgent': 'VARCHAR', 'errorCode': 'VARCHAR', 'errorMessage': 'VARCHAR', 'readOnly': 'VARCHAR',
    'eventType': 'VARCHAR', 'eventCategory': 'VARCHAR', 'managementEvent': 'VARCHAR', 'eventVersion': 'VARCHAR', 'apiVersion': 'VARCHAR',
    'requestID': 'VARCHAR', 'sharedEventID': 'VARCHAR', 'recipientAccountId': 'VARCHAR', 'vpcEndpointId': 'VARCHAR',
    'vpcEndpointAccountId': 'VARCHAR', 'sessionCredentialFromConsole': 'VARCHAR',
    'userIdentity': 'STRUCT("type" VARCHAR, "principalId" VARCHAR, "arn" VARCHAR, "accountId" VARCHAR, "accessKeyId" VARCHAR,
      "userName" VARCHAR, "invokedBy" VARCHAR, "identityProvider" VARCHAR, "credentialId" VARCHAR, "onBehalfOf" JSON, "inScopeOf" JSON,
      "invokedByDelegate" JSON, "sessionContext" STRUCT("sessionIssuer" STRUCT("type" VARCHAR, "principalId" VARCHAR, "arn" VARCHAR,
      "accountId" VARCHAR, "userName" VARCHAR), "attributes" STRUCT("creationDate" VARCHAR, "mfaAuthenticated" VARCHAR),
      "sourceIdentity" VARCHAR, "ec2RoleDelivery" VARCHAR, "signInSessionArn" VARCHAR, "assumedRoot" VARCHAR, "webIdFederationData" JSON))',
    'requestParameters': 'JSON', 'responseElements': 'JSON', 'additionalEventData': 'JSON', 'serviceEventDetails': 'JSON',
    'resources': 'JSON', 'tlsDetails': 'JSON', 'edgeDeviceDetails': 'JSON', 'insightDetails': 'JSON', 'eventContext': 'JSON',
    'addendum': 'JSON'
  }
)
WHERE _f IS NOT NULL;
