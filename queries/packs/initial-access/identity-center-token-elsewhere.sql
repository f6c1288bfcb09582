-- title: Token of Identity Center fetched where nobody signed in
-- severity: high
-- category: credential-access
-- attack: {v18: [T1528, T1566], v19: [T1528, T1566]}
-- covers: [A11.08]
-- why: In phishing by device code the victim signs in and the thief, somewhere else, fetches the token.
-- misses: A thief behind the address of the victim, and sign-ins that the evidence does not hold.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(json_extract_string(on_behalf_of, '$.userId'), principal_id, user_name, 'an unknown user') AS who,
    source_ip_address AS address,
    json_extract_string(request_parameters, '$.grantType') AS grant_type
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('sso.amazonaws.com', 'sso-oauth.amazonaws.com', 'signin.amazonaws.com', 'sso-directory.amazonaws.com')
    AND coalesce(event_name, '') IN ('Authenticate', 'Federate', 'CreateToken', 'CreateTokenWithIAM', 'GetRoleCredentials', 'UserAuthentication',
      'CredentialVerification', 'ListAccounts', 'ListAccountRoles', 'ListApplications')
    AND outcome = 'success'
),
homes AS (
  SELECT DISTINCT who, address
  FROM calls
  WHERE coalesce(event_name, '') IN ('Authenticate', 'UserAuthentication', 'CredentialVerification', 'Federate', 'ListApplications')
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.who || ' at ' || c.address AS subject,
  'From ' || c.address || ', where nobody signed in, ' || string_agg(DISTINCT c.event_name, ', ' ORDER BY c.event_name) || ' was called with the sign-in of ' || c.who AS summary,
  CASE WHEN bool_or(c.event_name LIKE 'CreateToken%' OR c.event_name = 'GetRoleCredentials') THEN 'high' ELSE 'medium' END AS severity
FROM calls AS c
JOIN (SELECT DISTINCT who FROM homes) AS s ON s.who = c.who
LEFT JOIN homes AS h ON h.who = c.who AND h.address = c.address
WHERE h.who IS NULL AND c.address IS NOT NULL AND coalesce(c.event_name, '') IN ('CreateToken', 'CreateTokenWithIAM', 'GetRoleCredentials', 'ListAccounts', 'ListAccountRoles')
GROUP BY c.who, c.address
ORDER BY min(c.event_time), c.who, c.address
