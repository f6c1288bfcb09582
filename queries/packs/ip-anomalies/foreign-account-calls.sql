-- title: Foreign account calls
-- severity: low
-- category: lateral-movement
-- attack: {v18: [T1199], v19: [T1199]}
-- covers: [A6.12]
-- why: A call from an account that is not ours is a supplier's, or the far end of a door somebody opened.
-- misses: An account counts as foreign when its trail is not in the evidence; the log does not show whose it is.
WITH known AS (
  SELECT account_id, min(event_time) AS since FROM baseline_events WHERE account_id IS NOT NULL GROUP BY account_id
  UNION ALL
  SELECT CASE kind WHEN 'account' THEN id ELSE split_part(id, ':', 5) END AS account_id, min(first_seen) AS since
  FROM normal WHERE kind <> 'credential' AND aspect = 'use' GROUP BY CASE kind WHEN 'account' THEN id ELSE split_part(id, ':', 5) END
),
visits AS (
  SELECT d.event_id, d.event_time, d.event_name, d.account_id, d.read_only, d.outcome, '' AS target, NULL AS opened_at
  FROM direct_events AS d
  WHERE d.account_id NOT IN (SELECT account_id FROM own_accounts) AND d.account_id NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
    AND d.account_id NOT IN (SELECT account_id FROM known)
  UNION ALL
  SELECT c.event_id, c.event_time, c.event_name, c.account_id, c.read_only, c.outcome,
    coalesce(json_extract_string(c.request_parameters, '$.roleArn'), '') AS target, b.event_time AS opened_at
  FROM consequence_events AS c
  JOIN events AS b ON b.event_id = c.because_event_id
  WHERE c.account_id NOT IN (SELECT account_id FROM own_accounts) AND c.account_id NOT IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
    AND c.invoked_by IS NULL AND coalesce(c.event_type, '') <> 'AwsServiceEvent'
),
asked AS (SELECT account_id, min(coalesce(opened_at, event_time)) AS since FROM visits GROUP BY account_id),
-- What the account called before the scope opened anything to it, or before its first call in the scope: anybody's calls, not only those of the baseline.
earlier AS (
  SELECT e.account_id, e.event_name, coalesce(json_extract_string(e.request_parameters, '$.roleArn'), '') AS target,
    min(e.event_time) AS since, bool_or(e.outcome = 'success') AS succeeded
  FROM events AS e
  JOIN asked AS a ON a.account_id = e.account_id AND e.event_time < a.since
  WHERE e.invoked_by IS NULL AND coalesce(e.event_type, '') <> 'AwsServiceEvent'
  GROUP BY e.account_id, e.event_name, coalesce(json_extract_string(e.request_parameters, '$.roleArn'), '')
),
seen AS (
  SELECT a.account_id, min(b.since) AS since
  FROM asked AS a
  JOIN (SELECT account_id, since FROM earlier UNION ALL SELECT account_id, since FROM known) AS b ON b.account_id = a.account_id AND b.since < a.since
  GROUP BY a.account_id
)
SELECT
  array_agg(DISTINCT v.event_id ORDER BY v.event_id) AS event_ids,
  'account ' || v.account_id AS subject,
  'Foreign account ' || v.account_id || ' made ' || count(DISTINCT v.event_id) || CASE WHEN count(DISTINCT v.event_id) = 1 THEN ' call: ' ELSE ' calls: ' END
    || substr(string_agg(DISTINCT v.event_name, ', ' ORDER BY v.event_name), 1, 160)
    || CASE WHEN bool_or(v.opened_at IS NOT NULL AND v.outcome = 'success' AND w.since IS NULL) THEN '; something the scope had opened let it in'
      WHEN bool_or(v.opened_at IS NOT NULL AND v.outcome = 'success') THEN '; it did so before the scope opened anything to it' ELSE '' END AS summary,
  CASE WHEN bool_or(v.opened_at IS NOT NULL AND v.outcome = 'success' AND w.since IS NULL) THEN 'high'
    WHEN bool_or(v.read_only = false AND v.outcome = 'success') THEN 'medium' ELSE 'low' END AS severity,
  coalesce('called since ' || substr(CAST(min(b.since) AS VARCHAR), 1, 10) || ' at the latest',
    CASE WHEN (SELECT count(*) FROM normal) = 0 THEN 'no baseline' ELSE 'never called before' END) AS normal,
  'account ' || v.account_id AS seen
FROM visits AS v
LEFT JOIN seen AS b ON b.account_id = v.account_id
LEFT JOIN earlier AS w ON w.account_id = v.account_id AND w.event_name = v.event_name AND w.target = v.target AND w.succeeded AND v.opened_at IS NOT NULL
GROUP BY v.account_id
ORDER BY min(v.event_time), v.account_id
