-- title: Mail sent, or sending switched on
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.004, T1566], v19: [T1496.004, T1566]}
-- covers: [A10.12]
-- why: Mail in the good name of the victim is what stolen keys are used for after machines and models.
-- misses: Sending, where data events of SES are not recorded, and all mail through SMTP.
-- params:
--   mails: {type: integer, default: 100, about: "Mails sent by one principal within the hour from which it is high."}
WITH mails AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    outcome,
    invoked_by,
    hop,
    access_key_id LIKE 'AKIA%' AS long_lived
  FROM scope_events
  WHERE event_source = 'ses.amazonaws.com'
    AND coalesce(event_name, '') IN ('SendEmail', 'SendRawEmail', 'SendBulkEmail', 'SendTemplatedEmail', 'SendBulkTemplatedEmail', 'SendCustomVerificationEmail',
      'UpdateAccountSendingEnabled', 'PutAccountSendingAttributes')
),
hours AS (
  SELECT principal, count(*) AS mails FROM mails WHERE event_name LIKE 'Send%' AND outcome = 'success' GROUP BY principal, date_trunc('hour', event_time)
),
peaks AS (
  SELECT principal, max(mails) AS peak FROM hours GROUP BY principal
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal
  FROM baseline_events
  WHERE event_source = 'ses.amazonaws.com' AND event_name LIKE 'Send%'
)
SELECT
  array_agg(m.event_id ORDER BY m.event_time, m.event_id) AS event_ids,
  'mail of ' || m.principal AS subject,
  CASE WHEN bool_or(m.event_name LIKE 'Send%')
    THEN sum(CASE WHEN m.event_name LIKE 'Send%' THEN 1 ELSE 0 END) || CASE WHEN bool_or(m.outcome = 'success') THEN ' calls sent mail' ELSE ' calls tried to send mail' END
    ELSE 'Sending of mail was switched' END
    || CASE WHEN bool_and(k.principal IS NOT NULL) THEN '; the same principal did so before the window' ELSE '' END AS summary,
  CASE
    WHEN bool_and(m.invoked_by IS NOT NULL) THEN 'info'
    WHEN bool_and(k.principal IS NOT NULL) THEN 'low'
    WHEN max(p.peak) >= $mails::INTEGER THEN 'high'
    WHEN bool_or(m.long_lived) OR bool_or(m.event_name NOT LIKE 'Send%') THEN 'medium'
    ELSE 'low'
  END AS severity,
  max(p.peak) AS most_in_an_hour
FROM mails AS m
LEFT JOIN peaks AS p ON p.principal = m.principal
LEFT JOIN known AS k ON k.principal = m.principal
-- Without a seed nobody is suspected: applications send mail.
WHERE m.hop IS NOT NULL OR p.peak >= $mails::INTEGER OR m.event_name NOT LIKE 'Send%'
GROUP BY m.principal
ORDER BY min(m.event_time), m.principal
