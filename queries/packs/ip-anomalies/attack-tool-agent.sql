-- title: Agent of an attack or copying tool
-- severity: low
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.08]
-- why: Some visitors do not hide their tools; it costs nothing to note it.
-- misses: Whoever changes the agent is not seen, and anyone may bear one of these names. A fact to weigh, never a proof.
WITH tools AS (
  SELECT
    user_agent,
    CASE WHEN regexp_matches(user_agent,
      '(?i)kali|parrot|pentoo|pacu|stratus|trufflehog|nuclei|sqlmap|weirdaal|cloudfox|scoutsuite|prowler|enumerate-iam') THEN true
        ELSE false END AS attack,
    CASE
      WHEN family <> 'other' AND kind = 'tool' THEN family
      ELSE lower(regexp_extract(user_agent,
        '(?i)(kali|parrot|pentoo|pacu|stratus|trufflehog|nuclei|sqlmap|weirdaal|cloudfox|scoutsuite|prowler|enumerate-iam)', 1))
    END AS tool
  FROM agents
  WHERE kind = 'tool'
    OR regexp_matches(user_agent, '(?i)kali|parrot|pentoo|pacu|stratus|trufflehog|nuclei|sqlmap|weirdaal|cloudfox|scoutsuite|prowler|enumerate-iam')
)
SELECT
  array_agg(s.event_id ORDER BY s.event_time, s.event_id) AS event_ids,
  t.tool || ' by ' || coalesce(s.session_issuer_arn, s.identity_arn, s.account_id, 'an unknown caller') AS subject,
  count(*) || CASE WHEN count(*) = 1 THEN ' call bears' ELSE ' calls bear' END || ' the name of the tool ' || t.tool
    || '; an agent is the caller''s to choose' AS summary,
  CASE WHEN bool_or(t.attack) THEN 'low' ELSE 'info' END AS severity,
  coalesce(min(w.told), 'no baseline') AS normal,
  t.tool AS seen,
  min(s.user_agent) AS user_agent
FROM scope_events AS s
JOIN tools AS t ON t.user_agent = s.user_agent
LEFT JOIN usual AS w ON w.kind IN ('identity', 'role') AND w.id = coalesce(s.session_issuer_arn, s.identity_arn) AND w.aspect = 'agent'
WHERE s.invoked_by IS NULL
GROUP BY t.tool, coalesce(s.session_issuer_arn, s.identity_arn, s.account_id, 'an unknown caller')
ORDER BY min(s.event_time), subject
