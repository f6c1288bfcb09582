-- title: Trail told to record fewer kinds of events
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.008], v19: [T1685.002]}
-- covers: [A8.02]
-- why: Selectors decide what a trail records; without management events it looks alive and sees nothing.
-- misses: What was recorded before, so selectors without data events are shown as low even where there never were any.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      nullif(regexp_extract(coalesce(
        json_extract_string(request_parameters, '$.trailName'),
        json_extract_string(request_parameters, '$.eventDataStore')), '([^/]+)$', 1), ''),
      '(unnamed)') AS store,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(CAST(request_parameters AS VARCHAR), '') AS request
  FROM scope_events
  WHERE event_source = 'cloudtrail.amazonaws.com'
    AND coalesce(event_name, '') IN ('PutEventSelectors', 'PutInsightSelectors', 'StopEventDataStoreIngestion', 'DeleteEventDataStore', 'UpdateEventDataStore')
),
judged AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    store,
    place,
    CASE
      WHEN event_name = 'StopEventDataStoreIngestion' THEN 'the event data store takes in nothing more'
      WHEN event_name = 'DeleteEventDataStore' THEN 'the event data store is deleted'
      WHEN event_name = 'PutInsightSelectors' THEN CASE WHEN NOT contains(request, 'nsightType') THEN 'no insights' END
      WHEN regexp_matches(request, '"includeManagementEvents"\s*:\s*"?false')
        OR (contains(request, 'advancedEventSelectors') AND NOT regexp_matches(request, '"Management"')) THEN 'no management events'
      WHEN regexp_matches(request, '"readWriteType"\s*:\s*"(Read|Write)Only"') OR regexp_matches(request, '"readOnly"[^}]*"equals"') THEN 'reading or writing calls only'
      WHEN regexp_matches(request, '"excludeManagementEventSources"\s*:\s*\[\s*"') THEN 'not every service'
      WHEN event_name = 'PutEventSelectors' AND NOT contains(request, 'AWS::') AND NOT regexp_matches(request, '"Data"') THEN 'no data events'
    END AS left_out
  FROM calls
)
SELECT
  event_id,
  store || ' in ' || place AS subject,
  CASE WHEN outcome = 'success' THEN 'Recording by ' || store || ' was narrowed: ' ELSE 'Attempt to narrow the recording by ' || store || ': ' END || left_out AS summary,
  CASE
    WHEN left_out IN ('no data events', 'no insights') THEN 'low'
    WHEN invoked_by IS NOT NULL OR left_out = 'not every service' THEN 'medium'
    ELSE 'high'
  END AS severity
FROM judged
WHERE left_out IS NOT NULL
ORDER BY CASE left_out WHEN 'no data events' THEN 1 ELSE 0 END, outcome <> 'success', event_time, event_id
