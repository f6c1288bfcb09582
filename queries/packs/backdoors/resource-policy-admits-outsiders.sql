-- title: Resource policy lets strangers in
-- severity: high
-- category: persistence
-- attack: {v18: [T1098, T1537], v19: [T1098, T1537]}
-- covers: [A1.25]
-- why: Queues, topics, keys, secrets, registries and vaults that name a foreign account or everyone can be used with no credential of ours.
-- misses: Bucket policies (pack data-access); VPC endpoint and API policies; what the policy allowed before this change.
SELECT
  event_id,
  bearer AS subject,
  CASE WHEN outcome = 'success' THEN 'The policy of ' || bearer || ' lets ' ELSE 'Attempt to change the policy of ' || bearer || ' to let ' END
    || CASE WHEN anyone THEN 'anyone' ELSE clipped(string_agg(DISTINCT whom, ', ' ORDER BY whom), 300) END
    || ' call ' || clipped(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 160)
    || CASE WHEN condition IS NULL THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN anyone AND condition IS NULL AND event_source IN ('kms.amazonaws.com', 'secretsmanager.amazonaws.com') THEN 'critical'
    WHEN invoked_by IS NOT NULL THEN 'medium'
    WHEN condition IS NULL THEN 'high'
    ELSE 'medium'
  END AS severity,
  event_source AS service,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM policy_grants
WHERE policy_kind = 'resource' AND event_source <> 's3.amazonaws.com' AND effect = 'Allow' AND (anyone OR outsider) AND NOT confined
GROUP BY event_id, event_time, event_source, bearer, outcome, invoked_by, anyone, condition
ORDER BY event_time, event_id, summary
