-- title: Network traffic mirrored
-- severity: high
-- category: collection
-- attack: {v18: [T1040, T1020.001], v19: [T1040, T1020.001]}
-- covers: [A4.11]
-- why: A mirror copies every packet of a machine to somebody else, passwords and data alike.
-- misses: What was copied; mirrors made before the window.
SELECT
  event_id,
  coalesce(
    json_extract_string(response_elements, '$.CreateTrafficMirrorSessionResponse.trafficMirrorSession.trafficMirrorSessionId'),
    json_extract_string(response_elements, '$.CreateTrafficMirrorTargetResponse.trafficMirrorTarget.trafficMirrorTargetId'),
    json_extract_string(response_elements, '$.CreateTrafficMirrorFilterResponse.trafficMirrorFilter.trafficMirrorFilterId'),
    event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE event_name
    WHEN 'CreateTrafficMirrorSession' THEN 'A mirror of the traffic of '
      || coalesce(json_extract_string(request_parameters, '$.CreateTrafficMirrorSessionRequest.NetworkInterfaceId'), 'an unnamed interface')
    WHEN 'CreateTrafficMirrorTarget' THEN 'A destination for mirrored traffic'
    ELSE 'A filter for mirrored traffic'
  END
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || ' made' AS summary,
  -- Only the session copies; target and filter prepare it.
  CASE WHEN event_name = 'CreateTrafficMirrorSession' THEN 'high' ELSE 'medium' END AS severity
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('CreateTrafficMirrorSession', 'CreateTrafficMirrorTarget',
  'CreateTrafficMirrorFilter')
ORDER BY event_time, event_id
