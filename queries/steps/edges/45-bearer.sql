-- Edge "bearer": a service-specific credential, as an API key of Bedrock, to its use. The calls show the user and that a bearer token was used, not
-- which. Strong where one credential made or reset all of the user's, and none was used before; else weak.
-- https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-how.html
INSERT INTO edges BY NAME
WITH made AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    iam_arn(aws_region, recipient_account_id, 'user', coalesce(
      json_extract_string(response_elements, '$.serviceSpecificCredential.userName'),
      json_extract_string(request_parameters, '$.userName'),
      user_name)) AS user_arn
  FROM events
  WHERE event_source = 'iam.amazonaws.com' AND outcome = 'success' AND access_key_id IS NOT NULL
    AND event_name IN ('CreateServiceSpecificCredential', 'ResetServiceSpecificCredential')
),
known AS (
  SELECT *, min(event_time) OVER (PARTITION BY user_arn) AS first_made, count(DISTINCT issuer) OVER (PARTITION BY user_arn) AS candidates
  FROM made
)
SELECT
  k.issuer,
  s.credential AS issued,
  'bearer' AS edge,
  CASE WHEN candidates = 1 AND s.first_seen >= first_made THEN 'strong' ELSE 'weak' END AS confidence,
  k.event_id,
  k.event_time,
  k.event_name,
  s.identity_arn AS principal
FROM known AS k
JOIN signers AS s ON ends_with(s.credential, '/bearer') AND regexp_replace(s.identity_arn, ':user/.*/', ':user/') = k.user_arn AND s.credential <> k.issuer
QUALIFY row_number() OVER (PARTITION BY k.issuer, s.credential ORDER BY k.event_time, k.event_id) = 1;
