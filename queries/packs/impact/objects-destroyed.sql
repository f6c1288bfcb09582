-- title: Objects or buckets destroyed
-- severity: medium
-- category: impact
-- attack: {v18: [T1485], v19: [T1485]}
-- covers: [A10.01]
-- why: Data that is wiped, above all after it was read, is what is held for ransom; how much is gone is the first question.
-- misses: Which objects a DeleteObjects call named, since CloudTrail does not list them; without data events only deleted buckets are seen.
-- params:
--   objects: {type: integer, default: 50, about: "Deletions in one bucket by one principal from which it is high."}
--   minutes: {type: integer, default: 1440, about: "Longest time between the first read and the deletion for both to be one act."}
WITH wiped AS (
  SELECT
    principal,
    bucket,
    array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
    count(*) AS calls,
    bool_or(event_name = 'DeleteObjects' AND outcome = 'success') AS in_bulk,
    bool_or(event_name = 'DeleteBucket') AS bucket_tried,
    bool_or(event_name = 'DeleteBucket' AND outcome = 'success') AS bucket_gone,
    bool_or(outcome = 'success') AS done,
    sum(CASE WHEN outcome = 'success' AND event_name <> 'DeleteBucket' THEN 1 ELSE 0 END) AS deleted,
    bool_and(invoked_by IS NOT NULL) AS by_service,
    bool_or(hop IS NOT NULL) AS suspected,
    min(event_time) AS first_time,
    max(event_time) AS last_time
  FROM object_deletions
  GROUP BY principal, bucket
),
taken AS (
  SELECT w.principal, w.bucket, count(*) AS reads
  FROM wiped AS w
  JOIN object_access AS o ON o.principal = w.principal AND o.bucket = w.bucket
  WHERE coalesce(o.event_name, '') IN ('GetObject', 'CopyObject', 'UploadPartCopy') AND o.outcome = 'success'
    AND o.event_time BETWEEN w.first_time - to_minutes($minutes::INTEGER) AND w.last_time
  GROUP BY w.principal, w.bucket
)
SELECT
  w.event_ids,
  'bucket ' || w.bucket || ' by ' || w.principal AS subject,
  CASE WHEN w.bucket_gone THEN 'The bucket ' || w.bucket || ' was deleted' WHEN NOT w.done THEN 'Attempt to delete in or with the bucket ' || w.bucket
    ELSE 'Objects were deleted from the bucket ' || w.bucket END
    || CASE WHEN w.deleted > 0 THEN ': ' || w.deleted || CASE WHEN w.deleted = 1 THEN ' deletion' ELSE ' deletions' END
      || CASE WHEN w.in_bulk THEN ', of up to 1,000 objects each' ELSE '' END ELSE '' END
    || coalesce('; ' || t.reads || ' reads by the same principal came before', '') AS summary,
  CASE
    WHEN w.by_service THEN 'info'
    WHEN t.reads >= 10 AND w.deleted >= 10 THEN 'critical'
    WHEN w.deleted >= $objects::INTEGER OR (w.bucket_gone AND w.suspected) THEN 'high'
    WHEN w.in_bulk OR w.bucket_tried OR w.suspected THEN 'medium'
    ELSE 'low'
  END AS severity,
  w.deleted,
  t.reads
FROM wiped AS w
LEFT JOIN taken AS t ON t.principal = w.principal AND t.bucket = w.bucket
-- Without a seed nobody is suspected: single objects go every day.
WHERE w.suspected OR w.bucket_tried OR w.deleted >= $objects::INTEGER OR t.reads IS NOT NULL
ORDER BY w.first_time, w.bucket, w.principal
