-- title: Language models run or tried
-- severity: medium
-- category: impact
-- attack: {v18: [T1496.004], v19: [T1496.004]}
-- covers: [A10.10]
-- why: Models run on a stolen key cost tens of thousands a day; a sweep over models and regions, or refusals one after the other, is a reseller trying the key out.
-- misses: Runs through bedrock-mantle and agents where data events are not recorded; whether the principal is meant to run models.
-- params:
--   runs: {type: integer, default: 100, about: "Runs by one principal from which it is medium though it has run models before."}
WITH runs AS (
  SELECT
    event_id,
    event_time,
    event_name,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    coalesce(json_extract_string(request_parameters, '$.modelId'), '(unnamed model)') AS model,
    aws_region,
    outcome,
    invoked_by,
    coalesce(access_key_id LIKE 'AKIA%', false) OR access_key_id IS NULL AS long_lived,
    coalesce(error_code, '') IN ('ValidationException', 'AccessDenied', 'AccessDeniedException') AS probe
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'bedrock-runtime.amazonaws.com', 'bedrock-mantle.amazonaws.com')
    AND coalesce(event_name, '') IN ('InvokeModel', 'InvokeModelWithResponseStream', 'InvokeModelWithBidirectionalStream', 'Converse', 'ConverseStream',
      'CreateModelInvocationJob', 'CreateProvisionedModelThroughput')
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal
  FROM baseline_events
  WHERE coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'bedrock-runtime.amazonaws.com', 'bedrock-mantle.amazonaws.com')
)
SELECT
  array_agg(r.event_id ORDER BY r.event_time, r.event_id) AS event_ids,
  'models run by ' || r.principal AS subject,
  CASE WHEN bool_or(r.outcome = 'success') THEN 'Models were run' ELSE 'Models were tried in vain' END || ': '
    || count(*) || CASE WHEN count(*) = 1 THEN ' call for ' ELSE ' calls for ' END || clipped(string_agg(DISTINCT r.model, ', ' ORDER BY r.model), 200)
    || ' in ' || count(DISTINCT r.aws_region) || CASE WHEN count(DISTINCT r.aws_region) = 1 THEN ' region' ELSE ' regions' END
    || CASE WHEN bool_or(r.probe) THEN ', some only to see what is refused' ELSE '' END
    || CASE WHEN bool_and(k.principal IS NOT NULL) THEN '; the same principal did so before the window' ELSE '' END AS summary,
  CASE
    WHEN bool_and(r.invoked_by IS NOT NULL) THEN 'info'
    WHEN bool_and(k.principal IS NOT NULL) THEN CASE WHEN count(*) >= $runs::INTEGER THEN 'medium' ELSE 'low' END
    WHEN bool_or(r.event_name = 'CreateProvisionedModelThroughput') OR count(DISTINCT r.aws_region) > 2 OR count(DISTINCT r.model) > 3
      OR (bool_or(r.probe) AND bool_or(r.long_lived)) THEN 'high'
    WHEN bool_or(r.long_lived) THEN 'medium'
    ELSE 'low'
  END AS severity,
  count(*) AS calls
FROM runs AS r
LEFT JOIN known AS k ON k.principal = r.principal
GROUP BY r.principal
ORDER BY min(r.event_time), r.principal
