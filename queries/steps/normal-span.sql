-- Whom the baseline knows, and of what time it tells.
SELECT count(DISTINCT id) AS callers, min(first_seen) AS first_event, max(last_seen) AS last_event
FROM normal
WHERE aspect = 'use';
