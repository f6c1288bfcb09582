-- Weak edges from what was reached to what was not, the likeliest of each: places to look, followed no further and never counted.
SELECT issuer, issued, edge, confidence, event_id, event_time, event_name, principal
FROM edges
WHERE confidence = 'weak' AND list_contains($reached, issuer) AND NOT list_contains($known, issued)
QUALIFY row_number() OVER (PARTITION BY issued ORDER BY event_time NULLS LAST, edge, event_id, issuer) = 1
ORDER BY event_time NULLS LAST, issued;
