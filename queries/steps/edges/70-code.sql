-- Edge "code": a function made or changed, to the sessions of its role, whose name is the function's. Strong where scope made the function,
-- or put code into it, and nobody else put code into it between that and the session: what then runs is its code. Else weak, as where only
-- its settings were changed. A session of another role, or one that a caller asked for under the same name, is none of the function's.
INSERT INTO edges BY NAME
WITH functions AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    recipient_account_id AS account_id,
    aws_region,
    NOT starts_with(event_name, 'UpdateFunctionConfiguration') AS coded,
    -- The call may name the function by its ARN, a part of it, or its name, each with a version or alias.
    coalesce(
      json_extract_string(response_elements, '$.functionName'),
      regexp_extract(json_extract_string(request_parameters, '$.functionName'), '^(?:.*:?function:)?([^:]+)(?::[^:]+)?$', 1)) AS name,
    regexp_extract(coalesce(json_extract_string(response_elements, '$.role'), json_extract_string(request_parameters, '$.role')), '/([^/]+)$', 1) AS role
  FROM events
  WHERE event_source = 'lambda.amazonaws.com' AND outcome = 'success'
    AND (event_name LIKE 'CreateFunction20%' OR event_name LIKE 'UpdateFunctionCode20%' OR event_name LIKE 'UpdateFunctionConfiguration20%')
    AND coalesce(json_extract_string(request_parameters, '$.dryRun'), 'false') <> 'true'
),
-- When someone else put code into it: from then on it need not be this one's that runs.
replaced AS (
  SELECT f.*, (
      SELECT min(o.event_time)
      FROM functions AS o
      WHERE o.coded AND o.account_id = f.account_id AND o.aws_region = f.aws_region AND o.name = f.name
        AND o.issuer IS DISTINCT FROM f.issuer AND o.event_time >= f.event_time) AS replaced_at
  FROM functions AS f
  WHERE f.issuer IS NOT NULL
),
sessions AS (
  SELECT credential, account_id, identity_arn, first_seen, regexp_extract(principal_id, '^AROA[^:]*:(.+)$', 1) AS name, split_part(identity_arn, '/', 2) AS role
  FROM signers
  WHERE credential NOT IN (SELECT issued FROM edges WHERE edge = 'key' AND issuer IS NOT NULL)
)
SELECT
  f.issuer,
  s.credential AS issued,
  'code' AS edge,
  CASE WHEN f.coded AND (f.replaced_at IS NULL OR f.replaced_at > s.first_seen) THEN 'strong' ELSE 'weak' END AS confidence,
  f.event_id,
  f.event_time,
  f.event_name,
  s.identity_arn AS principal
FROM replaced AS f
JOIN sessions AS s ON s.account_id = f.account_id AND s.name = f.name AND s.first_seen >= f.event_time AND s.credential <> f.issuer
WHERE coalesce(f.role, '') IN ('', s.role)
QUALIFY row_number() OVER (PARTITION BY f.issuer, s.credential ORDER BY confidence, f.event_time DESC, f.event_id) = 1;
