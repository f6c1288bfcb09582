-- Edge "code": a function made or changed, to the sessions of its role, whose name is the function's. Strong where scope made the function,
-- or put code into it before the session began: what then runs is its code. Weak where only its settings were changed.
INSERT INTO edges BY NAME
WITH functions AS (
  SELECT
    event_id,
    event_time,
    event_name,
    access_key_id AS issuer,
    recipient_account_id AS account_id,
    regexp_extract(json_extract_string(request_parameters, '$.functionName'), '([^:]+)$', 1) AS name
  FROM events
  WHERE event_source = 'lambda.amazonaws.com' AND outcome = 'success' AND access_key_id IS NOT NULL
    AND (event_name LIKE 'CreateFunction20%' OR event_name LIKE 'UpdateFunctionCode20%' OR event_name LIKE 'UpdateFunctionConfiguration20%')
)
SELECT
  f.issuer,
  s.credential AS issued,
  'code' AS edge,
  CASE WHEN f.event_name LIKE 'UpdateFunctionConfiguration%' THEN 'weak' ELSE 'strong' END AS confidence,
  f.event_id,
  f.event_time,
  f.event_name,
  s.identity_arn AS principal
FROM functions AS f
JOIN signers AS s ON s.account_id = f.account_id AND regexp_extract(s.principal_id, '^AROA[^:]*:(.+)$', 1) = f.name
  AND s.first_seen >= f.event_time AND s.credential <> f.issuer
QUALIFY row_number() OVER (PARTITION BY f.issuer, s.credential ORDER BY confidence, f.event_time DESC, f.event_id) = 1;
