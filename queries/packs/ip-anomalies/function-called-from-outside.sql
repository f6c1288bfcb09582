-- title: Function called by a foreign account
-- severity: medium
-- category: execution
-- attack: {v18: [T1648], v19: [T1648]}
-- covers: [A6.07]
-- why: A function that a foreign account can call runs the victim's code, with the victim's rights, at a stranger's word.
-- misses: Calls are data events, so where they are not recorded they happen unseen; calls through a function URL without sign-in name no account.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  coalesce(json_extract_string(request_parameters, '$.functionName'), 'unnamed function') || ' by account ' || account_id AS subject,
  'Function ' || coalesce(json_extract_string(request_parameters, '$.functionName'), '(unnamed)')
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' called by foreign account ' || account_id || ', '
    || count(*) || CASE WHEN count(*) = 1 THEN ' time' ELSE ' times' END AS summary
FROM scope_events
WHERE event_source = 'lambda.amazonaws.com' AND event_name LIKE 'Invoke%' AND invoked_by IS NULL
  AND account_id <> recipient_account_id AND account_id NOT IN (SELECT account_id FROM own_accounts)
GROUP BY json_extract_string(request_parameters, '$.functionName'), account_id, outcome = 'success'
ORDER BY min(event_time), subject, summary
