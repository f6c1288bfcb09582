-- title: GuardDuty switched off, told to look away, or cut loose
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1562.001], v19: [T1685]}
-- covers: [A8.05, A8.06]
-- why: GuardDuty is what tells of a stolen credential; trusted addresses and archiving filters silence it without a trace in its console.
-- misses: Filters and lists made before the evidence begins; changes made in the administrator's account where its logs are not here.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(json_extract_string(request_parameters, '$.detectorId'), 'GuardDuty') AS detector,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    json_extract_string(request_parameters, '$.enable') AS enable,
    json_extract_string(request_parameters, '$.activate') AS activate,
    json_extract_string(request_parameters, '$.action') AS action,
    coalesce(json_extract_string(request_parameters, '$.dataSources'), '') || coalesce(json_extract_string(request_parameters, '$.features'), '') AS features
  FROM scope_events
  WHERE event_source = 'guardduty.amazonaws.com'
    AND coalesce(event_name, '') IN ('DeleteDetector', 'UpdateDetector', 'CreateIPSet', 'UpdateIPSet', 'CreateThreatIntelSet', 'CreateFilter', 'UpdateFilter', 'ArchiveFindings',
      'DeletePublishingDestination', 'DisassociateFromMasterAccount', 'DisassociateFromAdministratorAccount', 'DeleteMembers', 'StopMonitoringMembers',
      'DeleteInvitations', 'DisassociateMembers', 'UpdateMemberDetectors', 'DisableOrganizationAdminAccount')
),
judged AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    detector,
    place,
    CASE
      WHEN event_name = 'DeleteDetector' THEN 'delete the detector'
      WHEN event_name = 'UpdateDetector' THEN CASE WHEN enable = 'false' THEN 'switch the detector off'
        WHEN regexp_matches(features, '"enable"\s*:\s*false|"DISABLED"') THEN 'switch some of its sources off' END
      WHEN event_name LIKE '%IPSet' THEN CASE WHEN event_name = 'CreateIPSet' OR activate = 'true' THEN 'trust a list of addresses' END
      WHEN event_name LIKE '%Filter' THEN CASE WHEN action = 'ARCHIVE' THEN 'archive findings unseen' END
      WHEN event_name = 'ArchiveFindings' THEN 'archive findings'
      WHEN event_name = 'CreateThreatIntelSet' THEN 'set up a list of threats'
      WHEN event_name = 'DeletePublishingDestination' THEN 'stop the export of findings'
      ELSE 'cut accounts loose from their administrator'
    END AS act
  FROM calls
)
SELECT
  event_id,
  detector || ' in ' || place || ', to ' || act AS subject,
  CASE WHEN outcome = 'success' THEN 'GuardDuty was told to ' ELSE 'Attempt to tell GuardDuty to ' END || act || ' (' || detector || ' in ' || place || ')' AS summary,
  CASE WHEN invoked_by IS NOT NULL THEN 'medium' WHEN act = 'set up a list of threats' THEN 'low' WHEN act IN ('archive findings', 'switch some of its sources off') THEN 'medium' ELSE 'high' END AS severity
FROM judged
WHERE act IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
