-- title: Console login without MFA
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A11.01]
-- why: "A password alone opened the console: whoever has it needs nothing else."
-- misses: "MFA asked for by an identity provider, which the record does not show: logins of federated users are left out."
WITH logins AS (
  SELECT
    event_id,
    event_time,
    coalesce(identity_arn, account_id || '/' || user_name, principal_id, 'an unknown user') AS who,
    identity_type,
    source_ip_address AS address
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin' AND outcome = 'success'
    AND coalesce(identity_type, '') IN ('IAMUser', 'Root')
    AND json_extract_string(additional_event_data, '$.MFAUsed') = 'No'
    AND json_extract_string(additional_event_data, '$.SamlProviderArn') IS NULL
),
known AS (
  SELECT DISTINCT identity_arn AS who, source_ip_address AS address
  FROM baseline_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin'
)
SELECT
  array_agg(l.event_id ORDER BY l.event_time, l.event_id) AS event_ids,
  l.who AS subject,
  l.who || ' signed in to the console without MFA, from ' || clipped(string_agg(DISTINCT coalesce(l.address, 'no address'), ', ' ORDER BY coalesce(l.address, 'no address')), 200)
    || CASE WHEN bool_and(k.who IS NOT NULL) THEN ', as before the window' ELSE '' END AS summary,
  CASE WHEN l.identity_type = 'Root' THEN 'high' WHEN bool_and(k.who IS NOT NULL) THEN 'low' ELSE 'medium' END AS severity,
  count(*) AS logins
FROM logins AS l
LEFT JOIN known AS k ON k.who = l.who AND k.address = l.address
GROUP BY l.who, l.identity_type
ORDER BY min(l.event_time), l.who, l.identity_type
