-- title: Sending of mail sized up
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580, T1087], v19: [T1580, T1087]}
-- covers: [A7.07]
-- why: How much mail may go out, and in whose name, is what a thief asks before selling the account to spammers.
-- misses: Mail through SMTP, which leaves no event. What was asked the same way before the window is left out.
-- params:
--   regions: {type: integer, default: 3, about: "Regions asked in from which one question is enough."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'SES surveyed by ' || principal AS subject,
  'SES was asked what mail may be sent: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE
    WHEN NOT bool_and(console) AND (count(DISTINCT event_name) >= 3 OR count(DISTINCT aws_region) >= $regions::INTEGER) THEN 'high'
    WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND event_source = 'ses.amazonaws.com'
  AND coalesce(event_name, '') IN ('GetSendQuota', 'GetAccountSendingEnabled', 'ListIdentities', 'GetIdentityVerificationAttributes', 'GetAccount',
    'ListEmailIdentities', 'ListVerifiedEmailAddresses', 'GetSendStatistics', 'GetEmailIdentity', 'ListConfigurationSets', 'ListServiceQuotas')
GROUP BY principal
HAVING count(DISTINCT event_name) >= 2 OR count(DISTINCT aws_region) >= $regions::INTEGER OR bool_or(long_lived)
ORDER BY min(first_asked), principal
