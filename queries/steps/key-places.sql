-- The places of each key: tables/06-activity.sql.
INSERT INTO key_places BY NAME
SELECT
  p.*,
  coalesce(CASE WHEN coalesce(i.owner, '') NOT IN ('vpn', 'tor', 'cloud', 'aws', 'hosting') THEN 'AS' || i.asn END, i.network, p.source_ip_address)
    || coalesce(' in ' || i.country, '') AS provider
FROM (
  SELECT access_key_id, source_ip_address, min(event_time) AS first_use, max(event_time) AS last_use
  FROM direct_events
  WHERE source_kind = 'public' AND access_key_id IS NOT NULL AND event_time IS NOT NULL
  GROUP BY access_key_id, source_ip_address
) AS p
LEFT JOIN ips AS i ON i.address = p.source_ip_address;
