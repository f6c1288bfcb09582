-- title: Many secrets read in minutes
-- severity: high
-- category: credential-access
-- attack: {v18: [T1555.006], v19: [T1555.006]}
-- covers: [A5.01, A5.03]
-- why: An application reads the secrets it needs; a thief reads all there are.
-- misses: A patient thief who stays below the number; secrets fetched through a batch or a path that names none.
-- params:
--   secrets: {type: integer, default: 10, about: "Different secrets and decrypted parameters from which it is bulk."}
--   minutes: {type: integer, default: 10, about: "Time within which they are read."}
WITH asked AS (
  SELECT
    principal,
    kind || ' ' || bare_name AS name,
    hop,
    min(event_time) AS first_asked,
    min(event_id) AS event_id,
    bool_or(outcome = 'success') AS success
  FROM secret_requests
  WHERE name IS NOT NULL AND (kind = 'secret' OR decrypted) AND invoked_by IS NULL AND event_time IS NOT NULL
  GROUP BY principal, kind, bare_name, hop
),
paced AS (
  SELECT
    principal,
    name,
    hop,
    event_id,
    success,
    first_asked,
    lag(first_asked, $secrets::INTEGER - 1) OVER (PARTITION BY principal ORDER BY first_asked, name, hop) AS asked_so_many_before
  FROM asked
),
bulk AS (
  SELECT principal, min(asked_so_many_before) AS began
  FROM paced
  WHERE first_asked <= asked_so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY principal
)
SELECT
  array_agg(DISTINCT p.event_id ORDER BY p.event_id) AS event_ids,
  'secrets read by ' || p.principal AS subject,
  count(DISTINCT p.name) || ' different secrets and parameters' || CASE WHEN bool_or(p.success) THEN ' were' ELSE ' were to be' END
    || ' read by one principal, at least ' || CAST($secrets::INTEGER AS VARCHAR) || ' of them within ' || CAST($minutes::INTEGER AS VARCHAR)
      || ' minutes' AS summary,
  -- Without a seed nobody is suspected, and a deployment may well read this many.
  CASE WHEN bool_and(p.hop IS NULL) THEN 'medium' ELSE 'high' END AS severity,
  count(DISTINCT p.name) AS secrets
FROM paced AS p
JOIN bulk AS b ON b.principal = p.principal AND p.first_asked >= b.began
GROUP BY p.principal
ORDER BY min(p.first_asked), p.principal
