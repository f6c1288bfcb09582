-- title: Permissions tried by dry runs
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.04]
-- why: A dry run answers whether a call would succeed and changes nothing, so it confirms a permission in silence.
-- misses: Dry runs that were refused look like any refused call.
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  'dry runs by ' || coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  'Permissions were confirmed by ' || count(*) || CASE WHEN count(*) = 1 THEN ' dry run' ELSE ' dry runs' END || ' in '
    || count(DISTINCT aws_region) || CASE WHEN count(DISTINCT aws_region) = 1 THEN ' region: ' ELSE ' regions: ' END
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'info' ELSE 'medium' END AS severity,
  string_agg(DISTINCT aws_region, ', ' ORDER BY aws_region) AS regions
FROM scope_events
WHERE outcome = 'dry_run'
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller')
ORDER BY min(event_time), subject
