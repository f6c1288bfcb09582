-- The addresses as numbers on one line, for ranges: IPv4 where IPv6 has it (RFC 4291 section 2.5.5.2, ::ffff:0:0/96).
INSERT INTO address_numbers
SELECT a.address, CASE f.family WHEN 4 THEN 281470681743360 ELSE 0 END + f.number
FROM new_addresses AS a
JOIN read_csv($found::VARCHAR, header = false, delim = ',', quote = '"', escape = '"', nullstr = '', columns = {n: 'BIGINT', country: 'VARCHAR',
  city: 'VARCHAR', latitude: 'DOUBLE', longitude: 'DOUBLE', accuracy_km: 'INTEGER', asn: 'INTEGER', as_name: 'VARCHAR', owner_told: 'VARCHAR',
  network: 'VARCHAR', family: 'INTEGER', number: 'UHUGEINT'}) AS f ON f.n = a.n
WHERE f.number IS NOT NULL;
