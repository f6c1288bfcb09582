-- What was normal before: one row for each thing that a caller was seen with. Written anew by each run of scope or check.
CREATE TABLE IF NOT EXISTS normal (
  kind VARCHAR NOT NULL,                      -- credential (a long-lived key), identity (user, or session by its name), role, account (callers of which nothing else is logged)
  id VARCHAR NOT NULL,                        -- access key id, ARN, or account id
  aspect VARCHAR NOT NULL,                    -- use (all of it), address, network, asn, country, owner, agent, agent_version, region, call, hour, weekday, week_hour, mfa, endpoint, delivery (of an instance's credentials), denied (calls), rate (busiest hour)
  value VARCHAR NOT NULL,                     -- empty for use and rate; hours are of UTC, weekday 1 is Monday; week_hour counts from Monday midnight, 0 to 167
  calls BIGINT NOT NULL,                      -- for rate: calls in the busiest hour
  days INTEGER NOT NULL,                      -- on how many different days; for rate: hours with any call
  first_seen TIMESTAMP,
  last_seen TIMESTAMP
);

-- The same in words: what each caller is known for most, so that a finding can say normal → seen.
CREATE TABLE IF NOT EXISTS usual (
  kind VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  aspect VARCHAR NOT NULL,                    -- as in normal
  told VARCHAR NOT NULL,                      -- the three values of most calls, and how many more there are; of hours all
  known INTEGER NOT NULL                      -- how many values there are
);

-- The time of the evidence that the latest run learned from, where it lies inside what is looked at too. Empty otherwise.
CREATE TABLE IF NOT EXISTS learned_span (
  learned_from TIMESTAMP NOT NULL,            -- inclusive
  learned_to TIMESTAMP NOT NULL               -- exclusive
);
