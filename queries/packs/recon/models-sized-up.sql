-- title: Models looked through
-- severity: low
-- category: discovery
-- attack: {v18: [T1580, T1526], v19: [T1580, T1526]}
-- covers: [A7.09]
-- why: Stolen keys are sold for the models they can run; which there are, and whether anyone logs their use, is asked first.
-- misses: Whoever calls a model by name at once, which the impact rules show.
-- params:
--   minutes: {type: integer, default: 15, about: "How soon after the question a model is run, for it to be high."}
WITH asked AS (
  SELECT principal, event_name, aws_region, first_asked, event_id, console, answered
  FROM questions
  WHERE NOT known AND event_source = 'bedrock.amazonaws.com'
    AND coalesce(event_name, '') IN ('ListFoundationModels', 'GetFoundationModel', 'GetFoundationModelAvailability', 'GetModelInvocationLoggingConfiguration',
      'ListInferenceProfiles', 'ListProvisionedModelThroughputs', 'GetUseCaseForModelAccess', 'ListFoundationModelAgreementOffers', 'ListCustomModels')
),
run AS (
  SELECT principal, min(event_time) AS ran_at, min(event_id) AS event_id
  FROM direct_events
  WHERE coalesce(event_source, '') IN ('bedrock.amazonaws.com', 'bedrock-runtime.amazonaws.com')
    AND coalesce(event_name, '') IN ('InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream', 'InvokeModelWithBidirectionalStream')
  GROUP BY principal
)
SELECT
  array_agg(a.event_id ORDER BY a.first_asked, a.event_id) AS event_ids,
  'models surveyed by ' || a.principal AS subject,
  'The models of the account were looked through: ' || string_agg(DISTINCT a.event_name, ', ' ORDER BY a.event_name)
    || CASE WHEN count(DISTINCT a.aws_region) > 1 THEN ', in ' || count(DISTINCT a.aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(r.event_id IS NOT NULL) THEN '; a model was run within minutes' ELSE '' END AS summary,
  CASE
    WHEN bool_and(a.console) THEN 'info'
    WHEN bool_or(r.event_id IS NOT NULL) THEN 'high'
    WHEN bool_or(a.event_name = 'GetModelInvocationLoggingConfiguration') OR count(DISTINCT a.aws_region) > 2 THEN 'medium'
    ELSE 'low'
  END AS severity,
  min(r.ran_at) AS ran_at
FROM asked AS a
LEFT JOIN run AS r ON r.principal = a.principal AND r.ran_at BETWEEN a.first_asked AND a.first_asked + to_minutes($minutes::INTEGER)
GROUP BY a.principal
ORDER BY min(a.first_asked), a.principal
