-- title: Snapshot, image or database copy shared
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1537], v19: [T1537]}
-- covers: [A4.05, A4.06, A4.12]
-- why: A shared copy is read in the other account, where no log of ours shows it, and stays shared when the credential is gone.
-- misses: Whether it was used (for EBS another rule); copies shared through RAM or a backup vault.
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  copy || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS subject,
  CASE
    WHEN event_source = 'rds.amazonaws.com' THEN 'Database snapshot '
    WHEN event_name = 'ModifyImageAttribute' THEN 'Image '
    ELSE 'Disk snapshot '
  END || copy || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' shared with '
    || CASE WHEN public THEN 'everyone' ELSE CASE WHEN count(DISTINCT shared_with) = 1 THEN 'account ' ELSE 'accounts ' END || clipped(string_agg(DISTINCT shared_with, ', ' ORDER BY shared_with),
      160) END AS summary,
  CASE
    WHEN public THEN 'critical'
    WHEN bool_and(o.account_id IS NOT NULL) OR bool_and(invoked_by IS NOT NULL) THEN 'low'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT shared_with, ', ' ORDER BY shared_with) AS shared_with
FROM shared_copies
LEFT JOIN own_accounts AS o ON o.account_id = shared_with
GROUP BY event_source, event_name, copy, aws_region, recipient_account_id, public, outcome = 'success'
ORDER BY min(event_time), copy, aws_region, recipient_account_id, event_name, summary
