-- title: Credentials of users listed
-- severity: low
-- category: discovery
-- attack: {v18: [T1087.004], v19: [T1087.004]}
-- covers: [A5.13]
-- why: The credential report and the lists of keys tell a thief which accounts sleep and which keys are old.
-- misses: What was in the lists; auditors and infrastructure tools ask for the same.
-- params:
--   users: {type: integer, default: 10, about: "Different users whose credentials were listed from which it is medium."}
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'credential lists by ' || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  'Credentials of users' || CASE WHEN outcome = 'success' THEN ' were' ELSE ' were to be' END || ' listed by '
    || string_agg(DISTINCT event_name, ', ' ORDER BY event_name) || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || CASE count(DISTINCT json_extract_string(request_parameters, '$.userName')) WHEN 0 THEN '' WHEN 1 THEN '; 1 user named'
      ELSE '; ' || count(DISTINCT json_extract_string(request_parameters, '$.userName')) || ' users named' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'info'
    WHEN bool_or(hop IS NOT NULL)
      AND (bool_or(event_name = 'GetCredentialReport') OR count(DISTINCT json_extract_string(request_parameters,
        '$.userName')) >= $users::INTEGER) THEN 'medium'
    ELSE 'low'
  END AS severity,
  count(DISTINCT json_extract_string(request_parameters, '$.userName')) AS users
FROM scope_events
WHERE event_source = 'iam.amazonaws.com'
  AND coalesce(event_name, '') IN ('GenerateCredentialReport', 'GetCredentialReport', 'ListAccessKeys', 'ListSSHPublicKeys',
    'ListServiceSpecificCredentials', 'ListSigningCertificates')
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller'), outcome = 'success'
ORDER BY min(event_time), subject, summary
