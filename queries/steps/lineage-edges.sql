-- The edges that a walk may follow ($follow), the best of each pair of credentials.
SELECT issuer, issued, edge, confidence, event_id, event_time, event_name, principal
FROM edges
WHERE list_contains($follow, confidence)
QUALIFY row_number() OVER (PARTITION BY issuer, issued ORDER BY confidence, edge, event_id) = 1
ORDER BY event_time NULLS LAST, event_id, issued;
