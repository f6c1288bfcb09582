-- What belongs to no file of the ledger: a killed run left it half done, or its file was read again.
DELETE FROM evidence WHERE part_of NOT IN (SELECT file_id FROM evidence);
DELETE FROM events WHERE file_id NOT IN (SELECT file_id FROM evidence);
DELETE FROM duplicates WHERE file_id NOT IN (SELECT file_id FROM evidence);
DELETE FROM conflicts WHERE file_id NOT IN (SELECT file_id FROM evidence);
DELETE FROM rejects WHERE file_id NOT IN (SELECT file_id FROM evidence);
