-- title: Principal or credential deleted by those who made it
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1070, T1531], v19: [T1070, T1531]}
-- covers: [A8.14]
-- why: What was made and deleted again cannot be seen in the account today; only the log tells that it was there and may have been used.
-- misses: Things made before the evidence begins or by another principal, with seeds by a credential outside the scope.
WITH steps AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    -- With seeds the scope is one actor; without them each principal is.
    CASE WHEN hop IS NULL THEN coalesce(session_issuer_arn, identity_arn, principal_id, '') ELSE 'scope' END AS actor,
    event_name LIKE 'Delete%' AS deleted,
    CASE
      WHEN coalesce(event_name, '') IN ('CreateUser', 'DeleteUser') THEN 'user/' || json_extract_string(request_parameters, '$.userName')
      WHEN coalesce(event_name, '') IN ('CreateLoginProfile', 'DeleteLoginProfile') THEN 'password of user/' || json_extract_string(request_parameters, '$.userName')
      WHEN event_name = 'CreateAccessKey' THEN 'access key ' || json_extract_string(response_elements, '$.accessKey.accessKeyId')
      WHEN event_name = 'DeleteAccessKey' THEN 'access key ' || json_extract_string(request_parameters, '$.accessKeyId')
      WHEN coalesce(event_name, '') IN ('CreateRole', 'DeleteRole') THEN 'role/' || json_extract_string(request_parameters, '$.roleName')
      WHEN coalesce(event_name, '') IN ('CreateGroup', 'DeleteGroup') THEN 'group/' || json_extract_string(request_parameters, '$.groupName')
      WHEN coalesce(event_name, '') IN ('PutUserPolicy', 'DeleteUserPolicy')
        THEN 'policy ' || json_extract_string(request_parameters, '$.policyName') || ' of user/' || json_extract_string(request_parameters, '$.userName')
    END AS thing
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateUser', 'DeleteUser', 'CreateLoginProfile', 'DeleteLoginProfile', 'CreateAccessKey', 'DeleteAccessKey', 'CreateRole', 'DeleteRole',
      'CreateGroup', 'DeleteGroup', 'PutUserPolicy', 'DeleteUserPolicy')
),
made AS (
  SELECT account, thing, actor, min(event_time) AS made_at FROM steps WHERE NOT deleted AND outcome = 'success' AND thing IS NOT NULL GROUP BY account, thing, actor
)
SELECT
  array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids,
  d.thing || ' in ' || d.account AS subject,
  CASE WHEN bool_or(d.outcome = 'success') THEN 'Deleted again by the actor that made it: ' ELSE 'Attempt, by the actor that made it, to delete again: ' END || d.thing AS summary,
  CASE WHEN bool_and(d.invoked_by IS NOT NULL) OR d.thing LIKE 'role/%' OR d.thing LIKE 'policy %' THEN 'low' ELSE 'medium' END AS severity,
  min(m.made_at) AS made_at,
  max(CASE WHEN d.outcome = 'success' THEN d.event_time END) AS deleted_at
FROM steps AS d
JOIN made AS m ON m.account = d.account AND m.thing = d.thing AND m.actor = d.actor
WHERE d.deleted AND (d.event_time >= m.made_at OR d.event_time IS NULL OR m.made_at IS NULL)
GROUP BY d.account, d.thing
ORDER BY min(d.event_time), d.thing, d.account
