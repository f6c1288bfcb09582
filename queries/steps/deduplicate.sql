-- Leaves one row an eventID in events. Equal copies become duplicates, whole copies that differ become conflicts; a partial copy
-- is never in conflict with another. The event is the fullest copy: the whole one first by (path, record index) or, where all are
-- partial, the one with most fields. So the result does not depend on the order of loading.
-- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventID)

-- Every copy of the ids delivered more than once since the last run of this step.
CREATE OR REPLACE TEMP TABLE copies AS
SELECT * FROM events WHERE event_id IN (SELECT event_id FROM events GROUP BY event_id HAVING count(*) > 1);

-- Ids whose copies are not the same text: only these need a comparison that ignores the order of keys.
CREATE OR REPLACE TEMP TABLE differing AS
SELECT event_id
FROM (SELECT * EXCLUDE (file_id, record_index) FROM copies) AS content
GROUP BY event_id
HAVING count(DISTINCT content) > 1
UNION
SELECT event_id FROM conflicts WHERE event_id IN (SELECT event_id FROM copies);

-- Their copies with the content as one JSON object.
CREATE OR REPLACE TEMP TABLE contents AS
SELECT event_id, file_id, record_index, json_merge_patch(to_json(c), '{"file_id": null, "record_index": null}') AS content
FROM copies AS c
WHERE event_id IN (SELECT event_id FROM differing);

-- One row a leaf of each differing copy: its place and value. What Datadog's pipeline lays beside a record's own fields makes no difference:
-- https://docs.datadoghq.com/standard-attributes/
CREATE OR REPLACE TEMP TABLE leaves AS
SELECT
  c.event_id,
  c.file_id,
  c.record_index,
  regexp_extract(t.fullkey, '^\$\.([^.\[]+)', 1) AS column_name,
  t.fullkey || ' ' || t.type || ' ' || coalesce(t.atom::VARCHAR, '') AS leaf
FROM contents AS c, json_tree(c.content) AS t
WHERE t.fullkey NOT IN ('$', '$.extra')
  AND t.type <> 'NULL'
  AND NOT regexp_matches(
    t.fullkey,
    '^\$\.extra\.((aws|date|ddsource|ddtags|evt|host|hostname|http|network|service|source|status|tags|timestamp|title|usr)($|[.\[])|userIdentity\.(assumed_role|session_name)$)'
  );

-- Copies in order, each content once; those known as conflicts from an earlier load take part.
CREATE OR REPLACE TEMP TABLE ranked AS
WITH fingerprints AS (
  SELECT event_id, file_id, record_index, sha256(string_agg(leaf, chr(10) ORDER BY leaf)) AS fingerprint, count(*) AS leaves
  FROM leaves
  GROUP BY event_id, file_id, record_index
),
candidates AS (
  SELECT c.event_id, v.path, c.file_id, c.record_index, coalesce(f.fingerprint, 'same') AS fingerprint,
    c.partial, CASE WHEN c.partial THEN coalesce(-f.leaves, 0) ELSE 0 END AS fullness
  FROM copies AS c
  JOIN evidence AS v USING (file_id)
  LEFT JOIN fingerprints AS f USING (event_id, file_id, record_index)
  UNION ALL
  SELECT k.event_id, v.path, k.file_id, k.record_index, k.fingerprint, false AS partial, 0 AS fullness
  FROM conflicts AS k
  JOIN evidence AS v ON v.file_id = k.file_id
  WHERE k.event_id IN (SELECT event_id FROM differing)
)
SELECT
  *,
  row_number() OVER (PARTITION BY event_id ORDER BY partial, fullness, path, record_index, file_id) AS copy_rank,
  row_number() OVER (PARTITION BY event_id, fingerprint ORDER BY partial, fullness, path, record_index, file_id) AS content_rank
FROM candidates;

INSERT INTO duplicates
SELECT event_id, file_id, record_index FROM ranked WHERE copy_rank > 1 AND (partial OR content_rank > 1);

-- Columns in which a copy and the event have different leaves.
CREATE OR REPLACE TEMP TABLE differences AS
WITH event_leaves AS (
  SELECT l.* FROM leaves AS l JOIN ranked AS r USING (event_id, file_id, record_index) WHERE r.copy_rank = 1
),
other_leaves AS (
  SELECT l.* FROM leaves AS l JOIN ranked AS r USING (event_id, file_id, record_index) WHERE r.copy_rank > 1 AND r.content_rank = 1 AND NOT r.partial
),
one_sided AS (
  SELECT o.event_id, o.file_id, o.record_index, o.column_name
  FROM other_leaves AS o
  ANTI JOIN event_leaves AS e ON e.event_id = o.event_id AND e.leaf = o.leaf
  UNION
  SELECT o.event_id, o.file_id, o.record_index, e.column_name
  FROM (SELECT DISTINCT event_id, file_id, record_index FROM other_leaves) AS o
  JOIN event_leaves AS e ON e.event_id = o.event_id
  ANTI JOIN other_leaves AS x ON x.event_id = o.event_id AND x.file_id = o.file_id AND x.record_index = o.record_index AND x.leaf = e.leaf
)
SELECT event_id, file_id, record_index, array_agg(DISTINCT column_name ORDER BY column_name) AS differs_in
FROM one_sided
GROUP BY event_id, file_id, record_index;

DELETE FROM conflicts WHERE (event_id, file_id, record_index) IN (SELECT (event_id, file_id, record_index) FROM ranked WHERE content_rank > 1);

INSERT INTO conflicts BY NAME
SELECT r.event_id, coalesce(d.differs_in, []) AS differs_in, c.content, r.fingerprint, r.file_id, r.record_index
FROM ranked AS r
JOIN contents AS c USING (event_id, file_id, record_index)
LEFT JOIN differences AS d USING (event_id, file_id, record_index)
WHERE r.copy_rank > 1 AND r.content_rank = 1 AND NOT r.partial;

DELETE FROM events
WHERE event_id IN (SELECT event_id FROM copies)
  AND (file_id, record_index) IN (SELECT (file_id, record_index) FROM ranked WHERE copy_rank > 1);

DROP TABLE copies;
DROP TABLE differing;
DROP TABLE contents;
DROP TABLE leaves;
DROP TABLE ranked;
DROP TABLE differences;
