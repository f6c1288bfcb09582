-- title: Role opened to an unknown account or to anyone
-- severity: high
-- category: persistence
-- attack: {v18: [T1098.003, T1136.003], v19: [T1098.003, T1136.003]}
-- covers: [A1.05, A1.06]
-- why: Whoever the trust policy names can take the role from his own account, with credentials that no containment here touches.
-- misses: What was trusted before the change; accounts of the same organisation whose logs are not in the evidence count as unknown.
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  bearer AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'The trust policy of ' || bearer || ' lets '
    ELSE 'Attempt to change the trust policy of ' || bearer || ' to let ' END
    || CASE WHEN bool_or(anyone) THEN 'anyone in any AWS account' ELSE substr(string_agg(DISTINCT principal, ', ' ORDER BY principal), 1, 200) || ' (unknown account)' END
    || ' take it' || CASE WHEN bool_or(condition IS NULL) THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN bool_or(anyone AND condition IS NULL) THEN 'critical'
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'medium'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals,
  min(condition) AS condition
FROM policy_grants
WHERE policy_kind = 'trust' AND effect = 'Allow' AND (anyone OR outsider) AND NOT confined
GROUP BY bearer
ORDER BY min(event_time), bearer
