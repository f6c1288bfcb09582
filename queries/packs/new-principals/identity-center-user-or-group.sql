-- title: Identity Center user, group or membership created
-- severity: medium
-- category: persistence
-- attack: {v18: [T1136.003, T1098.003], v19: [T1136.003, T1098.003]}
-- covers: [A1.17]
-- why: A user of Identity Center signs in to every account its groups are assigned to, and is in no account's list of IAM users.
-- misses: Names, which Identity Center hides in most logs; users made in the company's own directory before they are synchronised.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(json_extract_string(response_elements, '$.userId'), json_extract_string(response_elements, '$.user.userId')) AS made_user,
    coalesce(json_extract_string(response_elements, '$.groupId'), json_extract_string(response_elements, '$.group.groupId')) AS made_group,
    json_extract_string(response_elements, '$.membershipId') AS membership,
    coalesce(json_extract_string(request_parameters, '$.userName'), json_extract_string(request_parameters, '$.displayName')) AS named,
    coalesce(json_extract_string(request_parameters, '$.groupId'), 'an unnamed group') AS into_group,
    coalesce(json_extract_string(request_parameters, '$.memberId.userId'), json_extract_string(request_parameters, '$.memberId'), 'an unnamed user') AS member,
    -- Synchronisation from a company directory, as opposed to a person or a key.
    event_source LIKE '%scim%' OR identity_type IN ('SCIM', 'Directory') AS synchronised
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('sso-directory.amazonaws.com', 'identitystore.amazonaws.com', 'identitystore-scim.amazonaws.com')
    AND coalesce(event_name, '') IN ('CreateUser', 'CreateGroup', 'AddMemberToGroup', 'CreateGroupMembership')
)
SELECT
  event_id,
  CASE event_name
    WHEN 'CreateUser' THEN 'Identity Center user ' || coalesce(made_user, named, '(unnamed)')
    WHEN 'CreateGroup' THEN 'Identity Center group ' || coalesce(made_group, named, '(unnamed)')
    ELSE 'Identity Center member ' || member || ' of ' || into_group
  END || ' in ' || account AS subject,
  CASE event_name
    WHEN 'CreateUser' THEN CASE WHEN outcome = 'success' THEN 'An Identity Center user was created' ELSE 'Attempt to create an Identity Center user' END
    WHEN 'CreateGroup' THEN CASE WHEN outcome = 'success' THEN 'An Identity Center group was created' ELSE 'Attempt to create an Identity Center group' END
    ELSE CASE WHEN outcome = 'success' THEN 'User ' || member || ' was put into the Identity Center group ' || into_group
      ELSE 'Attempt to put user ' || member || ' into the Identity Center group ' || into_group END
  END || coalesce(', named ' || nullif(named, 'HIDDEN_DUE_TO_SECURITY_REASONS'), '') AS summary,
  CASE WHEN synchronised THEN 'low' ELSE 'medium' END AS severity,
  membership,
  synchronised
FROM calls
ORDER BY outcome <> 'success', event_time, event_id
