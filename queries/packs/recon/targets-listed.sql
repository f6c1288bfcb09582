-- title: Machines, functions and clusters to move on to listed
-- severity: medium
-- category: discovery
-- attack: {v18: [T1580, T1518], v19: [T1580, T1518]}
-- covers: [A7.15]
-- why: Which machines take commands, which functions and clusters run, is the list of where to go next.
-- misses: Functions listed alone, which pipelines do. What was asked the same way before the window is left out.
-- params:
--   names: {type: integer, default: 3, about: "Different lists asked for from which it is told."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'targets listed by ' || principal AS subject,
  'Machines, functions and clusters to move on to were listed: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND coalesce(event_source, '') IN ('ssm.amazonaws.com', 'lambda.amazonaws.com', 'resource-explorer-2.amazonaws.com', 'eks.amazonaws.com', 'ecs.amazonaws.com')
  AND regexp_matches(event_name, '^(DescribeInstanceInformation|GetInventory|ListCommands|ListCommandInvocations|DescribeSessions|ListFunctions[0-9v]*|Search|ListClusters|ListTasks|ListContainerInstances)$')
GROUP BY principal
HAVING count(DISTINCT event_name) >= $names::INTEGER OR bool_or(coalesce(event_name, '') IN ('DescribeInstanceInformation', 'GetInventory', 'Search'))
ORDER BY min(first_asked), principal
