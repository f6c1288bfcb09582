-- One family's table of the networks that come along: ranges as numbers. Numbers for private use (RFC 6996) name nobody.
INSERT INTO address_networks
SELECT $family::INTEGER, first, last, try_cast(asn AS INTEGER), as_name
FROM read_csv($table::VARCHAR, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  columns = {first: 'UHUGEINT', last: 'UHUGEINT', asn: 'BIGINT', as_name: 'VARCHAR'});
