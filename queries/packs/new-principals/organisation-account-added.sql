-- title: Account created, invited or given power in the organisation
-- severity: high
-- category: persistence
-- attack: {v18: [T1136.003], v19: [T1136.003]}
-- covers: [A1.24]
-- why: A new account starts without guards or logs of its own; a delegated administrator rules a service for all accounts.
-- misses: The outcome of CreateAccount, which follows as a service event (CreateAccountResult).
WITH words AS (
  SELECT 'CreateAccount' AS event_name, 'create the account' AS verb, 'The account was created:' AS done, 'high' AS severity UNION ALL
  SELECT 'CreateGovCloudAccount', 'create the account', 'The account was created:', 'high' UNION ALL
  SELECT 'InviteAccountToOrganization', 'invite into the organisation', 'Invited into the organisation:', 'high' UNION ALL
  SELECT 'AcceptHandshake', 'accept the invitation of an organisation', 'An invitation of an organisation was accepted:', 'high' UNION ALL
  SELECT 'RegisterDelegatedAdministrator', 'make a delegated administrator', 'Made a delegated administrator:', 'high' UNION ALL
  SELECT 'EnableAWSServiceAccess', 'let a service act in all accounts', 'A service may act in all accounts:', 'low'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(
      json_extract_string(request_parameters, '$.accountId'),
      json_extract_string(request_parameters, '$.target.id'),
      json_extract_string(request_parameters, '$.accountName'),
      json_extract_string(request_parameters, '$.handshakeId'),
      json_extract_string(request_parameters, '$.servicePrincipal'),
      '(unnamed)'
    ) AS whom,
    json_extract_string(request_parameters, '$.servicePrincipal') AS service,
    json_extract_string(response_elements, '$.createAccountStatus.id') AS request_status_id
  FROM scope_events
  WHERE event_source = 'organizations.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateAccount', 'CreateGovCloudAccount', 'InviteAccountToOrganization', 'AcceptHandshake', 'RegisterDelegatedAdministrator', 'EnableAWSServiceAccess')
)
SELECT
  c.event_id,
  c.whom AS subject,
  CASE WHEN c.outcome = 'success' THEN w.done || ' ' ELSE 'Attempt to ' || w.verb || ': ' END || c.whom
    || CASE WHEN c.event_name = 'RegisterDelegatedAdministrator' THEN ', for ' || coalesce(c.service, 'an unnamed service') ELSE '' END AS summary,
  w.severity,
  c.service,
  c.request_status_id
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
