-- title: Policy written that allows everything, or to become anyone
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1098.003, T1548.005], v19: [T1098.003, T1548.005]}
-- covers: [A2.02, A2.03]
-- why: All rights, or rights over IAM, PassRole or AssumeRole everywhere, are one step from administrator.
-- misses: Wide rights in one service alone (s3:*); deny statements elsewhere that may hold them back; policies of Identity Center (another rule).
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
    regexp_matches(actions, '(^|, )(\*|\*:\*|iam:\*)(,|$)') OR actions LIKE '%all but %' AS everything
  FROM policy_statements
  WHERE policy_kind = 'identity' AND event_source = 'iam.amazonaws.com' AND effect = 'Allow'
    AND (
      regexp_matches(actions, '(^|, )(\*|\*:\*|iam:\*)(,|$)')
      OR actions LIKE '%all but %'
      OR (regexp_matches(resources, '(^|, )(\*|arn:[^,]*[:/]\*)(,|$)') AND regexp_matches(actions,
        '(^|, )(iam:(passrole|pass\*|create\*|put\*|attach\*|update\*|set\*|add\*|createaccesskey|createloginprofile|updateloginprofile|attach(user|role|group)policy|put(user|role|group)policy|addusertogroup|updateassumerolepolicy|createpolicyversion|setdefaultpolicyversion)|sts:(\*|assume\*|assumerole)|organizations:\*|sso:\*)(,|$)'))
    )
)
SELECT
  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
  bearer || ', policy ' || policy AS subject,
  CASE WHEN bool_or(outcome = 'success') THEN 'A policy was written for ' ELSE 'Attempt to write a policy for ' END || bearer
    || CASE WHEN bool_or(everything) THEN ' that allows everything, or everything in IAM: ' ELSE ' that allows to become or make others: ' END
    || substr(string_agg(DISTINCT written_actions, '; ' ORDER BY written_actions), 1, 200)
    || CASE WHEN bool_and(condition IS NOT NULL) THEN ', under a condition' ELSE '' END AS summary,
  -- A policy of its own does nothing until it is attached.
  CASE
    WHEN bool_and(invoked_by IS NOT NULL) OR bool_and(event_name = 'CreatePolicy') THEN CASE WHEN bool_or(everything) THEN 'medium' ELSE 'low' END
    WHEN bool_or(everything) THEN 'high'
    ELSE 'medium'
  END AS severity,
  substr(string_agg(DISTINCT resources, '; ' ORDER BY resources), 1, 300) AS resources
FROM wide
GROUP BY bearer, policy
ORDER BY min(event_time), bearer, policy
