-- title: Password or mail address of root asked for or changed
-- severity: high
-- category: initial-access
-- attack: {v18: [T1078.004, T1098], v19: [T1078.004, T1098]}
-- covers: [A11.05]
-- why: "Whoever reads the mail of root can take the account: the password is recovered, set anew, and the mail address changed."
-- misses: What happens in the mailbox, and changes by the support of AWS.
WITH steps AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(recipient_account_id, account_id, 'an unknown account') AS account,
    coalesce(source_ip_address, 'no address') AS address
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('signin.amazonaws.com', 'iam.amazonaws.com')
    AND coalesce(event_name, '') IN ('PasswordRecoveryRequested', 'PasswordRecoveryCompleted', 'PasswordUpdated', 'EmailUpdated')
    AND coalesce(identity_type, 'Root') IN ('Root', 'Unknown')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'root of ' || account AS subject,
  'Of the root user of ' || account || ', from ' || string_agg(DISTINCT address, ', ' ORDER BY address) || ': '
    || string_agg(DISTINCT CASE event_name WHEN 'PasswordRecoveryRequested' THEN 'a new password was asked for' WHEN 'EmailUpdated' THEN 'the mail address was changed'
      ELSE 'the password was changed' END, ', ' ORDER BY CASE event_name WHEN 'PasswordRecoveryRequested' THEN 'a new password was asked for' WHEN 'EmailUpdated'
      THEN 'the mail address was changed' ELSE 'the password was changed' END) AS summary,
  CASE
    WHEN bool_or(event_name <> 'PasswordRecoveryRequested') AND count(DISTINCT event_name) > 1 THEN 'critical'
    WHEN bool_or(event_name <> 'PasswordRecoveryRequested') THEN 'high'
    ELSE 'medium'
  END AS severity
FROM steps
GROUP BY account
ORDER BY min(event_time), account
