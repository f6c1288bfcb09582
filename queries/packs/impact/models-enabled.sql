-- title: Models of a provider enabled for the account
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.004], v19: [T1496.004]}
-- covers: [A10.11]
-- why: Agreements are signed and use cases declared so that models that were closed to the account can be run on its bill.
-- misses: Models that need no agreement.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'models enabled by ' || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'Models were enabled for the account: ' ELSE 'Attempt to enable models for the account: ' END
    || string_agg(DISTINCT event_name, ', ' ORDER BY event_name)
    || coalesce(' for ' || clipped(string_agg(DISTINCT json_extract_string(request_parameters, '$.modelId'), ', ' ORDER BY json_extract_string(request_parameters, '$.modelId')), 200), '') AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) OR bool_and(coalesce(session_credential_from_console, false)) THEN 'low' ELSE 'medium' END AS severity,
  count(*) AS calls
FROM scope_events
WHERE coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'agreement-marketplace.amazonaws.com', 'aws-marketplace.amazonaws.com')
  AND coalesce(event_name, '') IN ('PutFoundationModelEntitlement', 'PutUseCaseForModelAccess', 'CreateFoundationModelAgreement', 'AcceptAgreementRequest',
    'Subscribe')
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller')
ORDER BY min(event_time), subject
