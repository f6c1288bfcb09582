-- title: Role taken through an identity provider for the first time
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A11.09]
-- why: Whoever runs the provider, or has its token, chooses who comes in and as what.
-- misses: Sessions like those of every day, and everything in the first days of the evidence, when all is seen for the first time.
-- params:
--   hours: {type: integer, default: 72, about: "How long the evidence must have run before a first time means something."}
WITH sessions AS (
  SELECT
    event_id,
    event_time,
    outcome,
    issued_access_key_id,
    coalesce(json_extract_string(request_parameters, '$.roleArn'), 'an unnamed role') AS role,
    coalesce(json_extract_string(request_parameters, '$.principalArn'), identity_provider, json_extract_string(response_elements, '$.provider'), 'an unnamed provider') AS provider,
    coalesce(user_name, json_extract_string(response_elements, '$.subject'), 'an unnamed subject') AS who,
    source_ip_address AS address
  FROM events
  WHERE event_source = 'sts.amazonaws.com' AND coalesce(event_name, '') IN ('AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity') AND event_time IS NOT NULL
),
firsts AS (
  SELECT role, provider, min(event_time) AS first_time FROM sessions GROUP BY role, provider
),
span AS (
  SELECT min(event_time) AS began FROM events
)
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  s.role || ' by ' || s.provider AS subject,
  CASE WHEN bool_or(s.outcome = 'success') THEN 'The role ' ELSE 'Attempt at the role ' END || s.role || ' was taken through ' || s.provider || ', for the first time in the evidence, by '
    || clipped(string_agg(DISTINCT s.who, ', ' ORDER BY s.who), 200) AS summary,
  -- Roles that Identity Center makes come and go with its assignments.
  CASE WHEN s.role LIKE '%/AWSReservedSSO_%' THEN 'low' ELSE 'medium' END AS severity,
  string_agg(DISTINCT s.address, ', ' ORDER BY s.address) AS addresses
FROM sessions AS s
JOIN firsts AS f ON f.role = s.role AND f.provider = s.provider
CROSS JOIN span AS e
LEFT JOIN scope_events AS x ON x.event_id = s.event_id
LEFT JOIN credentials AS c ON c.access_key_id = s.issued_access_key_id AND c.in_scope
-- The first day of it; what comes later is every day's.
WHERE f.first_time >= e.began + to_hours($hours::INTEGER) AND s.event_time <= f.first_time + to_days(1) AND (x.event_id IS NOT NULL OR c.access_key_id IS NOT NULL)
GROUP BY s.role, s.provider
ORDER BY min(s.event_time), s.role, s.provider
