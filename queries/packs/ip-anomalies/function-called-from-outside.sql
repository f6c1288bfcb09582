-- title: Function called by a foreign account
-- severity: medium
-- category: execution
-- attack: {v18: [T1648], v19: [T1648]}
-- covers: [A6.07]
-- why: A function that a foreign account can call runs the victim's code, with the victim's rights, at a stranger's word.
-- misses: Calls are data events, so where they are not recorded they happen unseen; calls through a function URL without sign-in name no account.
WITH calls AS (
  SELECT event_id, event_time, outcome, account_id, coalesce(json_extract_string(request_parameters, '$.functionName'), 'unnamed function') AS called
  FROM scope_events
  WHERE event_source = 'lambda.amazonaws.com' AND event_name LIKE 'Invoke%' AND invoked_by IS NULL
    AND account_id <> recipient_account_id AND account_id NOT IN (SELECT account_id FROM own_accounts)
),
known AS (
  SELECT coalesce(json_extract_string(request_parameters, '$.functionName'), 'unnamed function') AS called,
    string_agg(DISTINCT account_id, ', ' ORDER BY account_id) AS accounts
  FROM baseline_events
  WHERE event_source = 'lambda.amazonaws.com' AND event_name LIKE 'Invoke%' AND account_id IS NOT NULL
  GROUP BY coalesce(json_extract_string(request_parameters, '$.functionName'), 'unnamed function')
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  c.called || ' by account ' || c.account_id AS subject,
  'Function ' || c.called || CASE WHEN c.outcome = 'success' THEN ' was' ELSE ' was to be' END || ' called by foreign account ' || c.account_id || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' time' ELSE ' times' END AS summary,
  coalesce('called by accounts ' || clipped(min(k.accounts), 160), CASE WHEN (SELECT count(*) FROM normal) = 0 THEN 'no baseline' ELSE 'not seen before' END) AS normal,
  'account ' || c.account_id AS seen
FROM calls AS c
LEFT JOIN known AS k ON k.called = c.called
GROUP BY c.called, c.account_id, c.outcome = 'success'
ORDER BY min(c.event_time), subject, summary
