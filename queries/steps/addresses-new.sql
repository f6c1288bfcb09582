-- The addresses that are not described yet, and a table for ranges whose owners are told.
CREATE OR REPLACE TEMP TABLE new_addresses AS
SELECT address, kind
FROM (
  SELECT source_ip_address AS address, min(source_kind) AS kind
  FROM events
  WHERE source_ip_address IS NOT NULL
  GROUP BY source_ip_address
  UNION
  SELECT address, source_kind_of(address) AS kind FROM spellings
)
WHERE address NOT IN (SELECT address FROM ips);

CREATE OR REPLACE TEMP TABLE owned_ranges (
  kind VARCHAR,
  family INTEGER,
  first UHUGEINT,
  last UHUGEINT,
  region VARCHAR
);
