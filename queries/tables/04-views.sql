-- Views that rules join: shapes that differ between services are brought to one form here, once.

-- Accounts whose trails are in the evidence: 'own' for every rule that asks who is foreign.
CREATE OR REPLACE VIEW own_accounts AS
SELECT DISTINCT recipient_account_id AS account_id FROM events WHERE recipient_account_id IS NOT NULL;

-- Replaced by each run: steps/scope-*.sql.
CREATE VIEW IF NOT EXISTS scope_events AS SELECT * FROM scoped;

CREATE OR REPLACE VIEW consequence_events AS
SELECT e.*, c.subject, c.because_event_id
FROM consequences AS c
JOIN events AS e ON e.event_id = c.event_id;

CREATE OR REPLACE VIEW baseline_events AS SELECT * FROM baselined;
