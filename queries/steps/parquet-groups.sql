-- The row groups of a Parquet table: the rows in each, and where it begins in the file.
SELECT
  row_group_id AS number,
  any_value(row_group_num_rows) AS rows,
  min(least(data_page_offset, coalesce(nullif(dictionary_page_offset, 0), data_page_offset))) AS byte_offset
FROM parquet_metadata($path)
GROUP BY row_group_id
ORDER BY row_group_id;
