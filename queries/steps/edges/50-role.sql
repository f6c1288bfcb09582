-- Edges "role" and "provider": a door made or changed, to the sessions that came in by it later. Who came shows no key of ours.
-- A role made, or its trust changed: strong where a foreign account came that never came before, else weak, since the owner and those whom
-- the owner let in may use the role too. An identity provider, trust anchor, profile of Roles Anywhere or identity pool: strong where it was
-- made, weak where it was there before. Weak in any case where someone else changed the door between that and the coming.
INSERT INTO edges BY NAME
WITH doors AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    CASE WHEN event_name IN ('CreateRole', 'UpdateAssumeRolePolicy') THEN 'role' ELSE 'provider' END AS edge,
    regexp_matches(event_name, '^(Create|GetOpenId)') AS made,
    CASE
      WHEN event_name IN ('CreateRole', 'UpdateAssumeRolePolicy')
        THEN iam_arn(aws_region, recipient_account_id, 'role', json_extract_string(request_parameters, '$.roleName'))
      ELSE coalesce(
        json_extract_string(response_elements, '$.sAMLProviderArn'),
        json_extract_string(response_elements, '$.openIDConnectProviderArn'),
        json_extract_string(response_elements, '$.trustAnchor.trustAnchorArn'),
        json_extract_string(request_parameters, '$.sAMLProviderArn'),
        json_extract_string(request_parameters, '$.openIDConnectProviderArn'),
        json_extract_string(response_elements, '$.profile.profileArn'),
        json_extract_string(response_elements, '$.identityPoolId'),
        json_extract_string(request_parameters, '$.identityPoolId'),
        json_extract_string(response_elements, '$.identityId'))
    END AS door
  FROM events
  WHERE outcome = 'success'
    AND event_name IN ('CreateRole', 'UpdateAssumeRolePolicy', 'CreateSAMLProvider', 'UpdateSAMLProvider', 'CreateOpenIDConnectProvider',
      'AddClientIDToOpenIDConnectProvider', 'UpdateOpenIDConnectProviderThumbprint', 'CreateTrustAnchor', 'UpdateTrustAnchor', 'CreateProfile', 'UpdateProfile',
      'CreateIdentityPool', 'UpdateIdentityPool', 'SetIdentityPoolRoles', 'GetOpenIdTokenForDeveloperIdentity')
),
-- When someone else changed it: from then on it may be that one who let strangers in.
changed AS (
  SELECT d.*, (
      SELECT min(o.event_time) FROM doors AS o WHERE o.door = d.door AND o.issuer IS DISTINCT FROM d.issuer AND o.event_time >= d.event_time) AS changed_at
  FROM doors AS d
  WHERE d.issuer IS NOT NULL
),
-- The pool of an identity of Cognito is named where the identity is asked for.
identities AS (
  SELECT DISTINCT json_extract_string(response_elements, '$.identityId') AS identity, json_extract_string(request_parameters, '$.identityPoolId') AS pool
  FROM events
  WHERE event_source = 'cognito-identity.amazonaws.com' AND event_name = 'GetId' AND outcome = 'success'
),
entries AS (
  SELECT
    issued_access_key_id AS issued,
    event_time,
    json_extract_string(response_elements, '$.assumedRoleUser.arn') AS principal,
    CASE WHEN identity_type = 'AWSAccount' AND account_id NOT IN (SELECT account_id FROM own_accounts) THEN account_id END AS foreigner,
    unnest(list_distinct(list_filter([
      regexp_replace(json_extract_string(request_parameters, '$.roleArn'), ':role/.*/', ':role/'),
      json_extract_string(request_parameters, '$.principalArn'),
      identity_provider,
      json_extract_string(response_elements, '$.provider'),
      json_extract_string(request_parameters, '$.trustAnchorArn'),
      json_extract_string(request_parameters, '$.profileArn'),
      CASE WHEN event_name = 'AssumeRoleWithWebIdentity' THEN json_extract_string(response_elements, '$.audience') END,
      json_extract_string(request_parameters, '$.identityId'),
      (SELECT pool FROM identities WHERE identity = json_extract_string(e.request_parameters, '$.identityId') LIMIT 1)
    ], lambda way : way IS NOT NULL))) AS door
  FROM events AS e
  WHERE issued_access_key_id IS NOT NULL AND outcome = 'success'
    AND (event_name LIKE 'AssumeRole%' OR event_name IN ('CreateSession', 'GetCredentialsForIdentity'))
),
comings AS (
  SELECT *, min(event_time) OVER (PARTITION BY door, foreigner) AS first_came FROM entries
)
SELECT
  d.issuer,
  e.issued,
  d.edge,
  CASE
    WHEN d.changed_at <= e.event_time THEN 'weak'
    WHEN d.edge = 'role' AND e.foreigner IS NOT NULL AND e.first_came >= d.event_time THEN 'strong'
    WHEN d.edge = 'provider' AND d.made THEN 'strong'
    ELSE 'weak'
  END AS confidence,
  d.event_id,
  d.event_time,
  d.event_name,
  e.principal
FROM changed AS d
JOIN comings AS e ON e.door = d.door AND e.event_time >= d.event_time
WHERE d.issuer <> e.issued
QUALIFY row_number() OVER (PARTITION BY d.issuer, e.issued, d.edge ORDER BY confidence, d.event_time DESC, d.event_id) = 1;
