-- Weak edges from what was reached to what was not, the likeliest of each: places to look, followed no further and never counted.
-- What was done outside the window is not what is asked about.
SELECT issuer, issued, edge, confidence, event_id, event_time, event_name, principal
FROM edges
WHERE confidence = 'weak' AND list_contains($reached, issuer) AND NOT list_contains($known, issued)
  AND ($from::TIMESTAMP IS NULL OR event_time IS NULL OR event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR event_time IS NULL OR event_time < $to::TIMESTAMP)
QUALIFY row_number() OVER (PARTITION BY issued ORDER BY event_time NULLS LAST, edge, event_id, issuer) = 1
ORDER BY event_time NULLS LAST, issued;
