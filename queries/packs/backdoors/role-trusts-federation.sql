-- title: Role opened to an outside identity provider
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.003, T1484.002], v19: [T1098.003, T1484.002]}
-- covers: [A1.05, A1.06]
-- why: A role that trusts GitHub, Cognito or a certificate authority without saying who of them, can be taken by all their users.
-- misses: Conditions are read for the presence of a subject or audience, not for whom they admit; providers are another rule's.
WITH doors AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    bearer,
    principal,
    condition,
    principal_account NOT IN (SELECT account_id FROM own_accounts) AS foreign_provider,
    -- Any value of the list: a subject that leaves open whose repository, project or organisation it is.
    coalesce(regexp_matches(condition, ':sub"\s*:\s*(\[[^\]]*)?"(\*|[a-z_]+:[^"/:]*\*[^"]*)"'), false) AS wildcard,
    -- Providers that serve everyone: an audience alone is the same for all of them.
    regexp_matches(principal, '/(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io|api\.bitbucket\.org|accounts\.google\.com)(/|$)')
      AND coalesce(NOT regexp_matches(condition, ':(sub|repository[a-z_]*|job_workflow_ref|namespace[a-z_]*|project[a-z_]*|terraform_[a-z_]+|email)"'), false) AS nameless
  FROM policy_grants
  WHERE policy_kind = 'trust' AND effect = 'Allow'
    AND (principal_kind = 'Federated' OR (principal_kind = 'Service' AND principal = 'rolesanywhere.amazonaws.com'))
),
judged AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    bearer,
    principal,
    condition,
    wildcard,
    nameless,
    CASE
      WHEN foreign_provider THEN 'high'
      WHEN principal LIKE '%:saml-provider/%' THEN CASE WHEN condition IS NULL THEN 'medium' ELSE 'low' END
      WHEN principal = 'rolesanywhere.amazonaws.com' THEN CASE WHEN condition IS NULL THEN 'high' ELSE 'medium' END
      WHEN condition IS NULL OR wildcard OR nameless THEN 'high'
      WHEN regexp_matches(condition, ':sub"') THEN 'low'
      ELSE 'medium'
    END AS severity
  FROM doors
)
SELECT
  event_id,
  bearer || ' for ' || principal AS subject,
  CASE WHEN outcome = 'success' THEN 'The trust policy of ' || bearer || ' lets ' ELSE 'Attempt to change the trust policy of ' || bearer || ' to let ' END
    || CASE WHEN principal = 'rolesanywhere.amazonaws.com' THEN 'holders of a certificate (Roles Anywhere)' ELSE 'identities of ' || principal END
    || ' take it' || CASE WHEN condition IS NULL THEN ', whoever they are' WHEN wildcard THEN ', under a condition whose wildcard admits strangers'
      WHEN nameless THEN ', under a condition that does not say who of all its users' ELSE ', under a condition' END AS summary,
  CASE WHEN invoked_by IS NOT NULL AND severity = 'high' THEN 'medium' ELSE severity END AS severity,
  condition
FROM judged
ORDER BY outcome <> 'success', event_time, event_id, principal
