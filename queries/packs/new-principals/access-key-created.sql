-- title: Access key created
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.001], v19: [T1098.001]}
-- covers: [A1.02]
-- why: A long-lived key works from anywhere until someone deletes it, with no password and mostly no second factor.
-- misses: Keys that a service made for itself elsewhere (Lightsail bucket keys); what the key did later is told by its lineage.
WITH keys AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    json_extract_string(response_elements, '$.accessKey.accessKeyId') AS new_access_key_id,
    coalesce(json_extract_string(response_elements, '$.accessKey.userName'), json_extract_string(request_parameters, '$.userName')) AS named,
    -- Without a name the call is about the caller.
    json_extract_string(request_parameters, '$.userName') IS NULL AS unnamed,
    identity_type,
    user_name
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateAccessKey'
),
judged AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    account,
    new_access_key_id,
    CASE
      WHEN identity_type = 'Root' AND unnamed THEN 'the root user'
      WHEN coalesce(named, user_name) IS NULL THEN 'an unnamed user'
      ELSE 'user ' || coalesce(named, user_name)
    END AS holder,
    CASE
      WHEN identity_type = 'Root' AND unnamed THEN 'root'
      WHEN unnamed OR (identity_type = 'IAMUser' AND named = user_name) THEN 'self'
      ELSE 'other'
    END AS whose
  FROM keys
)
SELECT
  event_id,
  coalesce(new_access_key_id, 'access key for ' || holder || ' in ' || account) AS subject,
  CASE WHEN outcome = 'success' THEN 'Access key ' || coalesce(new_access_key_id, '(id not shown)') || ' was created for ' ELSE 'Attempt to create an access key for ' END
    || holder || CASE whose WHEN 'self' THEN ', the caller itself' WHEN 'other' THEN ', who is not the caller' ELSE '' END
    || CASE WHEN invoked_by IS NOT NULL THEN ', by ' || invoked_by || ' for the caller' ELSE '' END AS summary,
  CASE
    WHEN whose = 'root' THEN 'critical'
    WHEN whose = 'other' AND invoked_by IS NULL THEN 'high'
    ELSE 'medium'
  END AS severity,
  holder,
  account,
  invoked_by
FROM judged
ORDER BY outcome <> 'success', event_time, event_id
