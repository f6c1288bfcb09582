-- Data that the scope read, wrote, deleted, shared or exported: one row a thing and outcome.
-- Objects of a bucket stand one by one up to twenty, beyond that as their bucket.
WITH counted AS (
  SELECT kind, id, outcome, count(DISTINCT also) AS objects
  FROM reads
  WHERE inventory = 'data' AND kind IN ('object', 'object_description', 'written_object', 'deleted_object')
  GROUP BY kind, id, outcome
),
named AS (
  SELECT
    CASE WHEN c.objects > 20 THEN CASE r.kind
        WHEN 'object' THEN 'bucket'
        WHEN 'object_description' THEN 'described_bucket'
        WHEN 'written_object' THEN 'written_bucket'
        ELSE 'bucket_with_deletions' END
      ELSE r.kind END AS kind,
    CASE
      WHEN r.id IS NULL THEN '(not named)'
      WHEN c.objects > 20 OR r.also IS NULL THEN r.id
      WHEN r.kind LIKE 'shared%' THEN r.id || ' with ' || r.also
      ELSE r.id || '/' || r.also END AS id,
    c.objects,
    r.* EXCLUDE (kind, id)
  FROM reads AS r
  LEFT JOIN counted AS c ON c.kind = r.kind AND c.id = r.id AND c.outcome = r.outcome
  WHERE r.inventory = 'data'
)
SELECT
  kind,
  id,
  account,
  region,
  outcome,
  count(*) AS calls,
  sum(bytes_out) AS bytes_out,
  CASE WHEN any_value(objects) IS NOT NULL THEN greatest(1, count(DISTINCT also)) END AS objects,
  coalesce(array_agg(DISTINCT credential ORDER BY credential) FILTER (WHERE credential IS NOT NULL), []) AS credentials,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  arg_min(event_id, {time: event_time, id: event_id}, 100) AS event_ids
FROM named
GROUP BY kind, id, account, region, outcome
ORDER BY first_seen NULLS LAST, kind, id, account, region, outcome;
