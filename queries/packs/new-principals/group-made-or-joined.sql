-- title: IAM group created or user added to a group
-- severity: medium
-- category: privilege-escalation
-- attack: {v18: [T1098.003], v19: [T1098.003]}
-- covers: [A2.04]
-- why: Joining a group hands over all its rights in one call that carries no policy to look at.
-- misses: What the group may do, where its policies were attached before the evidence begins.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(json_extract_string(request_parameters, '$.groupName'), '(unnamed)') AS group_name,
    coalesce(json_extract_string(request_parameters, '$.userName'), '(unnamed)') AS joined,
    identity_type = 'IAMUser' AND json_extract_string(request_parameters, '$.userName') = user_name AS himself
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('CreateGroup', 'AddUserToGroup')
)
SELECT
  event_id,
  CASE event_name WHEN 'CreateGroup' THEN 'group/' || group_name ELSE 'user/' || joined || ' in group/' || group_name END || ' in ' || account AS subject,
  CASE event_name
    WHEN 'CreateGroup' THEN CASE WHEN outcome = 'success' THEN 'Group ' || group_name || ' was created' ELSE 'Attempt to create the group ' || group_name END
    ELSE CASE WHEN outcome = 'success' THEN 'User ' || joined || ' was added to group ' || group_name
      ELSE 'Attempt to add user ' || joined || ' to group ' || group_name END
  END || CASE WHEN himself THEN ', by that user' ELSE '' END AS summary,
  CASE
    WHEN event_name = 'CreateGroup' OR invoked_by IS NOT NULL THEN 'low'
    WHEN himself OR regexp_matches(group_name, '(?i)admin|root|power|poweruser|owner|security') THEN 'high'
    ELSE 'medium'
  END AS severity,
  group_name,
  invoked_by
FROM calls
ORDER BY outcome <> 'success', event_time, event_id
