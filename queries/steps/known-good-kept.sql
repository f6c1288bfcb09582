-- What of the known-good file the rules read: labels of addresses, and accounts that are our own, which must be so through the whole evidence.
UPDATE ips SET known_good = NULL WHERE known_good IS NOT NULL;

UPDATE ips SET known_good = g.label FROM good_labels AS g WHERE g.address = ips.address;

DELETE FROM known_good_accounts;

INSERT INTO known_good_accounts
SELECT DISTINCT c.value
FROM good_conditions AS c
JOIN good_entries AS g ON g.entry = c.entry
CROSS JOIN (SELECT min(event_time) AS first_event, max(event_time) AS last_event FROM events) AS e
WHERE g.kinds = ['accounts']
  AND (g.valid_from IS NULL OR g.valid_from <= e.first_event)
  AND (g.valid_until IS NULL OR g.valid_until > e.last_event);
