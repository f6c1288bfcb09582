-- One family's table of the networks that come along: ranges as numbers. Numbers for private use (RFC 6996) name nobody. Where all addresses are asked
-- about in IPv4's own form, ranges that share their first number with none of them are left out: most cases have few.
INSERT INTO address_networks
SELECT $family::INTEGER, first, last, try_cast(asn AS INTEGER), as_name
FROM read_csv($table::VARCHAR, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  columns = {first: 'UHUGEINT', last: 'UHUGEINT', asn: 'BIGINT', as_name: 'VARCHAR'})
WHERE $all::BOOLEAN
  OR first // 16777216 <> last // 16777216
  OR first // 16777216 IN (SELECT try_cast(split_part(address, '.', 1) AS UHUGEINT) FROM new_addresses WHERE kind = 'public');
