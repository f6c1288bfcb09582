-- The table of networks that comes along: ranges as numbers, one file a family. Numbers for private use (RFC 6996) name nobody.
INSERT INTO address_networks
SELECT 4, first, last, try_cast(asn AS INTEGER), as_name
FROM read_csv($ipv4::VARCHAR, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  columns = {first: 'UBIGINT', last: 'UBIGINT', asn: 'BIGINT', as_name: 'VARCHAR'})
UNION ALL
SELECT 6, first, last, try_cast(asn AS INTEGER), as_name
FROM read_csv($ipv6::VARCHAR, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  columns = {first: 'UHUGEINT', last: 'UHUGEINT', asn: 'BIGINT', as_name: 'VARCHAR'});
