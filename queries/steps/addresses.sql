-- What was found about each address becomes its row: its owner by lists first and by the network's name last.
INSERT INTO ips BY NAME
WITH found AS MATERIALIZED (
  SELECT *
  FROM read_csv($found::VARCHAR, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '', columns = {address: 'VARCHAR', kind: 'VARCHAR', country: 'VARCHAR',
    city: 'VARCHAR', latitude: 'DOUBLE', longitude: 'DOUBLE', accuracy_km: 'INTEGER', asn: 'INTEGER', as_name: 'VARCHAR', owner_told: 'VARCHAR',
    network: 'VARCHAR', family: 'INTEGER', number: 'UHUGEINT'})
),
listed AS (
  SELECT p.address, r.kind, r.region
  FROM (
    SELECT f.address, f.family, f.number, l.kind
    FROM found AS f
    CROSS JOIN (SELECT DISTINCT kind FROM owned_ranges) AS l
    WHERE f.kind = 'public' AND f.number IS NOT NULL
  ) AS p
  -- Ranges do not overlap: the nearest one that begins at or before an address is the only one that can hold it.
  ASOF JOIN owned_ranges AS r ON r.kind = p.kind AND r.family = p.family AND r.first <= p.number
  WHERE p.number <= r.last
),
-- A network's name is looked at once, however many addresses it has: in small letters, one blank between words and around them.
named AS (
  SELECT k.as_name, arg_min(o.owner, CASE o.owner WHEN 'vpn' THEN 1 WHEN 'hosting' THEN 2 ELSE 3 END) AS owner
  FROM (
    SELECT DISTINCT as_name, ' ' || regexp_replace(lower(as_name), '[^\pL\pN]+', ' ', 'g') || ' ' AS words FROM found WHERE as_name IS NOT NULL
  ) AS k
  JOIN catalog_network_owners AS o ON k.words LIKE o.pattern
  GROUP BY k.as_name
)
SELECT
  k.address,
  k.kind,
  k.country,
  k.city,
  k.latitude,
  k.longitude,
  k.accuracy_km,
  k.asn,
  k.as_name,
  k.network,
  CASE WHEN tor.address IS NOT NULL THEN 'tor' WHEN aws.address IS NOT NULL THEN 'aws' ELSE coalesce(k.owner_told, by_number.owner, by_name.owner) END AS owner,
  aws.region AS aws_region
FROM found AS k
LEFT JOIN listed AS tor ON tor.address = k.address AND tor.kind = 'tor_exits'
LEFT JOIN listed AS aws ON aws.address = k.address AND aws.kind = 'aws_ranges'
LEFT JOIN catalog_network_owners AS by_number ON TRY_CAST(by_number.asn AS INTEGER) = k.asn
LEFT JOIN named AS by_name ON by_name.as_name = k.as_name
UNION ALL
-- Names of services and words are nowhere.
SELECT address, kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, CASE WHEN kind IN ('aws_service', 'aws_internal') THEN 'aws' END, NULL
FROM new_addresses
WHERE kind NOT IN ('public', 'private');
