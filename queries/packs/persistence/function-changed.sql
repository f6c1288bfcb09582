-- title: Code, layers or role of a function changed
-- severity: medium
-- category: persistence
-- attack: {v18: [T1525, T1648], v19: [T1525, T1648]}
-- covers: [A2.12]
-- why: Code put into a function that already runs is run by others, with the function's rights, as often as they call it.
-- misses: What the code does; container images swapped behind an unchanged tag; layers of AWS itself are foreign too and shown.
-- params:
--   days: {type: integer, default: 3, about: "Different days of the evidence on which a principal does this from which it is its work, where no seed is given."}
WITH changes AS (
  SELECT
    event_id, event_time, event_source, event_name, outcome, invoked_by, hop,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    event_name LIKE 'UpdateFunctionCode%' AS code,
    coalesce(
      nullif(regexp_extract(json_extract_string(request_parameters, '$.functionName'), ':function:([^:]+)', 1), ''),
      json_extract_string(request_parameters, '$.functionName'),
      'unnamed function') || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS function_name,
    json_extract_string(request_parameters, '$.role') AS role,
    coalesce(json_extract_string(request_parameters, '$.layers'), '') AS layers,
    nullif(regexp_extract(json_extract_string(request_parameters, '$.layers'), ':lambda:[a-z0-9-]+:([0-9]{12}):layer:', 1), '') AS layer_account,
    json_extract_string(request_parameters, '$.dryRun') = 'true' AS rehearsed,
    json_extract_string(response_elements, '$.codeSha256') AS code_sha256
  FROM scope_events
  WHERE event_source = 'lambda.amazonaws.com'
    AND (event_name LIKE 'UpdateFunctionCode%' OR event_name LIKE 'UpdateFunctionConfiguration%')
)
SELECT
  c.event_id,
  'function ' || function_name AS subject,
  CASE WHEN outcome = 'success' AND NOT coalesce(rehearsed, false) THEN 'The ' ELSE 'Attempt or rehearsal to change the ' END
    || CASE WHEN code THEN 'code' WHEN layer_account IS NOT NULL THEN 'list of layers' ELSE 'role' END || ' of the function ' || function_name
    || CASE WHEN outcome = 'success' AND NOT coalesce(rehearsed, false) THEN ' was changed' ELSE '' END
    || CASE WHEN code THEN '' WHEN layer_account IS NOT NULL THEN ', to one of account ' || coalesce(s.accounts, layer_account) ELSE ', to ' || role END AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN s.accounts IS NOT NULL THEN 'high'
    -- Without a seed nobody is suspected, and pipelines do this day by day.
    WHEN hop IS NULL AND h.days >= $days::INTEGER THEN 'low'
    ELSE 'medium'
  END AS severity,
  code_sha256,
  role,
  nullif(layers, '') AS layers
FROM changes AS c
-- Any layer of the list may be a stranger's.
LEFT JOIN strangers_named AS s ON s.event_id = c.event_id
LEFT JOIN habits AS h ON h.principal = c.principal AND h.event_source = c.event_source AND h.event_name = c.event_name
WHERE code OR layer_account IS NOT NULL OR role IS NOT NULL
ORDER BY outcome <> 'success', event_time, c.event_id
