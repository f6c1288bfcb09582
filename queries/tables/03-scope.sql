-- What rules read: written anew by each run of scope or check.

-- Lineage: every credential the seeds turned into. Empty for check.
CREATE TABLE IF NOT EXISTS credentials (
  access_key_id VARCHAR PRIMARY KEY,
  session VARCHAR,                            -- account/principal id/creation date of its first use; NULL for long-lived keys
  kind VARCHAR NOT NULL,                      -- long_lived, temporary, session (a console sign-in), other
  hop INTEGER NOT NULL,                       -- 0 for seeds; steps from the nearest seed
  issued_by VARCHAR,                          -- credential that made the issuing call; NULL where unknown
  via_event_id VARCHAR,                       -- the issuing call; NULL where not in the evidence
  via_event_name VARCHAR,
  edge VARCHAR NOT NULL,                      -- seed, or its kind: steps/edges/
  confidence VARCHAR NOT NULL,                -- seed, certain, strong, weak
  in_scope BOOLEAN NOT NULL,                  -- false for pre-window credentials
  note VARCHAR,                               -- issuer_not_in_evidence, never_used, pre_window, look_here
  principal VARCHAR,                          -- ARN that it acted or will act as
  issued_at TIMESTAMP
);

-- Events of the credentials in scope and in the window; all events when no seed is given.
CREATE TABLE IF NOT EXISTS scoped AS
SELECT
  *,
  ''::VARCHAR AS credential,                  -- access key id; where none is shown, account/principal id/creation date
  0::INTEGER AS hop,                          -- steps from the nearest seed; NULL without seeds
  ''::VARCHAR AS confidence                   -- grade of the credential's lineage; NULL without seeds
FROM events
LIMIT 0;

-- Events of the same principals before the window. Empty without a start of the window.
CREATE TABLE IF NOT EXISTS baselined AS SELECT * FROM events LIMIT 0;

-- Anyone's later events that name what scope made, changed or shared; never counted as the actor's.
CREATE TABLE IF NOT EXISTS consequences (
  event_id VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,                   -- what it names: an ARN, an id, a key
  because_event_id VARCHAR NOT NULL           -- the scope's event that made, changed or shared it
);

-- Accounts whose trails are in the evidence: steps/recipients.sql, after each load.
CREATE TABLE IF NOT EXISTS recipients AS
SELECT DISTINCT recipient_account_id AS account_id FROM events WHERE recipient_account_id IS NOT NULL;

-- Accounts that the known-good file of the latest run names as known, and asks nothing else of.
CREATE TABLE IF NOT EXISTS known_good_accounts (
  account_id VARCHAR NOT NULL
);

-- Findings of the latest run.
CREATE TABLE IF NOT EXISTS findings (
  id VARCHAR NOT NULL,                        -- hash of rule and subject
  rule VARCHAR NOT NULL,
  pack VARCHAR NOT NULL,
  category VARCHAR NOT NULL,
  severity VARCHAR NOT NULL,
  title VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  summary VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,
  credential VARCHAR,
  event_ids VARCHAR[] NOT NULL,
  details JSON NOT NULL,
  status VARCHAR,                             -- open, or explained by the known-good file
  explained_by VARCHAR                        -- labels of its entries; of an open finding, what lowered its severity
);
ALTER TABLE findings ADD COLUMN IF NOT EXISTS status VARCHAR;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS explained_by VARCHAR;
