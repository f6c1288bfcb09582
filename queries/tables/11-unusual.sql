-- What callers did that was not their normal, one row a caller and place, weighed by signs that add up. Written anew by each run of scope or check.
CREATE TABLE IF NOT EXISTS unusual_uses (
  caller VARCHAR NOT NULL,                    -- access key id or ARN, by which the baseline knows it best
  known_as VARCHAR NOT NULL,                  -- credential, identity or role; none: the baseline does not know it
  principal VARCHAR NOT NULL,                 -- the role or user behind it
  state VARCHAR NOT NULL,                     -- how new the place is: country, asn, network, address, known, unplaced where the source is no address; none: no baseline
  place VARCHAR NOT NULL,                     -- network with its owner's name, or its usual places
  day DATE,                                   -- of the usual places: the day that tells most, and others of medium and worse
  days INTEGER NOT NULL,                      -- on how many days as much was told
  calls BIGINT NOT NULL,
  addresses INTEGER NOT NULL,
  address VARCHAR,                            -- the first three, and how many more
  first_use TIMESTAMP,
  known_good VARCHAR,                         -- label in the known-good file
  neighbours INTEGER NOT NULL,                -- callers outside the scope, seen at the same addresses
  points INTEGER NOT NULL,
  severity VARCHAR NOT NULL,                  -- by points: info, from 2 low, from 5 medium, from 8 high; the finding is a level lower where nothing succeeded
  signs STRUCT(sign VARCHAR, normal VARCHAR, seen VARCHAR, points INTEGER)[] NOT NULL,
  compared VARCHAR NOT NULL,                  -- the signs in words: normal → seen
  event_ids VARCHAR[] NOT NULL                -- of a new place all calls, of the usual ones those that differ; as many as a thousand
);
