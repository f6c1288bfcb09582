-- title: Policy written that allows everything, or to become anyone
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1098.003, T1548.005], v19: [T1098.003, T1548.005]}
-- covers: [A2.02, A2.03]
-- why: All rights, or rights over IAM, PassRole or AssumeRole everywhere, are one step from administrator.
-- misses: Wide rights in one service alone (s3:*); rights over a single named user or role; deny statements elsewhere that may hold them back.
WITH wide AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    bearer,
    coalesce(policy_name, 'a new version') AS policy,
    actions,
    written_actions,
    resources,
    condition,
    CASE
      WHEN every_action THEN 'everything'
      WHEN all_but THEN actions
      WHEN all_of_iam THEN 'everything in IAM'
      ELSE 'to become or make others'
    END AS reach,
    every_action OR all_of_iam OR (all_but AND takeovers <> '') AS whole
  FROM policy_statements
  WHERE policy_kind = 'identity' AND event_source = 'iam.amazonaws.com' AND effect = 'Allow'
    AND (every_action OR all_of_iam OR all_but
      OR (takeovers <> '' AND regexp_matches(resources, '(^|, )(\*|arn:[^,]*[:/]\*)(,|$)')))
)
SELECT
  event_id,
  bearer || ', policy ' || policy AS subject,
  CASE WHEN outcome = 'success' THEN 'A policy was written for ' ELSE 'Attempt to write a policy for ' END || bearer || ' that allows ' || reach
    || CASE WHEN reach IN ('everything in IAM', 'to become or make others')
      THEN ': ' || clipped(string_agg(DISTINCT written_actions, '; ' ORDER BY written_actions), 200) ELSE '' END
    || CASE WHEN condition IS NULL THEN '' ELSE ', under a condition' END AS summary,
  CASE
    -- A policy of its own does nothing until it is attached.
    WHEN invoked_by IS NOT NULL OR event_name = 'CreatePolicy' THEN CASE WHEN whole THEN 'medium' ELSE 'low' END
    WHEN whole THEN 'high'
    ELSE 'medium'
  END AS severity,
  clipped(string_agg(DISTINCT resources, '; ' ORDER BY resources), 300) AS resources
FROM wide
GROUP BY event_id, event_time, event_name, outcome, invoked_by, bearer, policy, reach, whole, condition
ORDER BY event_time, event_id, summary
