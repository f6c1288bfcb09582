-- The case file: what was offered as evidence, what was read from it, and every run made over it.

-- One row a file offered, whether read or not.
CREATE TABLE IF NOT EXISTS evidence (
  file_id INTEGER PRIMARY KEY,        -- number of the file inside this case; never leaves it
  path VARCHAR NOT NULL,              -- relative to the folder given, '/' between parts; of a packed file, its place in the archive follows
  part_of INTEGER NOT NULL,           -- number of the archive in the folder that it was packed in; its own where it lies there itself
  location VARCHAR NOT NULL,          -- absolute path on this machine, to recognise the file on a re-run; never reported
  member VARCHAR,                     -- path inside the archive at location; NULL for a file that is none's member
  modified_ms BIGINT,                 -- modification time, milliseconds since 1970; only to recognise an unchanged file
  bytes BIGINT,                       -- size as found
  inflated_bytes BIGINT,              -- size unpacked; equals bytes for plain files
  sha256 VARCHAR,                     -- of the file as found
  sha256_inflated VARCHAR,            -- of the content unpacked; equals sha256 for plain files
  shape VARCHAR,                      -- export shape recognised by content: s3-delivery, digest, lookup-events, …
  status VARCHAR NOT NULL,            -- read, partial, skipped, rejected
  reason VARCHAR,                     -- why it was skipped, rejected or read only in part
  records BIGINT NOT NULL DEFAULT 0,  -- JSON objects found in it, whole or cut
  ignored BIGINT NOT NULL DEFAULT 0,  -- of these, objects that are no CloudTrail record
  limits JSON,                        -- what it was read with: longest record, deepest nesting, …
  crossed VARCHAR[]                   -- which of these something in it crossed
);

-- Each record that could not be read, with its bytes.
CREATE TABLE IF NOT EXISTS rejects (
  file_id INTEGER NOT NULL,
  record_index BIGINT,                -- position in the file's Records, from 0; NULL where the file as a whole failed
  byte_offset BIGINT,                 -- where it starts in the inflated content
  reason VARCHAR NOT NULL,
  raw BLOB                            -- its bytes, the first 1 MiB of them
);

-- Each run of the rules: what it was asked, so that a report can be made again.
CREATE TABLE IF NOT EXISTS runs (
  run_id INTEGER PRIMARY KEY,
  command VARCHAR NOT NULL,           -- scope or check
  seeds VARCHAR[] NOT NULL,           -- access key ids as given; empty for check
  window_from TIMESTAMP,              -- UTC, inclusive
  window_to TIMESTAMP,                -- UTC, exclusive
  as_of TIMESTAMP,                    -- what relative times resolved against
  arguments VARCHAR[] NOT NULL        -- as typed, without locations
);

-- Every command that touched the case; each row carries the hash of the one before it.
CREATE TABLE IF NOT EXISTS custody_log (
  entry INTEGER PRIMARY KEY,
  logged_at TIMESTAMP NOT NULL,            -- UTC, this machine's clock
  user_name VARCHAR,
  host VARCHAR,
  version VARCHAR NOT NULL,           -- of trailscope
  arguments VARCHAR NOT NULL,         -- JSON array, as typed
  counts VARCHAR NOT NULL,            -- JSON object: files and events in the case after the command; hash of the known-good file it was given
  previous_sha256 VARCHAR NOT NULL,   -- hash of the entry before; 64 zeros for the first
  sha256 VARCHAR NOT NULL             -- hash of this entry's fields, previous_sha256 included
);

-- What tables, views and catalogs were made from: where this program has other files, it makes them anew.
CREATE TABLE IF NOT EXISTS layout (
  sha256 VARCHAR NOT NULL             -- of the files of queries/tables and queries/catalog
);
