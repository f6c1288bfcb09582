-- title: Key pair created or imported
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.004], v19: [T1098.004]}
-- covers: [A3.02]
-- why: Whoever holds the private half can log in to every instance launched with the pair, long after the AWS credential is gone.
-- misses: Keys placed on a running instance by other means (user data, Instance Connect, SSM) are other rules'.
SELECT
  s.event_id,
  'key pair ' || coalesce(json_extract_string(s.request_parameters, '$.keyName'), json_extract_string(s.response_elements, '$.keyName'), '(unnamed)')
    || ' in ' || coalesce(s.aws_region, 'an unknown region') || ' of ' || coalesce(s.recipient_account_id, 'an unknown account') AS subject,
  'Key pair ' || coalesce(json_extract_string(s.request_parameters, '$.keyName'), '(unnamed)')
    || CASE s.outcome WHEN 'success' THEN ' was ' WHEN 'dry_run' THEN ' could have been (a dry run) ' ELSE ' was to be ' END
    || CASE
      WHEN s.event_name = 'ImportKeyPair' THEN 'imported: the caller holds its private half, AWS never did'
      ELSE 'created, its private half handed to the caller'
    END AS summary,
  CASE WHEN s.invoked_by IS NOT NULL OR a.kind = 'iac' THEN 'low' ELSE 'medium' END AS severity,
  json_extract_string(s.response_elements, '$.keyPairId') AS key_pair_id,
  json_extract_string(s.response_elements, '$.keyFingerprint') AS key_fingerprint,
  s.invoked_by
FROM scope_events AS s
LEFT JOIN agents AS a ON a.user_agent = s.user_agent
WHERE s.event_source = 'ec2.amazonaws.com' AND coalesce(s.event_name, '') IN ('CreateKeyPair', 'ImportKeyPair')
ORDER BY s.event_time, s.event_id
