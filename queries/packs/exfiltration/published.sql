-- title: Builds, documents or logs opened to outsiders
-- severity: medium
-- category: exfiltration
-- attack: {v18: [T1567, T1537], v19: [T1567, T1537]}
-- covers: [A4.18]
-- why: A public build project, a document shared with everyone or a log sent to another account goes on leaking by itself.
-- misses: What the builds, documents and logs held; log destinations inside the own accounts are not judged.
WITH opened AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(
      nullif(json_extract_string(request_parameters, '$.projectArn'), ''), nullif(json_extract_string(request_parameters, '$.name'), ''),
      nullif(json_extract_string(request_parameters, '$.logGroupName'), ''),
      event_name || ' in ' || coalesce(aws_region, 'an unknown region')
    ) AS subject,
    CASE event_name
      WHEN 'UpdateProjectVisibility' THEN CASE WHEN json_extract_string(request_parameters, '$.projectVisibility') = 'PUBLIC_READ' THEN 'everyone' END
      WHEN 'ModifyDocumentPermission' THEN CASE WHEN regexp_matches(CAST(json_extract(request_parameters, '$.accountIdsToAdd') AS VARCHAR), '"[aA]ll"')
        THEN 'everyone' ELSE json_extract_string(request_parameters, '$.accountIdsToAdd[0]') END
      ELSE split_part(json_extract_string(request_parameters, '$.destinationArn'), ':', 5)
    END AS audience
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('codebuild.amazonaws.com', 'ssm.amazonaws.com', 'logs.amazonaws.com')
    AND coalesce(event_name, '') IN ('UpdateProjectVisibility', 'ModifyDocumentPermission', 'PutSubscriptionFilter')
)
SELECT
  o.event_id,
  subject,
  subject || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END || ' opened to '
    || CASE WHEN audience = 'everyone' THEN 'everyone' WHEN contains(s.accounts, ',') THEN 'accounts ' || s.accounts
      ELSE 'account ' || coalesce(s.accounts, audience) END AS summary,
  CASE WHEN s.accounts IS NOT NULL OR audience NOT IN (SELECT account_id FROM own_accounts) THEN 'high' ELSE 'low' END AS severity,
  coalesce(s.accounts, audience) AS audience
FROM opened AS o
LEFT JOIN strangers_named AS s ON s.event_id = o.event_id
WHERE audience <> ''
ORDER BY event_time, o.event_id
