-- title: Names of principals or roles tried out
-- severity: high
-- category: discovery
-- attack: {v18: [T1087.004], v19: [T1087.004]}
-- covers: [A7.05]
-- why: A policy that names a user who is not there is refused; whoever writes policies that are refused again and again is reading out names. Roles are tried the same way.
-- misses: Tries made in an account of the thief's own, whose log is not in the evidence.
-- params:
--   tries: {type: integer, default: 3, about: "Policies refused as malformed, of one principal, from which it is told."}
--   roles: {type: integer, default: 5, about: "Roles that one principal was refused from which it is told."}
WITH guesses AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    CASE WHEN event_name = 'AssumeRole' THEN 'roles' ELSE 'policies' END AS kind,
    CASE WHEN event_name = 'AssumeRole' THEN coalesce(json_extract_string(request_parameters, '$.roleArn'), error_message) ELSE event_id END AS guess
  FROM scope_events
  WHERE invoked_by IS NULL AND outcome <> 'success'
    AND ((event_source = 'sts.amazonaws.com' AND event_name = 'AssumeRole' AND outcome = 'denied')
      OR (coalesce(event_source, '') IN ('iam.amazonaws.com', 's3.amazonaws.com', 'kms.amazonaws.com', 'sqs.amazonaws.com', 'sns.amazonaws.com',
          'secretsmanager.amazonaws.com')
        AND coalesce(event_name, '') IN ('UpdateAssumeRolePolicy', 'CreateRole', 'PutBucketPolicy', 'PutKeyPolicy', 'PutResourcePolicy', 'SetQueueAttributes', 'AddPermission')
        AND regexp_matches(error_code, '(?i)MalformedPolicy|InvalidPrincipal')))
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  kind || ' tried by ' || principal AS subject,
  CASE WHEN kind = 'roles' THEN count(DISTINCT guess) || ' different roles were tried in vain by one principal'
    ELSE count(*) || ' policies of one principal were refused as malformed: names of users and roles were being tried out' END AS summary,
  -- All is refused, so each severity comes out one level lower.
  CASE WHEN kind = 'roles' THEN 'medium' ELSE 'high' END AS severity,
  clipped(CASE WHEN kind = 'roles' THEN string_agg(DISTINCT guess, ', ' ORDER BY guess) END, 400) AS roles
FROM guesses
GROUP BY principal, kind
HAVING CASE WHEN kind = 'roles' THEN count(DISTINCT guess) >= $roles::INTEGER ELSE count(*) >= $tries::INTEGER END
ORDER BY min(event_time), principal, kind
