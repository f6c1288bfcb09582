-- Addresses that an operator shares: with another operator, with use that cannot be told, or with identities outside the scope. That an address is
-- shared brings nobody into scope.
WITH used AS (
  SELECT
    source_ip_address AS address,
    array_agg(DISTINCT operator ORDER BY operator) FILTER (WHERE operator IS NOT NULL) AS operators,
    bool_or(operator IS NULL) AS undetermined,
    bool_or(class <> 'owner') AS doubtful,
    sum(events)::BIGINT AS events
  FROM operator_ways
  WHERE NOT by_service AND source_ip_address IN (SELECT address FROM ips WHERE kind IN ('public', 'private'))
  GROUP BY source_ip_address
),
strangers AS (
  SELECT e.source_ip_address AS address, count(DISTINCT e.identity_arn) AS identities
  FROM events AS e
  WHERE e.invoked_by IS NULL
    AND e.source_ip_address IN (SELECT address FROM used)
    AND e.identity_arn IS NOT NULL
    AND e.identity_arn NOT IN (SELECT identity_arn FROM operator_ways WHERE identity_arn IS NOT NULL)
  GROUP BY e.source_ip_address
)
SELECT
  u.address,
  coalesce(u.operators, []) AS operators,
  u.undetermined,
  coalesce(s.identities, 0) AS identities,
  u.events
FROM used AS u
LEFT JOIN strangers AS s ON s.address = u.address
-- Also where all looks like the owner's: whoever stands beside the owner looks so too.
WHERE coalesce(len(u.operators), 0) + u.undetermined::INTEGER > 1 OR s.identities > 0
ORDER BY u.doubtful DESC, u.events DESC, u.address
LIMIT 100;
