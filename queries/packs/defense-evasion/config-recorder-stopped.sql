-- title: AWS Config stopped or its rules removed
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.001], v19: [T1685]}
-- covers: [A8.04]
-- why: Config remembers what each resource looked like; without it nobody can tell later what was changed.
-- misses: A recorder told to watch fewer kinds of resources (PutConfigurationRecorder) unless it watches none at all.
WITH words AS (
  SELECT 'StopConfigurationRecorder' AS event_name, 'stop the recorder' AS verb, 'The recorder was stopped' AS done, 'high' AS severity UNION ALL
  SELECT 'DeleteConfigurationRecorder', 'delete the recorder', 'The recorder was deleted', 'high' UNION ALL
  SELECT 'DeleteDeliveryChannel', 'delete the delivery channel', 'The delivery channel was deleted', 'high' UNION ALL
  SELECT 'DeleteConfigRule', 'delete the rule', 'The rule was deleted', 'medium' UNION ALL
  SELECT 'DeleteConformancePack', 'delete the conformance pack', 'The conformance pack was deleted', 'medium'
),
calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(request_parameters, '$.configurationRecorderName'), json_extract_string(request_parameters, '$.deliveryChannelName'),
      json_extract_string(request_parameters, '$.configRuleName'), json_extract_string(request_parameters, '$.conformancePackName'), '(unnamed)') AS named,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place
  FROM scope_events
  WHERE event_source = 'config.amazonaws.com'
    AND coalesce(event_name, '') IN ('StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'DeleteDeliveryChannel', 'DeleteConfigRule', 'DeleteConformancePack')
)
SELECT
  c.event_id,
  'Config ' || c.named || ' in ' || c.place AS subject,
  CASE WHEN c.outcome = 'success' THEN w.done ELSE 'Attempt to ' || w.verb END || ': ' || c.named || ' in ' || c.place
    || CASE WHEN c.invoked_by IS NOT NULL THEN ', by ' || c.invoked_by || ' for the caller' ELSE '' END AS summary,
  CASE
    -- Services that keep Config rules of their own and remove them again; a caller cannot forge invokedBy.
    WHEN c.invoked_by IN ('securityhub.amazonaws.com', 'fms.amazonaws.com', 'controltower.amazonaws.com', 'config-conforms.amazonaws.com') THEN 'info'
    WHEN c.invoked_by IS NOT NULL THEN 'medium'
    ELSE w.severity
  END AS severity,
  c.event_name AS call
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
