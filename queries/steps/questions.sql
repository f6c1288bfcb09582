-- What the callers of the scope asked the account to tell: tables/06-activity.sql.
INSERT INTO questions BY NAME
WITH asked AS (
  SELECT
    d.principal,
    d.event_source,
    d.event_name,
    d.aws_region,
    min(d.event_time) AS first_asked,
    arg_min(d.event_id, (d.event_time, d.event_id)) AS event_id,
    count(*) AS calls,
    bool_or(d.outcome = 'success') AS answered,
    bool_and(coalesce(d.session_credential_from_console, false) OR coalesce(a.kind, '') IN ('browser', 'console')) AS console,
    bool_and(coalesce(a.kind, '') = 'iac') AS iac,
    bool_or(d.access_key_id LIKE 'AKIA%') AS long_lived
  FROM direct_events AS d
  LEFT JOIN agents AS a ON a.user_agent = d.user_agent
  WHERE d.event_time IS NOT NULL AND regexp_matches(d.event_name, '^(Get|List|Describe|Lookup|Search|Simulate|BatchGet)')
  GROUP BY d.principal, d.event_source, d.event_name, d.aws_region
)
SELECT
  a.*,
  k.principal IS NOT NULL AS known,
  CASE WHEN a.console THEN 'info' WHEN a.iac THEN 'low' ELSE 'medium' END AS weight
FROM asked AS a
LEFT JOIN (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal, event_source, event_name, aws_region
  FROM baseline_events
) AS k ON k.principal = a.principal AND k.event_source = a.event_source AND k.event_name = a.event_name AND k.aws_region IS NOT DISTINCT FROM a.aws_region;
