-- title: Console opened with credentials of a command line
-- severity: high
-- category: lateral-movement
-- attack: {v18: [T1550.001, T1021.007], v19: [T1550.001, T1021.007]}
-- covers: [A9.11]
-- why: A sign-in token turns keys into a console session, which needs no password, no MFA, and outlives the keys it came from.
-- misses: "Portals that mint such tokens by design: they are known by where they call from, and told as info."
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  'sign-in token of ' || coalesce(s.identity_arn, s.principal_id, 'an unknown caller') AS subject,
  CASE WHEN bool_or(s.outcome = 'success') THEN 'A sign-in token for the console was fetched' ELSE 'A sign-in token for the console was asked for' END
    || ' with the credentials of ' || coalesce(s.identity_arn, s.principal_id, 'an unknown caller')
    || ' from ' || string_agg(DISTINCT coalesce(s.source_ip_address, 'no address'), ', ' ORDER BY coalesce(s.source_ip_address, 'no address')) AS summary,
  CASE
    WHEN bool_and(coalesce(s.session_issuer_user_name, '') LIKE 'AWSReservedSSO_%' AND (regexp_matches(s.user_agent, '^(Jersey/|AWSSSO|aws-sdk-java)') OR s.source_kind <> 'public')) THEN 'info'
    WHEN bool_and(coalesce(s.session_issuer_user_name, '') LIKE 'AWSReservedSSO_%') THEN 'medium'
    ELSE 'high'
  END AS severity,
  string_agg(DISTINCT s.user_agent, ', ' ORDER BY s.user_agent) AS agents
FROM scope_events AS s
WHERE s.event_source = 'signin.amazonaws.com' AND s.event_name = 'GetSigninToken'
GROUP BY coalesce(s.identity_arn, s.principal_id, 'an unknown caller')
ORDER BY min(s.event_time), subject
