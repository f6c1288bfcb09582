-- title: Identity pool gives credentials to strangers
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A5.11]
-- why: An identity pool that serves unauthenticated callers hands AWS credentials to anyone who knows its number.
-- misses: The exchange is a data event, so where it is not recorded it happens unseen; what the pool's role may do.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  coalesce(json_extract_string(request_parameters, '$.identityPoolId'), split_part(json_extract_string(request_parameters, '$.identityId'),
    ':', 1) || ' identities', 'unnamed identity pool') AS subject,
  CASE WHEN bool_or(event_name = 'SetIdentityPoolRoles') THEN 'The roles of an identity pool' ELSE 'Credentials of an identity pool' END
    || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END
    || CASE WHEN bool_or(event_name = 'SetIdentityPoolRoles') THEN ' set' ELSE ' given to callers without a sign-in' END
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END AS summary,
  CASE WHEN bool_or(event_name = 'SetIdentityPoolRoles') THEN 'medium' ELSE 'low' END AS severity,
  string_agg(DISTINCT event_name, ', ' ORDER BY event_name) AS calls
FROM scope_events
WHERE event_source = 'cognito-identity.amazonaws.com'
  AND (event_name = 'SetIdentityPoolRoles'
    OR (event_name IN ('GetCredentialsForIdentity', 'GetId') AND coalesce(identity_type, 'Unknown') = 'Unknown'
      AND json_extract_string(request_parameters, '$.logins') IS NULL))
GROUP BY coalesce(json_extract_string(request_parameters, '$.identityPoolId'), split_part(json_extract_string(request_parameters,
  '$.identityId'), ':', 1) || ' identities', 'unnamed identity pool'), outcome = 'success'
ORDER BY min(event_time), subject, summary
