-- title: Role opened to an unknown account or to anyone
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.003, T1136.003], v19: [T1098.003, T1136.003]}
-- covers: [A1.05, A1.06]
-- why: Whoever the trust policy names can take the role from his own account, with credentials that no containment here touches.
-- misses: What was trusted before the change; accounts of the same organisation whose logs are not in the evidence count as unknown.
SELECT
  event_id,
  bearer AS subject,
  CASE WHEN outcome = 'success' THEN 'The trust policy of ' || bearer || ' lets '
    ELSE 'Attempt to change the trust policy of ' || bearer || ' to let ' END
    || CASE WHEN anyone THEN 'anyone in any AWS account' ELSE clipped(string_agg(DISTINCT whom, ', ' ORDER BY whom), 300) END
    || ' take it' || CASE WHEN condition IS NULL THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN anyone AND condition IS NULL THEN 'critical'
    WHEN invoked_by IS NOT NULL THEN 'medium'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals,
  condition
FROM policy_grants
WHERE policy_kind = 'trust' AND effect = 'Allow' AND (anyone OR outsider) AND NOT confined
GROUP BY event_id, event_time, bearer, outcome, invoked_by, anyone, condition
ORDER BY event_time, event_id, summary
