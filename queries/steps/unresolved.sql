-- Keys of the same principals that the lineage does not reach and that no event in the evidence issued: sessions of the console,
-- forwarded sessions of AWS services, keys issued before the evidence begins. A place to look; never counted.
WITH reached AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn) AS principal FROM scoped
)
SELECT
  e.access_key_id,
  min(coalesce(e.session_issuer_arn, e.identity_arn)) AS principal,
  count(*) AS events,
  min(e.event_time) AS first_seen,
  max(e.event_time) AS last_seen,
  array_agg(DISTINCT e.source_ip_address ORDER BY e.source_ip_address) FILTER (WHERE e.source_ip_address IS NOT NULL) AS ips,
  CASE WHEN bool_and(e.invoked_by IS NOT NULL) THEN array_agg(DISTINCT e.invoked_by ORDER BY e.invoked_by) END AS services,
  CASE
    WHEN bool_and(e.invoked_by IS NOT NULL) THEN 'used by AWS services on behalf of the principal (forward access session)'
    WHEN bool_or(coalesce(e.session_credential_from_console, false)) THEN 'console session: its sign-in never names a key'
    WHEN min(e.access_key_id) LIKE 'AKIA%' THEN 'long-lived key of the same principal'
    WHEN bool_or(e.in_scope_of IS NOT NULL OR e.ec2_role_delivery IS NOT NULL OR regexp_matches(e.principal_id, ':m?i-[0-9a-f]{8,}$'))
      THEN 'issued by an AWS service to a machine or function, which no call of the principal shows'
    WHEN min(e.session_created) < (SELECT min(event_time) FROM events) THEN 'issued before the first event of the evidence'
    WHEN min(e.session_created) IS NOT NULL THEN 'issued in the time of the evidence: the log of the region or account that issued it is missing'
    ELSE 'its issue is not in the evidence'
  END AS reason
FROM events AS e
WHERE e.access_key_id IS NOT NULL
  AND e.access_key_id NOT IN (SELECT access_key_id FROM credentials)
  AND coalesce(e.session_issuer_arn, e.identity_arn) IN (SELECT principal FROM reached)
  AND e.access_key_id NOT IN (SELECT issued_access_key_id FROM events WHERE issued_access_key_id IS NOT NULL)
  AND ($from::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR e.event_time IS NULL OR e.event_time < $to::TIMESTAMP)
GROUP BY e.access_key_id
ORDER BY first_seen NULLS LAST, e.access_key_id;
