-- title: Mail sender prepared
-- severity: medium
-- category: resource-development
-- attack: {v18: [T1496.004, T1583], v19: [T1496.004, T1583]}
-- covers: [A3.14]
-- why: A verified sender, above all with production access, sends mail in the victim's good name; phishing paid for by the victim.
-- misses: The mail sent through SMTP, which CloudTrail does not record.
SELECT
  event_id,
  'mail ' || coalesce(
    json_extract_string(request_parameters, '$.emailIdentity'), json_extract_string(request_parameters, '$.emailAddress'),
      json_extract_string(request_parameters, '$.domain'),
    json_extract_string(request_parameters, '$.configurationSetName'), json_extract_string(request_parameters, '$.configurationSet.name'),
    'sending of account ' || coalesce(recipient_account_id, 'unknown')
  ) || ' in ' || coalesce(aws_region, 'an unknown region') AS subject,
  CASE event_name
    WHEN 'PutAccountDetails' THEN 'Production access to send mail'
    WHEN 'UpdateAccountSendingEnabled' THEN 'The switch for sending mail'
    WHEN 'CreateConfigurationSet' THEN 'A configuration for sending mail'
    ELSE 'A mail sender'
  END
    || CASE WHEN outcome = 'success' THEN ' was ' ELSE ' was to be ' END
    || CASE event_name WHEN 'PutAccountDetails' THEN 'asked for' WHEN 'UpdateAccountSendingEnabled' THEN 'turned' WHEN 'CreateConfigurationSet'
      THEN 'made' ELSE 'put up for verification' END
    || ' in ' || coalesce(aws_region, 'an unknown region')
    || coalesce(': ' || coalesce(json_extract_string(request_parameters, '$.emailIdentity'),
      json_extract_string(request_parameters, '$.emailAddress'), json_extract_string(request_parameters, '$.domain')), '') AS summary,
  CASE
    WHEN event_name = 'PutAccountDetails' THEN 'high'
    WHEN event_name = 'CreateConfigurationSet' OR invoked_by IS NOT NULL THEN 'low'
    ELSE 'medium'
  END AS severity,
  event_name AS call
FROM scope_events
WHERE event_source = 'ses.amazonaws.com'
  AND coalesce(event_name, '') IN ('CreateEmailIdentity', 'VerifyEmailIdentity', 'VerifyEmailAddress', 'VerifyDomainIdentity',
    'CreateConfigurationSet', 'PutAccountDetails', 'UpdateAccountSendingEnabled')
ORDER BY event_time, event_id
