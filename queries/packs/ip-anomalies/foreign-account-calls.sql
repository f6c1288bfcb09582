-- title: Foreign account calls
-- severity: low
-- category: lateral-movement
-- attack: {v18: [T1199], v19: [T1199]}
-- covers: [A6.12]
-- why: A call from an account that is not ours is a supplier's, or the far end of a door somebody opened.
-- misses: An account counts as foreign when its trail is not in the evidence; the log does not show whose it is.
WITH visits AS (
  SELECT event_id, event_time, event_source, event_name, account_id, read_only, outcome, false AS consequence
  FROM direct_events
  WHERE account_id <> recipient_account_id
  UNION ALL
  SELECT event_id, event_time, event_source, event_name, account_id, read_only, outcome, true AS consequence
  FROM consequence_events
  WHERE account_id <> recipient_account_id AND invoked_by IS NULL AND coalesce(event_type, '') <> 'AwsServiceEvent'
),
known AS (
  SELECT DISTINCT account_id FROM baseline_events WHERE account_id IS NOT NULL
)
SELECT
  array_agg(DISTINCT v.event_id ORDER BY v.event_id) AS event_ids,
  'account ' || v.account_id AS subject,
  'Foreign account ' || v.account_id || ' made ' || count(DISTINCT v.event_id) || CASE WHEN count(DISTINCT v.event_id) = 1 THEN ' call: '
    ELSE ' calls: ' END
    || substr(string_agg(DISTINCT v.event_name, ', ' ORDER BY v.event_name), 1, 160)
    || CASE WHEN bool_or(v.consequence) THEN '; something the scope had opened let it in' ELSE '' END AS summary,
  CASE
    WHEN bool_or(v.consequence AND v.outcome = 'success') THEN 'high'
    WHEN bool_or(v.read_only = false AND v.outcome = 'success') THEN 'medium'
    ELSE 'low'
  END AS severity
FROM visits AS v
LEFT JOIN own_accounts AS o ON o.account_id = v.account_id
LEFT JOIN known AS k ON k.account_id = v.account_id
WHERE o.account_id IS NULL AND k.account_id IS NULL AND v.account_id NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
GROUP BY v.account_id
ORDER BY min(v.event_time), v.account_id
