-- title: Bedrock's invocation log or guardrails taken away
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.11]
-- why: Thieves who sell model access first switch off the only log of prompts, then the guardrails that limit what is asked.
-- misses: What a changed guardrail lets through; logging that never was on.
WITH models AS (
  SELECT count(*) AS calls
  FROM scope_events
  WHERE event_source = 'bedrock.amazonaws.com' AND (event_name LIKE 'InvokeModel%' OR event_name LIKE 'Converse%')
),
changes AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.guardrailIdentifier'), 'the invocation log') || ' in ' || coalesce(aws_region, 'an unknown region')
      || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS thing,
    CASE
      WHEN event_name = 'DeleteModelInvocationLoggingConfiguration' THEN 'end the logging of model calls'
      WHEN event_name = 'PutModelInvocationLoggingConfiguration' THEN CASE
        WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"(text|image|embedding|video|audio)DataDeliveryEnabled"\s*:\s*false') THEN 'log less of model calls' END
      WHEN event_name = 'DeleteGuardrail' THEN 'delete a guardrail'
      ELSE 'change a guardrail'
    END AS act
  FROM scope_events
  WHERE event_source = 'bedrock.amazonaws.com'
    AND coalesce(event_name, '') IN ('DeleteModelInvocationLoggingConfiguration', 'PutModelInvocationLoggingConfiguration', 'DeleteGuardrail', 'UpdateGuardrail')
)
SELECT
  c.event_id,
  c.thing AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || c.act || ': ' || c.thing
    || CASE WHEN m.calls > 0 THEN '; models were called, ' || m.calls || CASE WHEN m.calls = 1 THEN ' time' ELSE ' times' END || ' in all' ELSE '' END AS summary,
  CASE
    WHEN c.act = 'end the logging of model calls' OR m.calls > 0 THEN 'high'
    WHEN c.act = 'change a guardrail' THEN 'low'
    ELSE 'medium'
  END AS severity,
  m.calls AS model_calls
FROM changes AS c
CROSS JOIN models AS m
WHERE c.act IS NOT NULL
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
