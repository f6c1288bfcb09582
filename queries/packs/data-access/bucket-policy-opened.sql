-- title: Bucket policy lets strangers in
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1530, T1537], v19: [T1530, T1537]}
-- covers: [A4.04]
-- why: A bucket whose policy names everyone or a foreign account can be emptied without any credential of ours.
-- misses: Whether the account's public access block still stands in the way; access points and what the policy allowed before.
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  'arn:aws:s3:::' || bearer AS subject,
  'The policy of bucket ' || bearer || CASE WHEN bool_or(outcome = 'success') THEN ' lets ' ELSE ' was to let ' END
    || CASE WHEN bool_or(anyone) THEN 'anyone' ELSE 'foreign account ' || string_agg(DISTINCT principal_account, ', ' ORDER BY principal_account) END
    || ' call ' || substr(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 1, 160)
    || CASE WHEN bool_or(condition IS NULL) THEN '' ELSE ', under a condition' END AS summary,
  CASE WHEN bool_or(anyone AND condition IS NULL) THEN 'critical' WHEN bool_or(condition IS NULL) THEN 'high' ELSE 'medium' END AS severity,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM policy_grants
WHERE event_source = 's3.amazonaws.com' AND coalesce(event_name, '') IN ('PutBucketPolicy', 'PutAccessPointPolicy')
  AND effect = 'Allow' AND (anyone OR outsider) AND NOT confined
GROUP BY bearer
ORDER BY min(event_time), bearer
