-- Files that were read again as they are in the ledger already: with a higher limit, touched, or once they could be read. The later reading stands.
DELETE FROM evidence
WHERE part_of IN (
  SELECT earlier.file_id
  FROM evidence AS earlier
  JOIN evidence AS later ON later.location = earlier.location AND later.file_id > earlier.file_id
  WHERE earlier.member IS NULL
    AND later.member IS NULL
    AND (earlier.sha256 IS NULL OR earlier.sha256 = later.sha256)
);
