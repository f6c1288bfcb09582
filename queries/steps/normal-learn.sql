-- Learns what was normal from the events of the time before: calls that callers sent themselves, from an address.
INSERT INTO normal BY NAME
WITH used AS (
  SELECT
    b.access_key_id,
    b.identity_arn,
    b.session_issuer_arn,
    b.source_ip_address AS address,
    coalesce(a.family, 'none') AS family,
    coalesce(a.family, 'none') || coalesce('/' || a.version, '') AS version,
    b.aws_region,
    b.event_source || ':' || b.event_name AS call,
    date_trunc('hour', b.event_time) AS hour,
    b.mfa_authenticated AS mfa,
    b.vpc_endpoint_id AS endpoint,
    b.ec2_role_delivery AS delivery,
    b.outcome = 'denied' AS denied,
    count(*) AS calls,
    min(b.event_time) AS first_seen,
    max(b.event_time) AS last_seen
  FROM baselined AS b
  LEFT JOIN agents AS a ON a.user_agent = b.user_agent
  WHERE coalesce(b.source_kind, '') IN ('public', 'private')
    AND b.invoked_by IS NULL
    AND coalesce(b.identity_type, '') <> 'AWSService'
    AND b.event_time IS NOT NULL
  GROUP BY ALL
),
callers AS (
  SELECT 'credential' AS kind, access_key_id AS id, * FROM used WHERE access_key_id LIKE 'AKIA%'
  UNION ALL
  SELECT 'identity' AS kind, identity_arn AS id, * FROM used WHERE identity_arn IS NOT NULL
  UNION ALL
  SELECT 'role' AS kind, session_issuer_arn AS id, * FROM used WHERE session_issuer_arn IS NOT NULL
),
aspects AS (
  SELECT
    c.kind,
    c.id,
    c.calls,
    c.hour,
    c.first_seen,
    c.last_seen,
    unnest([
      {'aspect': 'use', 'value': ''},
      {'aspect': 'address', 'value': c.address},
      {'aspect': 'network', 'value': i.network},
      {'aspect': 'asn', 'value': CAST(i.asn AS VARCHAR)},
      {'aspect': 'country', 'value': i.country},
      {'aspect': 'owner', 'value': i.owner},
      {'aspect': 'agent', 'value': c.family},
      {'aspect': 'agent_version', 'value': c.version},
      {'aspect': 'region', 'value': c.aws_region},
      {'aspect': 'call', 'value': c.call},
      {'aspect': 'hour', 'value': CAST(date_part('hour', c.hour) AS VARCHAR)},
      {'aspect': 'weekday', 'value': CAST(date_part('isodow', c.hour) AS VARCHAR)},
      {'aspect': 'week_hour', 'value': CAST(24 * (date_part('isodow', c.hour) - 1) + date_part('hour', c.hour) AS VARCHAR)},
      {'aspect': 'mfa', 'value': CAST(c.mfa AS VARCHAR)},
      {'aspect': 'endpoint', 'value': c.endpoint},
      {'aspect': 'delivery', 'value': c.delivery},
      {'aspect': 'denied', 'value': CASE WHEN c.denied THEN c.call END}
    ], recursive := true)
  FROM callers AS c
  LEFT JOIN ips AS i ON i.address = c.address
)
SELECT kind, id, aspect, value, sum(calls)::BIGINT AS calls, count(DISTINCT hour::DATE)::INTEGER AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM aspects
WHERE value IS NOT NULL
GROUP BY kind, id, aspect, value
UNION ALL
SELECT kind, id, 'rate' AS aspect, '' AS value, max(calls)::BIGINT AS calls, count(*)::INTEGER AS days, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM (
  SELECT kind, id, hour, sum(calls) AS calls, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM callers GROUP BY kind, id, hour
)
GROUP BY kind, id;
