-- title: Foreign account calls
-- severity: low
-- category: lateral-movement
-- attack: {v18: [T1199], v19: [T1199]}
-- covers: [A6.12]
-- why: A call from an account that is not ours is a supplier's, or the far end of a door somebody opened.
-- misses: An account counts as foreign when its trail is not in the evidence; the log does not show whose it is.
WITH strangers AS (
  SELECT s.account_id
  FROM (SELECT DISTINCT account_id FROM scope_events) AS s
  LEFT JOIN own_accounts AS o ON o.account_id = s.account_id
  LEFT JOIN (SELECT DISTINCT account_id FROM baseline_events) AS b ON b.account_id = s.account_id
  WHERE o.account_id IS NULL AND b.account_id IS NULL AND s.account_id NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
),
visits AS (
  SELECT d.event_id, d.event_time, d.event_name, d.account_id, d.read_only, d.outcome, false AS consequence
  FROM direct_events AS d
  JOIN strangers AS s ON s.account_id = d.account_id
  UNION ALL
  SELECT c.event_id, c.event_time, c.event_name, c.account_id, c.read_only, c.outcome, true AS consequence
  FROM consequence_events AS c
  LEFT JOIN own_accounts AS o ON o.account_id = c.account_id
  WHERE o.account_id IS NULL AND c.account_id NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
    AND c.invoked_by IS NULL AND coalesce(c.event_type, '') <> 'AwsServiceEvent'
)
SELECT
  array_agg(DISTINCT v.event_id ORDER BY v.event_id) AS event_ids,
  'account ' || v.account_id AS subject,
  'Foreign account ' || v.account_id || ' made ' || count(DISTINCT v.event_id) || CASE WHEN count(DISTINCT v.event_id) = 1 THEN ' call: '
    ELSE ' calls: ' END
    || substr(string_agg(DISTINCT v.event_name, ', ' ORDER BY v.event_name), 1, 160)
    || CASE WHEN bool_or(v.consequence AND v.outcome = 'success') THEN '; something the scope had opened let it in' ELSE '' END AS summary,
  CASE
    WHEN bool_or(v.consequence AND v.outcome = 'success') THEN 'high'
    WHEN bool_or(v.read_only = false AND v.outcome = 'success') THEN 'medium'
    ELSE 'low'
  END AS severity,
  CASE WHEN (SELECT count(*) FROM normal) = 0 THEN 'no baseline' ELSE 'never called before' END AS normal,
  'account ' || v.account_id AS seen
FROM visits AS v
GROUP BY v.account_id
ORDER BY min(v.event_time), v.account_id
