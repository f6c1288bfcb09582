-- What was found about each address becomes its row: its network by the range it lies in, its owner by lists first and by the network's name last.
INSERT INTO ips BY NAME
WITH numbered AS (
  SELECT * EXCLUDE (number), CAST(number AS UHUGEINT) AS number FROM located
),
-- Ranges do not overlap: the nearest one that begins at or before an address is the only one that can hold it.
routed AS (
  SELECT a.address, n.asn, n.as_name
  FROM numbered AS a
  ASOF JOIN address_networks AS n ON n.family = a.family AND n.first <= a.number
  WHERE a.kind = 'public' AND a.number <= n.last
),
listed AS (
  SELECT a.address, r.kind, r.region
  FROM numbered AS a
  ASOF JOIN (SELECT * REPLACE (CAST(first AS UHUGEINT) AS first, CAST(last AS UHUGEINT) AS last) FROM owned_ranges WHERE kind = 'aws_ranges') AS r
    ON r.family = a.family AND r.first <= a.number
  WHERE a.kind = 'public' AND a.number <= r.last
  UNION ALL
  SELECT a.address, r.kind, NULL
  FROM numbered AS a
  ASOF JOIN (SELECT * REPLACE (CAST(first AS UHUGEINT) AS first, CAST(last AS UHUGEINT) AS last) FROM owned_ranges WHERE kind = 'tor_exits') AS r
    ON r.family = a.family AND r.first <= a.number
  WHERE a.kind = 'public' AND a.number <= r.last
),
known AS (
  SELECT
    a.*,
    coalesce(a.asn, r.asn) AS network_number,
    coalesce(a.as_name, CASE WHEN a.asn IS NULL THEN r.as_name END) AS network_name
  FROM numbered AS a
  LEFT JOIN routed AS r ON r.address = a.address
),
-- A network's name is looked at once, however many addresses it has.
named AS (
  SELECT k.network_name, arg_min(o.owner, CASE o.owner WHEN 'vpn' THEN 1 WHEN 'hosting' THEN 2 ELSE 3 END) AS owner
  FROM (SELECT DISTINCT network_name FROM known WHERE network_name IS NOT NULL) AS k
  JOIN catalog_network_owners AS o ON regexp_matches(k.network_name, o.pattern)
  GROUP BY k.network_name
)
SELECT
  k.address,
  k.kind,
  k.country,
  k.city,
  k.latitude,
  k.longitude,
  k.accuracy_km,
  k.network_number AS asn,
  k.network_name AS as_name,
  k.network,
  CASE
    WHEN tor.address IS NOT NULL THEN 'tor'
    WHEN aws.address IS NOT NULL OR k.kind IN ('aws_service', 'aws_internal') THEN 'aws'
    ELSE coalesce(k.owner_told, by_number.owner, by_name.owner)
  END AS owner,
  aws.region AS aws_region
FROM known AS k
LEFT JOIN listed AS tor ON tor.address = k.address AND tor.kind = 'tor_exits'
LEFT JOIN listed AS aws ON aws.address = k.address AND aws.kind = 'aws_ranges'
LEFT JOIN catalog_network_owners AS by_number ON TRY_CAST(by_number.asn AS INTEGER) = k.network_number
LEFT JOIN named AS by_name ON by_name.network_name = k.network_name;
