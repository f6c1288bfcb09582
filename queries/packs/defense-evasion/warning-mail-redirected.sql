-- title: Warning mail turned off or sent elsewhere
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1562.008, T1098], v19: [T1685.002, T1098]}
-- covers: [A8.16]
-- why: AWS warns of abuse and of leaked keys by mail; whoever changes the addresses reads the warnings, or nobody does.
-- misses: Mail rules in the mailbox itself; subscriptions of topics that carry alarms.
WITH words AS (
  SELECT 'SetIdentityFeedbackForwardingEnabled' AS event_name, 'stop the mail about bounces and complaints for' AS act, 'medium' AS severity UNION ALL
  SELECT 'DeleteIdentity', 'delete the mail identity', 'low' UNION ALL
  SELECT 'DeleteEmailIdentity', 'delete the mail identity', 'low' UNION ALL
  SELECT 'PutAlternateContact', 'set the contact for', 'high' UNION ALL
  SELECT 'DeleteAlternateContact', 'delete the contact for', 'high' UNION ALL
  SELECT 'PutContactInformation', 'change the account''s own contact:', 'medium' UNION ALL
  SELECT 'StartPrimaryEmailUpdate', 'change the root user''s mail address in', 'high' UNION ALL
  SELECT 'AcceptPrimaryEmailUpdate', 'change the root user''s mail address in', 'high' UNION ALL
  SELECT 'EmailUpdated', 'change the root user''s mail address in', 'high'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      lower(json_extract_string(request_parameters, '$.alternateContactType')) || ' matters',
      json_extract_string(request_parameters, '$.identity'), json_extract_string(request_parameters, '$.emailIdentity'), 'the account')
      || ' in ' || coalesce(json_extract_string(request_parameters, '$.accountId'), recipient_account_id, 'an unknown account') AS thing
  FROM scope_events
  WHERE ((event_source = 'ses.amazonaws.com' AND coalesce(event_name, '') IN ('SetIdentityFeedbackForwardingEnabled', 'DeleteIdentity', 'DeleteEmailIdentity'))
      OR (event_source = 'account.amazonaws.com'
        AND coalesce(event_name, '') IN ('PutAlternateContact', 'DeleteAlternateContact', 'PutContactInformation', 'StartPrimaryEmailUpdate', 'AcceptPrimaryEmailUpdate'))
      OR (coalesce(event_source, '') IN ('iam.amazonaws.com', 'signin.amazonaws.com') AND event_name = 'EmailUpdated'))
    AND (event_name <> 'SetIdentityFeedbackForwardingEnabled' OR json_extract_string(request_parameters, '$.forwardingEnabled') = 'false')
)
SELECT
  c.event_id,
  c.thing AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || w.act || ' ' || c.thing AS summary,
  CASE WHEN c.invoked_by IS NOT NULL THEN 'low' ELSE w.severity END AS severity,
  c.event_name AS call
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
