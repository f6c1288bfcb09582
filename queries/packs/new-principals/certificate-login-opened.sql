-- title: Roles Anywhere opened to a certificate authority
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.003, T1556], v19: [T1098.003, T1556]}
-- covers: [A1.14]
-- why: A trust anchor lets every certificate that its authority signs take roles of the account, from anywhere, with no key to revoke.
-- misses: Which roles can be taken is in their trust policies (pack backdoors) and in the profile's role list, shown here.
WITH changes AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(
      json_extract_string(response_elements, '$.trustAnchor.trustAnchorArn'),
      json_extract_string(response_elements, '$.profile.profileArn'),
      json_extract_string(request_parameters, '$.trustAnchorId'),
      json_extract_string(request_parameters, '$.profileId'),
      json_extract_string(request_parameters, '$.name'),
      'unnamed Roles Anywhere resource in ' || coalesce(recipient_account_id, 'an unknown account')
    ) AS subject,
    coalesce(json_extract_string(request_parameters, '$.name'), json_extract_string(request_parameters, '$.trustAnchorId'),
      json_extract_string(request_parameters, '$.profileId'), '(unnamed)') AS named,
    event_name LIKE '%TrustAnchor' AS is_anchor,
    json_extract_string(request_parameters, '$.source.sourceType') AS source_type,
    -- A list, as words.
    regexp_replace(replace(json_extract_string(request_parameters, '$.roleArns'), '","', ', '), '^\["|"\]$', '', 'g') AS role_arns
  FROM scope_events
  WHERE event_source = 'rolesanywhere.amazonaws.com'
    AND coalesce(event_name, '') IN ('CreateTrustAnchor', 'UpdateTrustAnchor', 'EnableTrustAnchor', 'CreateProfile', 'UpdateProfile', 'EnableProfile')
)
SELECT
  event_id,
  subject,
  CASE WHEN outcome = 'success' THEN 'The ' ELSE 'Attempt to set up or change the ' END
    || CASE WHEN is_anchor THEN 'trust anchor ' ELSE 'profile ' END || named
    || CASE WHEN outcome = 'success' THEN CASE
      WHEN event_name LIKE 'Create%' THEN ' was created'
      WHEN event_name LIKE 'Enable%' THEN ' was switched on'
      ELSE ' was changed' END ELSE '' END
    || CASE WHEN is_anchor AND source_type IS NULL AND event_name LIKE 'Create%' THEN ', for an authority the log does not name'
      WHEN is_anchor AND source_type = 'AWS_ACM_PCA' THEN ', for a private authority in AWS'
      WHEN is_anchor AND source_type IS NOT NULL THEN ', for an authority outside AWS'
      WHEN role_arns IS NOT NULL THEN ', for the roles ' || clipped(role_arns, 200)
      ELSE '' END AS summary,
  CASE WHEN invoked_by IS NOT NULL OR (is_anchor AND source_type = 'AWS_ACM_PCA') THEN 'medium' ELSE 'high' END AS severity,
  source_type,
  role_arns
FROM changes
ORDER BY outcome <> 'success', event_time, event_id
