-- Edge "identity": a source identity, which cannot be changed on the way from role to role, from whoever set it to the sessions that bear it
-- and whose issue is not in the evidence, or is one of several that fit. Strong where one credential ever set it, else weak, and then from the one that set it last.
-- Session tags lead nowhere: no later call shows them.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
INSERT INTO edges BY NAME
WITH setters AS (
  SELECT
    event_id,
    event_time,
    event_name,
    credential AS issuer,
    coalesce(json_extract_string(response_elements, '$.sourceIdentity'), json_extract_string(request_parameters, '$.sourceIdentity')) AS bears
  FROM signed_events
  WHERE event_name LIKE 'AssumeRole%' AND outcome = 'success' AND source_identity IS NULL
),
known AS (
  SELECT *, count(DISTINCT coalesce(issuer, '')) OVER (PARTITION BY bears) AS candidates
  FROM setters
  WHERE bears IS NOT NULL
),
orphans AS (
  SELECT credential, identity_arn, first_seen, source_identity
  FROM signers
  WHERE source_identity IS NOT NULL AND NOT forwarded AND credential NOT IN (SELECT issued FROM edges WHERE confidence <> 'weak')
)
SELECT k.issuer, o.credential AS issued, 'identity' AS edge, CASE candidates WHEN 1 THEN 'strong' ELSE 'weak' END AS confidence, k.event_id, k.event_time, k.event_name, o.identity_arn AS principal
FROM orphans AS o
JOIN known AS k ON k.bears = o.source_identity AND k.event_time <= o.first_seen AND k.issuer IS NOT NULL AND k.issuer <> o.credential
QUALIFY row_number() OVER (PARTITION BY o.credential ORDER BY k.event_time DESC, k.event_id) = 1;
