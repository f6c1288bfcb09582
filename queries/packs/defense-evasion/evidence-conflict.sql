-- title: One event delivered with different contents
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1070, T1565.001], v19: [T1070, T1565.001]}
-- covers: []
-- why: CloudTrail never writes one event id twice with different contents, so one of the copies was changed after delivery.
-- misses: Evidence changed in every copy alike, or delivered once; the check of digests is the proof (verify).
SELECT
  s.event_id,
  s.event_id AS subject,
  'Copies of the event ' || coalesce(s.event_name, '(unnamed)') || ' differ in ' || c.fields || '; the other copy lies elsewhere in the evidence' AS summary,
  c.fields AS differs_in,
  c.copies
FROM scope_events AS s
JOIN (
  SELECT event_id, count(*) AS copies, substr(max(CAST(differs_in AS VARCHAR)), 1, 200) AS fields FROM conflicts GROUP BY event_id
) AS c ON c.event_id = s.event_id
ORDER BY s.event_time, s.event_id
