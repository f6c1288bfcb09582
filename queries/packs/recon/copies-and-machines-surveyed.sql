-- title: Copies, keys, networks and databases listed
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580], v19: [T1580]}
-- covers: [A7.14]
-- why: Snapshots, images and databases hold all data in one piece; key pairs and security groups say how to get in.
-- misses: What was asked the same way before the window is left out, and so are two or three questions, which any tool asks.
-- params:
--   names: {type: integer, default: 5, about: "Different lists asked for from which it is told."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'copies and machines surveyed by ' || principal AS subject,
  'Machines, copies and what protects them were listed: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND coalesce(event_source, '') IN ('ec2.amazonaws.com', 'rds.amazonaws.com')
  AND coalesce(event_name, '') IN ('DescribeSnapshots', 'DescribeImages', 'DescribeKeyPairs', 'DescribeSecurityGroups', 'DescribeVolumes', 'DescribeInstances',
    'DescribeDBInstances', 'DescribeDBSnapshots', 'DescribeDBClusters', 'DescribeDBClusterSnapshots', 'DescribeLaunchTemplates', 'DescribeIamInstanceProfileAssociations')
GROUP BY principal
HAVING count(DISTINCT event_name) >= $names::INTEGER
ORDER BY min(first_asked), principal
