-- Rejects of one file, their bytes as hexadecimal digits.
INSERT INTO rejects
SELECT $file_id::INTEGER, r.record_index, r.byte_offset, r.reason, unhex(r.raw)
FROM (
  SELECT unnest(from_json($rows::JSON, '[{"record_index": "BIGINT", "byte_offset": "BIGINT", "reason": "VARCHAR", "raw": "VARCHAR"}]')) AS r
);
