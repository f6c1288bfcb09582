-- A case of an earlier version that is only looked into: what its table of addresses lacks reads as unknown.
CREATE TEMP TABLE ips AS
SELECT
  address,
  kind,
  country,
  city,
  latitude,
  longitude,
  NULL::INTEGER AS accuracy_km,
  asn,
  as_name,
  NULL::VARCHAR AS network,
  NULL::VARCHAR AS owner,
  NULL::VARCHAR AS aws_region,
  NULL::VARCHAR AS known_good
FROM ips;

CREATE TEMP TABLE address_data (kind VARCHAR, name VARCHAR, built VARCHAR, sha256 VARCHAR, location VARCHAR);
CREATE TEMP TABLE catalog_address_data (kind VARCHAR, licence VARCHAR, attribution VARCHAR);
