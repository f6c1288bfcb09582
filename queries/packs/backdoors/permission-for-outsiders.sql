-- title: Permission or key grant added for strangers
-- severity: high
-- category: persistence
-- attack: {v18: [T1098, T1546], v19: [T1098, T1546]}
-- covers: [A1.20, A1.25]
-- why: One added permission lets a foreign account, or everyone, run a function, load a layer, read a queue or decrypt with a key.
-- misses: Permissions for AWS services that name no source account (the confused deputy).
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  bearer AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'A permission on ' || bearer || ' lets ' ELSE 'Attempt to add a permission on ' || bearer || ' to let ' END
    || CASE WHEN bool_or(anyone) THEN 'anyone' ELSE substr(string_agg(DISTINCT principal, ', ' ORDER BY principal), 1, 200) || ' (unknown account)' END
    || ' call ' || coalesce(nullif(substr(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 1, 160), ''), 'it')
    || CASE WHEN bool_or(condition IS NULL) THEN '' ELSE ', under a condition' END AS summary,
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) THEN 'medium'
    WHEN bool_or(condition IS NULL) THEN 'high'
    ELSE 'medium'
  END AS severity,
  min(event_source) AS service,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM policy_grants
WHERE policy_kind = 'permission' AND (anyone OR outsider) AND NOT confined
GROUP BY bearer
ORDER BY min(event_time), bearer
