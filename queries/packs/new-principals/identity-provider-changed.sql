-- title: Identity provider added or changed in IAM
-- severity: high
-- category: persistence
-- attack: {v18: [T1484.002, T1556.007], v19: [T1484.002, T1556.007]}
-- covers: [A1.12, A1.13]
-- why: Whoever runs a trusted SAML or OIDC provider can issue sessions of every role that trusts it, with no AWS credential at all.
-- misses: Roles that trust providers known to all (accounts.google.com, Cognito) need none in IAM; the pack backdoors shows such roles.
WITH calls AS (
  SELECT 'CreateOpenIDConnectProvider' AS event_name, 'add' AS verb, 'was added' AS done UNION ALL
  SELECT 'AddClientIDToOpenIDConnectProvider', 'add an audience to', 'was given another audience' UNION ALL
  SELECT 'UpdateOpenIDConnectProviderThumbprint', 'change the certificate of', 'was given another certificate thumbprint' UNION ALL
  SELECT 'CreateSAMLProvider', 'add', 'was added' UNION ALL
  SELECT 'UpdateSAMLProvider', 'change the metadata of', 'was given other metadata' UNION ALL
  SELECT 'DeleteSAMLProvider', 'delete', 'was deleted'
),
changes AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(response_elements, '$.openIDConnectProviderArn'),
      json_extract_string(request_parameters, '$.openIDConnectProviderArn'),
      json_extract_string(response_elements, '$.sAMLProviderArn'),
      json_extract_string(request_parameters, '$.sAMLProviderArn'),
      json_extract_string(request_parameters, '$.url'),
      json_extract_string(request_parameters, '$.name'),
      'unnamed provider in ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS provider,
    -- Identity Center keeps its own provider up to date; only AWS can set invokedBy or a service name as the source.
    coalesce(invoked_by, '') = 'sso.amazonaws.com' OR source_ip_address = 'sso.amazonaws.com' AS by_identity_center
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateOpenIDConnectProvider', 'AddClientIDToOpenIDConnectProvider', 'UpdateOpenIDConnectProviderThumbprint',
      'CreateSAMLProvider', 'UpdateSAMLProvider', 'DeleteSAMLProvider')
)
SELECT
  c.event_id,
  c.provider AS subject,
  CASE WHEN c.outcome = 'success' THEN 'Identity provider ' || c.provider || ' ' || w.done
    ELSE 'Attempt to ' || w.verb || ' the identity provider ' || c.provider END
    || CASE WHEN c.by_identity_center THEN ', by Identity Center' ELSE '' END AS summary,
  CASE WHEN c.by_identity_center THEN 'low' WHEN c.event_name = 'DeleteSAMLProvider' OR c.invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END AS severity,
  c.invoked_by
FROM changes AS c
JOIN calls AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
