-- How each listed credential was used: inside the window where it is in scope, else at any time; from the addresses asked about, or from anywhere.
WITH used AS (
  SELECT c.access_key_id AS key, e.*
  FROM (SELECT unnest(from_json($credentials::JSON, '[{"access_key_id": "VARCHAR", "in_scope": "BOOLEAN"}]'), recursive := true)) AS c
  JOIN signed_events AS e ON e.credential = c.access_key_id
  WHERE ($addresses::VARCHAR[] IS NULL OR list_contains($addresses::VARCHAR[], e.source_ip_address))
    AND (NOT c.in_scope OR ((event_time IS NULL OR $from::TIMESTAMP IS NULL OR event_time >= $from::TIMESTAMP)
      AND (event_time IS NULL OR $to::TIMESTAMP IS NULL OR event_time < $to::TIMESTAMP)))
)
SELECT
  key,
  count(*) AS events,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  min(coalesce(session_issuer_arn, identity_arn)) AS issuer_arn,
  min(identity_arn) AS principal,
  min(account_id || '/' || principal_id || '/' || strftime(session_created, '%Y-%m-%dT%H:%M:%SZ')) AS session,
  -- Why no call that issued it was found, where none was.
  CASE
    WHEN bool_or(in_scope_of IS NOT NULL OR ec2_role_delivery IS NOT NULL OR regexp_matches(principal_id, ':m?i-[0-9a-f]{8,}$')) THEN 'issued_by_service'
    WHEN min(session_created) < (SELECT min(event_time) FROM events) THEN 'issued_before_evidence'
    WHEN min(session_created) IS NOT NULL THEN 'issuing_log_missing'
    ELSE 'issuer_not_in_evidence'
  END AS dead_end,
  array_agg(DISTINCT aws_region ORDER BY aws_region) FILTER (WHERE aws_region IS NOT NULL) AS regions,
  array_agg(DISTINCT source_ip_address ORDER BY source_ip_address) FILTER (WHERE source_ip_address IS NOT NULL) AS ips
FROM used
GROUP BY key
ORDER BY key;
