-- title: New principal given rights and a way in within minutes
-- severity: high
-- category: persistence
-- attack: {v18: [T1136.003, T1098.003], v19: [T1136.003, T1098.003]}
-- covers: [A1.07]
-- why: Made, made powerful and given a key or password in one go, it is a second identity to come back as, or an automated tool at work.
-- misses: Steps without a time, or further apart than the parameter says; rights through groups made earlier are seen, their policies not.
-- params: {minutes: {type: integer, default: 10, about: Minutes from the creation within which the other steps count.}}
WITH steps AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce('user/' || json_extract_string(request_parameters, '$.userName'), 'role/' || json_extract_string(request_parameters, '$.roleName')) AS principal,
    CASE
      WHEN coalesce(event_name, '') IN ('CreateUser', 'CreateRole') THEN 'made'
      WHEN coalesce(event_name, '') IN ('CreateAccessKey', 'CreateLoginProfile') THEN 'way in'
      -- A role is a way in by itself, and common: only administrator rights make it one of these.
      WHEN event_name = 'AttachRolePolicy' AND regexp_matches(json_extract_string(request_parameters, '$.policyArn'), '/(AdministratorAccess|IAMFullAccess|PowerUserAccess)$') THEN 'both'
      WHEN coalesce(event_name, '') IN ('AttachUserPolicy', 'PutUserPolicy', 'AddUserToGroup') THEN 'rights'
    END AS step
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateUser', 'CreateRole', 'CreateAccessKey', 'CreateLoginProfile', 'AttachRolePolicy', 'AttachUserPolicy', 'PutUserPolicy', 'AddUserToGroup')
),
made AS (
  SELECT account, principal, min(event_time) AS made_at FROM steps WHERE step = 'made' GROUP BY account, principal
),
armed AS (
  SELECT
    s.account,
    s.principal,
    m.made_at,
    array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
    bool_or(s.step IN ('rights', 'both')) AND bool_or(s.step IN ('way in', 'both')) AS complete,
    bool_or(s.step IN ('rights', 'both') AND s.outcome = 'success') AND bool_or(s.step IN ('way in', 'both') AND s.outcome = 'success')
      AND bool_or(s.step = 'made' AND s.outcome = 'success') AS done
  FROM steps AS s
  JOIN made AS m ON m.account = s.account AND m.principal = s.principal
  WHERE s.step IS NOT NULL AND s.event_time BETWEEN m.made_at AND m.made_at + to_minutes($minutes::INTEGER)
  GROUP BY s.account, s.principal, m.made_at
)
SELECT
  event_ids,
  principal || ' in ' || account AS subject,
  CASE WHEN done THEN 'Within ' || $minutes::INTEGER || ' minutes ' || principal || ' was made and given '
    ELSE 'Attempt, not every step of it done, to make ' || principal || ' and within ' || $minutes::INTEGER || ' minutes give it ' END
    || CASE WHEN principal LIKE 'role/%' THEN 'administrator rights' ELSE 'rights and a key or password' END AS summary,
  CASE WHEN done THEN 'high' ELSE 'medium' END AS severity,
  made_at
FROM armed
WHERE complete
ORDER BY made_at, principal, account
