-- title: Text messages sent to telephones
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.003], v19: [T1496.003]}
-- covers: [A10.13]
-- why: Messages to numbers that earn money for their owner, or in the name of the victim, are paid for by the victim.
-- misses: Messages where data events of SNS are not recorded; topics that have telephones among their subscribers.
-- params:
--   messages: {type: integer, default: 20, about: "Messages or telephones from which it is high."}
WITH sent AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    aws_region,
    coalesce(json_extract_string(request_parameters, '$.phoneNumber'), CASE WHEN json_extract_string(request_parameters, '$.protocol') = 'sms' THEN json_extract_string(request_parameters, '$.endpoint') END,
      json_extract_string(request_parameters, '$.destinationPhoneNumber')) AS phone
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('sns.amazonaws.com', 'sms-voice.amazonaws.com')
    AND coalesce(event_name, '') IN ('Publish', 'Subscribe', 'SendTextMessage', 'SetSMSAttributes', 'CreateSMSSandboxPhoneNumber', 'SendVoiceMessage')
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal
  FROM baseline_events
  WHERE coalesce(event_source, '') IN ('sns.amazonaws.com', 'sms-voice.amazonaws.com') AND coalesce(event_name, '') IN ('Publish', 'SendTextMessage')
)
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  'text messages of ' || s.principal AS subject,
  CASE WHEN bool_and(s.event_name = 'SetSMSAttributes') THEN 'The limits of text messages were ' || CASE WHEN bool_or(s.outcome = 'success') THEN 'changed' ELSE 'to be changed' END
    ELSE 'Text messages were ' || CASE WHEN bool_or(s.outcome = 'success') THEN 'sent, or telephones subscribed: ' ELSE 'to be sent: ' END
      || count(*) || CASE WHEN count(*) = 1 THEN ' call, ' ELSE ' calls, ' END || count(DISTINCT s.phone)
      || CASE WHEN count(DISTINCT s.phone) = 1 THEN ' telephone' ELSE ' telephones' END END AS summary,
  CASE
    WHEN bool_and(s.invoked_by IS NOT NULL) OR bool_and(k.principal IS NOT NULL) THEN 'low'
    WHEN count(*) >= $messages::INTEGER OR count(DISTINCT s.aws_region) > 2 THEN 'high'
    ELSE 'medium'
  END AS severity,
  count(*) AS calls
FROM sent AS s
LEFT JOIN known AS k ON k.principal = s.principal
WHERE s.phone IS NOT NULL OR s.event_name = 'SetSMSAttributes'
GROUP BY s.principal
ORDER BY min(s.event_time), s.principal
