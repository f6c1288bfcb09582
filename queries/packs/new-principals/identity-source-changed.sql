-- title: Source of Identity Center's users changed
-- severity: high
-- category: persistence
-- attack: {v18: [T1556.007, T1484.002], v19: [T1556.007, T1484.002]}
-- covers: [A1.18]
-- why: Whoever decides where Identity Center's users come from can be any of them, in every account of the organisation.
-- misses: Changes inside the outside provider or directory itself, which AWS does not log.
SELECT
  event_id,
  'identity source of Identity Center in ' || coalesce(recipient_account_id, 'an unknown account') AS subject,
  CASE WHEN outcome = 'success' THEN 'The source of Identity Center''s users was changed: ' ELSE 'Attempt to change the source of Identity Center''s users: ' END
    || CASE
      WHEN event_name = 'AssociateDirectory' THEN 'a directory was connected'
      WHEN event_name = 'DisassociateDirectory' THEN 'the directory was disconnected'
      WHEN event_name LIKE 'Disable%' THEN 'the outside identity provider was switched off'
      WHEN event_name LIKE '%ExternalIdP%' THEN 'an outside identity provider was set up'
      WHEN event_name = 'StartSSO' THEN 'Identity Center was switched on'
      ELSE 'its settings were changed'
    END AS summary,
  CASE WHEN coalesce(event_name, '') IN ('StartSSO', 'UpdateSsoConfiguration') THEN 'medium' ELSE 'high' END AS severity,
  event_name AS call,
  coalesce(json_extract_string(request_parameters, '$.directoryId'), json_extract_string(request_parameters, '$.instanceArn')) AS directory
FROM scope_events
WHERE coalesce(event_source, '') IN ('sso-directory.amazonaws.com', 'sso.amazonaws.com')
  AND (coalesce(event_name, '') IN ('AssociateDirectory', 'DisassociateDirectory', 'UpdateSsoConfiguration', 'StartSSO') OR event_name LIKE '%ExternalIdPConfigurationForDirectory')
  AND event_name NOT LIKE 'List%' AND event_name NOT LIKE 'Get%' AND event_name NOT LIKE 'Describe%'
ORDER BY outcome <> 'success', event_time, event_id
