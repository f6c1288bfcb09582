-- title: Trails, detectors and recorders looked over
-- severity: medium
-- category: discovery
-- attack: {v18: [T1526, T1654], v19: [T1526, T1654]}
-- covers: [A7.13]
-- why: Who is watching, and what was seen already, is asked before anything is switched off; reading Event history tells what the defenders can know.
-- misses: One look at the trails, which tools take too.
-- params:
--   names: {type: integer, default: 2, about: "Different questions about what watches the account from which it is told."}
SELECT
  array_agg(event_id ORDER BY first_asked, event_id) AS event_ids,
  'defenses surveyed by ' || principal AS subject,
  'It was asked who is watching: '
    || clipped(string_agg(DISTINCT event_name, ', ' ORDER BY event_name), 200)
    || CASE WHEN count(DISTINCT aws_region) > 1 THEN ', in ' || count(DISTINCT aws_region) || ' regions' ELSE '' END
    || CASE WHEN bool_or(answered) THEN '' ELSE '; all were refused' END AS summary,
  CASE WHEN bool_and(console) THEN 'info' WHEN bool_and(iac) THEN 'low' ELSE 'medium' END AS severity,
  sum(calls) AS calls
FROM questions
WHERE NOT known
  AND coalesce(event_source, '') IN ('cloudtrail.amazonaws.com', 'guardduty.amazonaws.com', 'config.amazonaws.com', 'securityhub.amazonaws.com',
    'access-analyzer.amazonaws.com', 'macie2.amazonaws.com', 'inspector2.amazonaws.com')
  AND coalesce(event_name, '') IN ('DescribeTrails', 'ListTrails', 'GetTrail', 'GetTrailStatus', 'LookupEvents', 'GetEventSelectors', 'GetInsightSelectors',
    'ListEventDataStores', 'ListDetectors', 'GetDetector', 'GetFindings', 'ListFindings', 'ListPublishingDestinations', 'DescribeConfigurationRecorders',
    'DescribeConfigurationRecorderStatus', 'DescribeDeliveryChannels', 'DescribeHub', 'GetEnabledStandards', 'ListAnalyzers', 'GetMacieSession', 'BatchGetAccountStatus')
GROUP BY principal
HAVING count(DISTINCT event_name) >= $names::INTEGER OR bool_or(coalesce(event_name, '') IN ('LookupEvents', 'ListDetectors'))
ORDER BY min(first_asked), principal
