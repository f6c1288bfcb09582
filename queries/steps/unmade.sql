-- The first later event, anyone's, that deletes or undoes what the scope made or changed. One in the same second may have come before:
-- it settles nothing.
CREATE OR REPLACE TEMP TABLE unmade AS
WITH names AS (
  SELECT DISTINCT event_source, event_name FROM events WHERE event_name IS NOT NULL
),
-- Names of one region say nothing about another, except where the service knows no regions.
types AS (
  SELECT
    type,
    NOT regexp_matches(type, '^AWS::(IAM|S3|Route53|CloudFront|Organizations|SSO|IdentityStore|Support)::') AS regional,
    -- What no catalog knows bears the call that made it: unknown:service:CreateThing.
    CASE WHEN type LIKE 'unknown:%' THEN split_part(type, ':', 2) || ':' || regexp_extract(split_part(type, ':', 3), '^(?:Batch)?[A-Z][a-z]+([A-Z].*?)s?$', 1) END AS unknown_thing
  FROM made
  GROUP BY type
),
calls AS (
  SELECT n.event_source, n.event_name, d.type, d.path_in, d.path, d.part, d.also_path, t.regional
  FROM names AS n
  JOIN catalog_deletes AS d ON d.event_source = n.event_source AND d.event_name = call_of(n.event_name)
  JOIN types AS t ON t.type = d.type
  UNION ALL
  SELECT n.event_source, n.event_name, t.type, 'any', NULL, 'id', NULL, t.regional
  FROM names AS n
  JOIN types AS t ON t.unknown_thing = split_part(n.event_source, '.', 1) || ':'
    || regexp_extract(call_of(n.event_name), '^(?:Batch)?(?:Delete|Terminate|Deregister|Release|Remove|Destroy|Deprovision)([A-Z].*?)s?$', 1)
),
deletions AS (
  SELECT
    e.event_id,
    e.event_time,
    coalesce(e.recipient_account_id, e.account_id, '') AS account,
    CASE WHEN c.regional THEN coalesce(e.aws_region, '') ELSE '' END AS region,
    coalesce(e.identity_arn, e.invoked_by, e.access_key_id, e.account_id, 'unknown') AS actor,
    c.type,
    c.part,
    unnest(CASE c.path_in WHEN 'region' THEN [e.aws_region] WHEN 'any' THEN [first_id(e.request_parameters)] ELSE values_at(e.request_parameters, c.path) END) AS value,
    CASE WHEN c.also_path IS NULL THEN ['*'] ELSE values_at(e.request_parameters, c.also_path) END AS alsos
  FROM events AS e
  JOIN calls AS c ON c.event_source = e.event_source AND c.event_name = e.event_name
  WHERE e.outcome = 'success' AND e.event_time IS NOT NULL
),
-- One a name and time: the nearest later deletion is sought, and which of several in one second must not matter.
-- The second part is '*' where the call deletes whatever the first part names.
named AS (
  SELECT type, part, name, account, region, also, event_time, min(event_id) AS event_id, arg_min(actor, event_id) AS actor
  FROM (SELECT * EXCLUDE (value, alsos), short_name(value) AS name, unnest(alsos) AS also FROM deletions)
  GROUP BY type, part, name, account, region, also, event_time
),
sought AS (
  SELECT
    m.thing,
    m.event_time,
    m.event_id,
    m.type,
    p.part,
    CASE p.part WHEN 'also' THEN short_name(m.also) ELSE m.name END AS name,
    coalesce(m.account, '') AS account,
    CASE WHEN p.regional THEN coalesce(m.region, '') ELSE '' END AS region,
    unnest(CASE WHEN m.also IS NULL THEN ['*'] ELSE ['*', m.also] END) AS also
  FROM made AS m
  JOIN (SELECT DISTINCT type, part, regional FROM calls) AS p ON p.type = m.type
  WHERE m.outcome = 'success' AND m.event_time IS NOT NULL
),
ranked AS (
  SELECT
    s.thing,
    n.event_id,
    n.actor,
    row_number() OVER (PARTITION BY s.thing ORDER BY n.event_time, n.event_id) AS place
  FROM sought AS s
  ASOF JOIN named AS n ON n.type = s.type AND n.part = s.part AND n.name = s.name AND n.account = s.account AND n.region = s.region
    AND n.also = s.also AND s.event_time < n.event_time
)
SELECT
  r.thing,
  r.event_id,
  coalesce(s.credential, r.actor) AS actor
FROM ranked AS r
LEFT JOIN (SELECT event_id, credential FROM scope_events WHERE event_id IN (SELECT event_id FROM ranked WHERE place = 1)) AS s
  ON s.event_id = r.event_id
WHERE r.place = 1;
