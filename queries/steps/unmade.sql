-- The first later event, anyone's, that deletes or undoes what the scope made or changed.
CREATE OR REPLACE TEMP TABLE unmade AS
WITH names AS (
  SELECT DISTINCT event_source, event_name FROM events WHERE event_name IS NOT NULL
),
calls AS (
  SELECT n.event_source, n.event_name, d.type, d.path_in, d.path, d.part, d.also_path
  FROM names AS n
  JOIN catalog_deletes AS d ON d.event_source = n.event_source AND d.event_name = call_of(n.event_name)
  WHERE d.type IN (SELECT type FROM made)
),
deletions AS (
  SELECT
    e.event_id,
    e.event_time,
    coalesce(e.recipient_account_id, e.account_id) AS account,
    e.aws_region AS region,
    coalesce(e.identity_arn, e.invoked_by, e.access_key_id, e.account_id, 'unknown') AS actor,
    c.type,
    c.part,
    c.also_path,
    unnest(CASE WHEN c.path_in = 'region' THEN [e.aws_region] ELSE values_at(e.request_parameters, c.path) END) AS value,
    CASE WHEN c.also_path IS NOT NULL THEN values_at(e.request_parameters, c.also_path) END AS alsos
  FROM events AS e
  JOIN calls AS c ON c.event_source = e.event_source AND c.event_name = e.event_name
  WHERE e.outcome = 'success' AND e.event_time IS NOT NULL
),
-- By id or by second part; names of one region or account say nothing about another, except where the service knows no regions.
matches AS (
  SELECT m.thing, d.event_id, d.event_time, d.actor
  FROM made AS m
  JOIN deletions AS d ON d.type = m.type
    AND short_name(d.value) = CASE d.part WHEN 'also' THEN short_name(m.also) ELSE m.name END
  WHERE m.outcome = 'success'
    AND d.event_time >= m.event_time
    AND d.event_id <> m.event_id
    AND d.account IS NOT DISTINCT FROM m.account
    AND (d.region IS NOT DISTINCT FROM m.region OR regexp_matches(m.type, '^AWS::(IAM|S3|Route53|CloudFront|Organizations|SSO|IdentityStore|Support)::'))
    AND (d.also_path IS NULL OR list_contains(d.alsos, m.also))
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY thing ORDER BY event_time, event_id) AS place FROM matches
)
SELECT
  r.thing,
  r.event_id,
  coalesce(s.credential, r.actor) AS actor
FROM ranked AS r
LEFT JOIN (SELECT event_id, min(credential) AS credential FROM scope_events GROUP BY event_id) AS s ON s.event_id = r.event_id
WHERE r.place = 1;
