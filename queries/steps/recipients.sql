-- Accounts whose trails are in the evidence: so many rules ask that each would read a column of all events.
DELETE FROM recipients;

INSERT INTO recipients
SELECT DISTINCT recipient_account_id FROM events WHERE recipient_account_id IS NOT NULL;
