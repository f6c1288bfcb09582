-- What was found about each address becomes its row: its network by the range it lies in, its owner by lists first and by the network's name last.
INSERT INTO ips BY NAME
WITH found AS MATERIALIZED (
  SELECT *
  FROM read_csv($found::VARCHAR, header = false, delim = ',', quote = '"', escape = '"', nullstr = '', columns = {n: 'BIGINT', country: 'VARCHAR',
    city: 'VARCHAR', latitude: 'DOUBLE', longitude: 'DOUBLE', accuracy_km: 'INTEGER', asn: 'INTEGER', as_name: 'VARCHAR', owner_told: 'VARCHAR',
    network: 'VARCHAR', family: 'INTEGER', number: 'UHUGEINT'})
),
public AS MATERIALIZED (
  SELECT f.n, f.family, f.number
  FROM found AS f
  JOIN new_addresses AS a ON a.n = f.n
  WHERE a.kind = 'public' AND f.number IS NOT NULL
),
-- Ranges do not overlap: the nearest one that begins at or before an address is the only one that can hold it.
routed AS (
  SELECT p.n, r.asn, r.as_name
  FROM public AS p
  ASOF JOIN address_networks AS r ON r.family = p.family AND r.first <= p.number
  WHERE p.number <= r.last
),
listed AS (
  SELECT p.n, r.kind, r.region
  FROM (SELECT * FROM public CROSS JOIN (SELECT DISTINCT kind FROM owned_ranges)) AS p
  ASOF JOIN owned_ranges AS r ON r.kind = p.kind AND r.family = p.family AND r.first <= p.number
  WHERE p.number <= r.last
),
known AS MATERIALIZED (
  SELECT n, asn, as_name FROM routed
  UNION ALL
  SELECT n, asn, as_name FROM found WHERE asn IS NOT NULL OR as_name IS NOT NULL
),
-- A network's name is looked at once, however many addresses it has: in small letters, one blank between words and around them.
named AS (
  SELECT k.as_name, arg_min(o.owner, CASE o.owner WHEN 'vpn' THEN 1 WHEN 'hosting' THEN 2 ELSE 3 END) AS owner
  FROM (
    SELECT DISTINCT as_name, ' ' || regexp_replace(lower(as_name), '[^\pL\pN]+', ' ', 'g') || ' ' AS words FROM known WHERE as_name IS NOT NULL
  ) AS k
  JOIN catalog_network_owners AS o ON k.words LIKE o.pattern
  GROUP BY k.as_name
)
SELECT
  a.address,
  a.kind,
  f.country,
  f.city,
  f.latitude,
  f.longitude,
  f.accuracy_km,
  k.asn,
  k.as_name,
  f.network,
  CASE
    WHEN tor.n IS NOT NULL THEN 'tor'
    WHEN aws.n IS NOT NULL OR a.kind IN ('aws_service', 'aws_internal') THEN 'aws'
    ELSE coalesce(f.owner_told, by_number.owner, by_name.owner)
  END AS owner,
  aws.region AS aws_region
FROM new_addresses AS a
JOIN found AS f ON f.n = a.n
LEFT JOIN known AS k ON k.n = a.n
LEFT JOIN listed AS tor ON tor.n = a.n AND tor.kind = 'tor_exits'
LEFT JOIN listed AS aws ON aws.n = a.n AND aws.kind = 'aws_ranges'
LEFT JOIN catalog_network_owners AS by_number ON TRY_CAST(by_number.asn AS INTEGER) = k.asn
LEFT JOIN named AS by_name ON by_name.as_name = k.as_name;
