-- title: Service-specific credential created
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.001], v19: [T1098.001]}
-- covers: [A1.08]
-- why: A password or API key for one service (Bedrock, CodeCommit, Keyspaces) is no access key, and stays when all access keys are gone.
-- misses: Bedrock short-term keys, which are made on the caller's machine and leave no event.
WITH made AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(
      json_extract_string(response_elements, '$.serviceSpecificCredential.serviceSpecificCredentialId'),
      json_extract_string(request_parameters, '$.serviceSpecificCredentialId')) AS service_credential_id,
    coalesce(json_extract_string(response_elements, '$.serviceSpecificCredential.userName'), json_extract_string(request_parameters, '$.userName'), user_name) AS holder,
    coalesce(json_extract_string(response_elements, '$.serviceSpecificCredential.serviceName'), json_extract_string(request_parameters, '$.serviceName')) AS service,
    json_extract_string(response_elements, '$.serviceSpecificCredential.expirationDate') AS expires
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('CreateServiceSpecificCredential', 'ResetServiceSpecificCredential')
)
SELECT
  event_id,
  coalesce(service_credential_id, 'credential of user/' || coalesce(holder, '(unnamed)') || ' in ' || account) AS subject,
  CASE WHEN outcome = 'success' THEN 'A credential for ' ELSE 'Attempt to ' || CASE event_name WHEN 'ResetServiceSpecificCredential' THEN 'renew' ELSE 'make' END || ' a credential for ' END
    || coalesce(service, 'one service')
    || CASE WHEN outcome <> 'success' THEN '' WHEN event_name = 'ResetServiceSpecificCredential' THEN ' was given a new secret' ELSE ' was made' END
    || ' for user ' || coalesce(holder, '(unnamed)')
    || CASE WHEN outcome = 'success' THEN coalesce(', valid until ' || expires, ', with no end date shown') ELSE '' END AS summary,
  CASE WHEN service LIKE 'bedrock%' THEN 'high' ELSE 'medium' END AS severity,
  holder,
  service,
  expires
FROM made
ORDER BY outcome <> 'success', event_time, event_id
