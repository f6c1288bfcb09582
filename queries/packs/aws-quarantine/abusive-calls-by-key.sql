-- title: Calls that AWS denies to leaked keys
-- severity: medium
-- category: impact
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A11.10]
-- why: The list is what AWS sees thieves do with keys found in public; a long-lived key that does many kinds of it is used like a stolen one.
-- misses: "Calls of temporary credentials; what is on no list. Pipelines make some of these calls every day: what the key did before the window does not count."
-- params:
--   kinds: {type: integer, default: 5, about: "Different calls of the list by one key from which it is told without a seed."}
WITH made AS (
  SELECT DISTINCT event_source, event_name FROM scope_events WHERE access_key_id LIKE 'AKIA%' AND invoked_by IS NULL
),
-- Lambda adds a version to the name of the call.
listed AS (
  SELECT m.event_source, m.event_name FROM made AS m
  JOIN catalog_quarantine AS q ON q.event_source = m.event_source AND q.event_name = regexp_replace(m.event_name, '20[0-9]{6}(v[0-9]+)?$', '')
),
calls AS (
  SELECT s.event_id, s.event_time, s.event_source, s.event_name, s.access_key_id, s.outcome, s.hop, coalesce(s.identity_arn, s.account_id, 'an unknown caller') AS principal
  FROM scope_events AS s
  JOIN listed AS q ON q.event_source = s.event_source AND q.event_name = s.event_name
  WHERE s.access_key_id LIKE 'AKIA%' AND s.invoked_by IS NULL
),
known AS (
  SELECT DISTINCT access_key_id, event_source, event_name FROM baseline_events WHERE access_key_id LIKE 'AKIA%'
),
quarantined AS (
  SELECT 'user/' || json_extract_string(request_parameters, '$.userName') AS bearer, min(event_time) AS since
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'AttachUserPolicy' AND outcome = 'success'
    AND json_extract_string(request_parameters, '$.policyArn') LIKE '%/AWSCompromisedKeyQuarantine%'
  GROUP BY json_extract_string(request_parameters, '$.userName')
)
SELECT
  array_agg(c.event_id ORDER BY c.event_time, c.event_id) AS event_ids,
  'key ' || c.access_key_id AS subject,
  'The key ' || c.access_key_id || ' of ' || c.principal || ' made ' || count(DISTINCT c.event_source || c.event_name) || ' kinds of calls that AWS denies to leaked keys: '
    || clipped(string_agg(DISTINCT c.event_name, ', ' ORDER BY c.event_name), 200)
    || CASE WHEN bool_or(q.bearer IS NOT NULL) THEN '; some after AWS had put its user into quarantine' ELSE '' END AS summary,
  CASE
    WHEN bool_or(q.bearer IS NOT NULL) THEN 'high'
    WHEN count(DISTINCT c.event_source || c.event_name) >= 2 * $kinds::INTEGER THEN 'high'
    WHEN count(DISTINCT c.event_source || c.event_name) >= $kinds::INTEGER THEN 'medium'
    ELSE 'low'
  END AS severity,
  sum(CASE WHEN c.outcome = 'denied' THEN 1 ELSE 0 END) AS denied
FROM calls AS c
LEFT JOIN known AS k ON k.access_key_id = c.access_key_id AND k.event_source = c.event_source AND k.event_name = c.event_name
LEFT JOIN quarantined AS q ON c.principal LIKE '%:' || q.bearer AND c.event_time >= q.since
WHERE k.access_key_id IS NULL
GROUP BY c.access_key_id, c.principal
HAVING bool_or(c.hop IS NOT NULL) OR bool_or(q.bearer IS NOT NULL) OR count(DISTINCT c.event_source || c.event_name) >= $kinds::INTEGER
ORDER BY min(c.event_time), c.access_key_id, c.principal
