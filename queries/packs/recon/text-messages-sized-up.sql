-- title: Sending of text messages sized up
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.08]
-- why: Text messages cost money to send and earn it for whoever owns the numbers called; the limits are asked for first.
-- misses: Whoever sends without asking. What was asked the same way before the window is left out.
-- params:
--   questions: {type: integer, default: 1, about: "Different questions, counted in each region, from which it is told."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'text messaging surveyed by ' || principal AS subject,
  'The limits of text messages were asked for: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE
    WHEN NOT bool_and(console) AND count(DISTINCT event_name) >= 2 AND bool_or(long_lived) THEN 'high'
    WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND coalesce(event_source, '') IN ('sns.amazonaws.com', 'sms-voice.amazonaws.com')
  AND coalesce(event_name, '') IN ('GetSMSAttributes', 'GetSMSSandboxAccountStatus', 'ListOriginationNumbers', 'ListSMSSandboxPhoneNumbers',
    'ListPhoneNumbersOptedOut', 'DescribeSpendLimits', 'DescribePhoneNumbers', 'DescribeAccountLimits', 'DescribeAccountAttributes')
GROUP BY principal
HAVING count(*) >= $questions::INTEGER
ORDER BY min(first_asked), principal
