-- title: Key tried out from a new address
-- severity: high
-- category: discovery
-- attack: {v18: [T1580, T1087.004], v19: [T1580, T1087.004]}
-- covers: [A7.01, A7.03]
-- why: Who am I, and what may I do, asked from an address the key never had, are the first words of a thief.
-- misses: A first use that asks no question; a key never seen elsewhere, in the window or before, has no new address.
-- params:
--   minutes: {type: integer, default: 30, about: "How long after the question the refusals and dry runs may follow."}
--   tests: {type: integer, default: 3, about: "Different calls refused or rehearsed from which it is a test."}
WITH asked AS (
  SELECT access_key_id, source_ip_address AS address, min(event_time) AS asked_at
  FROM direct_events
  WHERE event_source = 'sts.amazonaws.com' AND event_name = 'GetCallerIdentity' AND event_time IS NOT NULL
  GROUP BY access_key_id, source_ip_address
),
tested AS (
  SELECT
    d.principal,
    a.access_key_id,
    a.address,
    min(a.asked_at) AS asked_at,
    count(DISTINCT d.event_source || d.event_name) AS tests,
    array_agg(d.event_id ORDER BY d.event_time, d.event_id) AS event_ids
  FROM asked AS a
  JOIN direct_events AS d ON d.access_key_id = a.access_key_id AND d.source_ip_address = a.address
  WHERE coalesce(d.outcome, '') IN ('denied', 'dry_run') AND d.event_time BETWEEN a.asked_at AND a.asked_at + to_minutes($minutes::INTEGER)
  GROUP BY d.principal, a.access_key_id, a.address
  HAVING count(DISTINCT d.event_source || d.event_name) >= $tests::INTEGER
),
elsewhere AS (
  SELECT t.access_key_id, t.address
  FROM tested AS t
  JOIN direct_events AS d ON d.access_key_id = t.access_key_id
  WHERE d.source_ip_address <> t.address AND d.event_time < t.asked_at
  UNION
  SELECT t.access_key_id, t.address
  FROM tested AS t
  JOIN baseline_events AS b ON coalesce(b.session_issuer_arn, b.identity_arn, b.account_id) = t.principal
)
SELECT
  t.event_ids,
  t.access_key_id || ' from ' || t.address AS subject,
  'From ' || t.address || ', new to it, the key ' || t.access_key_id || ' asked who it is and then had ' || t.tests
    || ' different calls refused or rehearsed' AS summary
FROM tested AS t
JOIN elsewhere AS e ON e.access_key_id = t.access_key_id AND e.address = t.address
LEFT JOIN baseline_events AS k ON coalesce(k.session_issuer_arn, k.identity_arn, k.account_id) = t.principal AND k.source_ip_address = t.address
WHERE k.event_id IS NULL
ORDER BY t.asked_at, t.access_key_id, t.address
