-- title: User behind a Bedrock API key given other rights or credentials
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.001, T1098.003], v19: [T1098.001, T1098.003]}
-- covers: [A1.09]
-- why: The console makes a user BedrockAPIKey-… for each long-term Bedrock key; nobody looks after it, so it hides other access well.
-- misses: Such a user under another name; what it was given before the evidence begins.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    json_extract_string(request_parameters, '$.userName') AS user_name,
    coalesce(json_extract_string(request_parameters, '$.policyArn'), json_extract_string(request_parameters, '$.policyName'),
      json_extract_string(request_parameters, '$.groupName')) AS right_given
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile', 'AttachUserPolicy', 'PutUserPolicy', 'AddUserToGroup')
)
SELECT
  event_id,
  'user/' || user_name || ' in ' || account AS subject,
  CASE WHEN outcome = 'success' THEN 'User ' || user_name || ', made for a Bedrock key, was given ' ELSE 'Attempt to give user ' || user_name || ', made for a Bedrock key, ' END
    || CASE event_name
      WHEN 'CreateAccessKey' THEN 'an access key'
      WHEN 'CreateLoginProfile' THEN 'a console password'
      WHEN 'UpdateLoginProfile' THEN 'another console password'
      ELSE 'the rights ' || coalesce(right_given, '(unnamed)')
    END AS summary,
  right_given
FROM calls
WHERE user_name LIKE 'BedrockAPIKey-%'
  -- What the console itself attaches when it makes such a user.
  AND NOT (event_name = 'AttachUserPolicy' AND coalesce(right_given, '') LIKE '%:aws:policy/AmazonBedrock%')
ORDER BY outcome <> 'success', event_time, event_id
