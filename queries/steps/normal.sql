-- What was normal, in the order of a saved baseline.
SELECT kind, id, aspect, value, calls, days, first_seen, last_seen
FROM normal
ORDER BY kind, id, aspect, value;
