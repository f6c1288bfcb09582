-- title: Encryption key scheduled for deletion, disabled or replaced
-- severity: high
-- category: impact
-- attack: {v18: [T1485, T1486], v19: [T1485, T1486]}
-- covers: [A10.04]
-- why: Everything encrypted under a key is lost with it; imported material that is deleted is gone at once, without the days of grace.
-- misses: Keys that expire by themselves.
-- params:
--   days: {type: integer, default: 7, about: "Days of grace up to which a deletion is high rather than medium."}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(regexp_extract(json_extract_string(request_parameters, '$.keyId'), '([^/]+)$', 1), '(unnamed)') AS key,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    try_cast(json_extract_string(request_parameters, '$.pendingWindowInDays') AS INTEGER) AS grace
  FROM scope_events
  WHERE event_source = 'kms.amazonaws.com'
    AND coalesce(event_name, '') IN ('ScheduleKeyDeletion', 'DisableKey', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial', 'DisableKeyRotation', 'DeleteCustomKeyStore')
),
words AS (
  SELECT 'ScheduleKeyDeletion' AS event_name, 'was scheduled for deletion' AS words, 'high' AS weight UNION ALL
  SELECT 'DisableKey', 'was disabled', 'high' UNION ALL
  SELECT 'ImportKeyMaterial', 'was given material from outside', 'high' UNION ALL
  SELECT 'DeleteImportedKeyMaterial', 'lost its imported material at once', 'critical' UNION ALL
  SELECT 'DisableKeyRotation', 'is no longer rotated', 'low' UNION ALL
  SELECT 'DeleteCustomKeyStore', 'lost its key store', 'high'
)
SELECT
  c.event_id,
  'key ' || c.key || ' in ' || c.place AS subject,
  CASE WHEN c.outcome = 'success' THEN 'The key ' || c.key || ' ' || w.words ELSE 'Attempt on the key ' || c.key || ', so that it ' || w.words END
    || coalesce(', in ' || c.grace || ' days', '') AS summary,
  CASE WHEN c.invoked_by IS NOT NULL OR (c.event_name = 'ScheduleKeyDeletion' AND c.grace > $days::INTEGER) THEN 'medium' ELSE w.weight END AS severity,
  c.grace AS days_of_grace
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
