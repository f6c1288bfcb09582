-- title: Security Hub, Macie, Inspector or Access Analyzer switched off or silenced
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.001], v19: [T1685]}
-- covers: [A8.07]
-- why: These services show the open doors and the data behind them; a thief who shuts them off works unseen.
-- misses: Standards and single controls switched off in Security Hub, which are common in daily work.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_source,
    event_name,
    outcome,
    invoked_by,
    split_part(event_source, '.', 1) AS service,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(CAST(request_parameters AS VARCHAR), '') AS request
  FROM scope_events
  WHERE (event_source = 'securityhub.amazonaws.com'
      AND coalesce(event_name, '') IN ('BatchUpdateFindings', 'UpdateFindings', 'DeleteInsight', 'UpdateInsight', 'DisableSecurityHub', 'DisassociateFromAdministratorAccount', 'CreateAutomationRule'))
    OR (event_source = 'macie2.amazonaws.com' AND coalesce(event_name, '') IN ('DisableMacie', 'UpdateMacieSession', 'DisassociateFromAdministratorAccount'))
    OR (event_source = 'inspector2.amazonaws.com' AND coalesce(event_name, '') IN ('Disable', 'CreateFilter'))
    OR (event_source = 'access-analyzer.amazonaws.com' AND coalesce(event_name, '') IN ('DeleteAnalyzer', 'CreateArchiveRule'))
    OR (event_source = 'detective.amazonaws.com' AND event_name = 'DeleteGraph')
),
judged AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    service,
    place,
    CASE
      WHEN coalesce(event_name, '') IN ('DisableSecurityHub', 'DisableMacie', 'Disable', 'DeleteAnalyzer', 'DeleteGraph') THEN 'switch it off'
      WHEN event_name = 'UpdateMacieSession' THEN CASE WHEN contains(request, 'PAUSED') THEN 'pause it' END
      WHEN event_name = 'DisassociateFromAdministratorAccount' THEN 'cut it loose from its administrator'
      WHEN coalesce(event_name, '') IN ('BatchUpdateFindings', 'UpdateFindings') THEN CASE WHEN regexp_matches(request, 'SUPPRESSED|RESOLVED|ARCHIVED') THEN 'settle findings' END
      WHEN coalesce(event_name, '') IN ('CreateArchiveRule', 'CreateFilter', 'CreateAutomationRule') THEN CASE
        WHEN event_name = 'CreateArchiveRule' OR regexp_matches(request, 'SUPPRESS|RESOLVED') THEN 'hide findings to come' END
      ELSE 'change what it shows'
    END AS act
  FROM calls
)
SELECT
  event_id,
  service || ' in ' || place || ', to ' || act AS subject,
  CASE WHEN outcome = 'success' THEN 'The credential was used on ' ELSE 'Attempt on ' END || service || ' in ' || place || ' to ' || act AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'low' WHEN act IN ('settle findings', 'change what it shows') THEN 'medium' ELSE 'high' END AS severity
FROM judged
WHERE act IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
