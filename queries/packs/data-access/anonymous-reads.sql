-- title: Bucket read by anyone, without a credential
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1530], v19: [T1530]}
-- covers: [A4.01]
-- why: A read without a credential proves that a bucket stands open and that somebody found it.
-- misses: Reads happen unseen where data events are not recorded; a bucket that is public on purpose looks the same.
WITH strangers AS (
  SELECT event_id, event_time, event_name, outcome, source_ip_address, request_parameters
  FROM scope_events
  WHERE event_source = 's3.amazonaws.com' AND coalesce(account_id, '') IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
  UNION
  SELECT event_id, event_time, event_name, outcome, source_ip_address, request_parameters
  FROM consequence_events
  WHERE event_source = 's3.amazonaws.com' AND coalesce(account_id, '') IN ('anonymous', 'ANONYMOUS_PRINCIPAL')
)
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'arn:aws:s3:::' || coalesce(json_extract_string(request_parameters, '$.bucketName'), '(unnamed)') AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'Bucket ' ELSE 'In vain, bucket ' END
    || coalesce(json_extract_string(request_parameters, '$.bucketName'), '(unnamed)')
    || ' was called without a credential: ' || 'calls answered: ' || sum(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END)
    || ', refused: ' || sum(CASE WHEN outcome = 'success' THEN 0 ELSE 1 END) || ', from ' || count(DISTINCT source_ip_address)
    || CASE WHEN count(DISTINCT source_ip_address) = 1 THEN ' address' ELSE ' addresses' END AS summary,
  -- The whole internet knocks at every bucket: an answer counts, a refusal is weather.
  CASE WHEN bool_or(outcome = 'success') THEN 'high' ELSE 'low' END AS severity,
  string_agg(DISTINCT source_ip_address, ', ' ORDER BY source_ip_address) AS addresses,
  count(DISTINCT json_extract_string(request_parameters, '$.key')) AS objects
FROM strangers
GROUP BY json_extract_string(request_parameters, '$.bucketName')
ORDER BY min(event_time), subject
