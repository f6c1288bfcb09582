-- title: Access to a Kubernetes cluster granted
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.006], v19: [T1098.006]}
-- covers: [A1.23]
-- why: An access entry lets an IAM identity rule a cluster's machines and secrets, beside all Kubernetes accounts.
-- misses: The older aws-auth map and Kubernetes' own roles, which CloudTrail does not see.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.clusterName'), json_extract_string(request_parameters, '$.name'), '(unnamed)')
      || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS cluster,
    replace(replace(coalesce(json_extract_string(request_parameters, '$.principalArn'), '(unnamed)'), '%3A', ':'), '%2F', '/') AS principal,
    json_extract_string(request_parameters, '$.policyArn') AS policy,
    json_extract_string(request_parameters, '$.kubernetesGroups') AS kubernetes_groups
  FROM scope_events
  WHERE event_source = 'eks.amazonaws.com' AND coalesce(event_name, '') IN ('CreateAccessEntry', 'UpdateAccessEntry', 'AssociateAccessPolicy')
)
SELECT
  event_id,
  principal || ' on cluster ' || cluster AS subject,
  CASE WHEN outcome = 'success' THEN principal || ' was let into the cluster ' ELSE 'Attempt to let ' || principal || ' into the cluster ' END || cluster
    || coalesce(', with ' || policy, ', in the groups ' || kubernetes_groups, '') AS summary,
  CASE
    WHEN regexp_matches(policy, 'Admin') OR kubernetes_groups LIKE '%system:masters%'
      OR nullif(regexp_extract(principal, '^arn:aws[a-z-]*:(iam|sts)::([0-9]{12}):', 2), '') NOT IN (SELECT account_id FROM own_accounts)
      THEN CASE WHEN invoked_by IS NOT NULL THEN 'medium' ELSE 'high' END
    ELSE 'low'
  END AS severity,
  policy,
  kubernetes_groups
FROM calls
ORDER BY CASE event_name WHEN 'AssociateAccessPolicy' THEN 0 ELSE 1 END, outcome <> 'success', event_time, event_id
