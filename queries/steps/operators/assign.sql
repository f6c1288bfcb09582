-- Every way of use with its operator; what AWS services did for a credential is of whoever alone used it, or alone used the one that issued it.
DELETE FROM operators;
DELETE FROM operator_ways;

INSERT INTO operator_ways BY NAME
SELECT
  w.credential,
  w.session_issuer_arn,
  w.identity_arn,
  w.source_ip_address,
  w.user_agent,
  false AS by_service,
  w.day,
  w.events,
  w.first_seen,
  w.last_seen,
  CASE WHEN w.class = 'owner' THEN 'A' ELSE a.operator END AS operator,
  w.class,
  w.reason
FROM classed_ways AS w
LEFT JOIN clusterable AS n ON n.class = w.class AND n.place = w.place AND n.family = w.family
LEFT JOIN assigned AS a ON a.way = n.way;

INSERT INTO operator_ways BY NAME
WITH users AS (
  SELECT
    credential,
    CASE WHEN min(class) = max(class) THEN min(class) ELSE 'undetermined' END AS class,
    CASE WHEN count(DISTINCT coalesce(operator, '')) = 1 THEN min(operator) END AS operator
  FROM operator_ways
  GROUP BY credential
)
SELECT
  d.credential,
  d.session_issuer_arn,
  d.identity_arn,
  d.source_ip_address,
  d.user_agent,
  true AS by_service,
  d.day,
  d.events,
  d.first_seen,
  d.last_seen,
  CASE WHEN own.credential IS NULL THEN issuer.operator ELSE own.operator END AS operator,
  coalesce(own.class, issuer.class, 'undetermined') AS class,
  'by an AWS service, for a credential that ' || CASE coalesce(own.class, issuer.class)
    WHEN 'actor' THEN 'the actor alone used'
    WHEN 'owner' THEN 'the owner alone used'
    ELSE CASE WHEN own.credential IS NULL AND issuer.credential IS NULL THEN 'services alone used' ELSE 'neither alone used' END END AS reason
FROM day_ways AS d
LEFT JOIN users AS own ON own.credential = d.credential
LEFT JOIN credentials AS c ON c.access_key_id = d.credential
LEFT JOIN users AS issuer ON issuer.credential = c.issued_by
WHERE d.by_service;

INSERT INTO operators BY NAME
SELECT
  w.operator,
  CASE WHEN min(w.class) = max(w.class) THEN min(w.class) ELSE 'mixed' END AS class,
  sum(w.events)::BIGINT AS events,
  min(w.first_seen) AS first_seen,
  max(w.last_seen) AS last_seen,
  coalesce(array_agg(DISTINCT w.source_ip_address ORDER BY w.source_ip_address) FILTER (WHERE NOT w.by_service), []) AS addresses,
  coalesce(array_agg(DISTINCT i.network ORDER BY i.network) FILTER (WHERE NOT w.by_service AND i.network IS NOT NULL), []) AS networks,
  coalesce(array_agg(DISTINCT coalesce(a.family, 'none') ORDER BY coalesce(a.family, 'none')) FILTER (WHERE NOT w.by_service), []) AS agents,
  coalesce(array_agg(DISTINCT w.credential ORDER BY w.credential) FILTER (WHERE w.credential IS NOT NULL), []) AS credentials
FROM operator_ways AS w
LEFT JOIN ips AS i ON i.address = w.source_ip_address
LEFT JOIN agents AS a ON a.user_agent = w.user_agent
WHERE w.operator IS NOT NULL
GROUP BY w.operator;

-- The same, an hour at a time.
CREATE OR REPLACE TEMP TABLE operator_cells AS
SELECT w.operator, w.by_service, w.credential, c.hour, c.events, c.first_seen, c.last_seen
FROM use_cells AS c
JOIN operator_ways AS w ON w.by_service = c.by_service
  AND w.credential IS NOT DISTINCT FROM c.credential
  AND w.session_issuer_arn IS NOT DISTINCT FROM c.session_issuer_arn
  AND w.identity_arn IS NOT DISTINCT FROM c.identity_arn
  AND w.source_ip_address IS NOT DISTINCT FROM c.source_ip_address
  AND w.user_agent IS NOT DISTINCT FROM c.user_agent
  AND w.day IS NOT DISTINCT FROM c.hour::DATE;
