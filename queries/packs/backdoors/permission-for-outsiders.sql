-- title: Permission or key grant added for strangers
-- severity: high
-- category: persistence
-- attack: {v18: [T1098, T1546], v19: [T1098, T1546]}
-- covers: [A1.20, A1.25]
-- why: One added permission lets a foreign account, or everyone, run a function, load a layer, read a queue or decrypt with a key.
-- misses: Permissions for AWS services that name no source account (the confused deputy).
SELECT
  event_id,
  bearer AS subject,
  CASE WHEN outcome = 'success' THEN 'A permission on ' || bearer || ' lets ' ELSE 'Attempt to add a permission on ' || bearer || ' to let ' END
    || CASE WHEN anyone THEN 'anyone' ELSE clipped(string_agg(DISTINCT whom, ', ' ORDER BY whom), 300) END
    || ' call ' || coalesce(nullif(clipped(string_agg(DISTINCT written_actions, ', ' ORDER BY written_actions), 160), ''), 'it')
    || CASE WHEN condition IS NULL THEN '' ELSE ', under a condition' END AS summary,
  CASE WHEN invoked_by IS NULL AND condition IS NULL THEN 'high' ELSE 'medium' END AS severity,
  event_source AS service,
  string_agg(DISTINCT principal, ', ' ORDER BY principal) AS principals
FROM policy_grants
WHERE policy_kind = 'permission' AND (anyone OR outsider) AND NOT confined
GROUP BY event_id, event_time, event_source, bearer, outcome, invoked_by, anyone, condition
ORDER BY event_time, event_id, summary
