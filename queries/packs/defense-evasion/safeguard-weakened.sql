-- title: Account-wide safeguard weakened
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1562.001, T1556], v19: [T1685, T1556]}
-- covers: [A8.15]
-- why: Password rules, disk encryption, the metadata service's token and the blocks on public sharing protect everything made later.
-- misses: What the setting was before; password rules are judged by length and by what they ask for.
-- params: {length: {type: integer, default: 12, about: Shorter password minimums count as weak.}}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(
      json_extract_string(request_parameters, '$.ModifyInstanceMetadataOptionsRequest.InstanceId'), json_extract_string(request_parameters, '$.instanceId')) AS instance,
    CASE
      WHEN event_name = 'DeleteAccountPasswordPolicy' THEN 'drop the password rules'
      WHEN event_name = 'UpdateAccountPasswordPolicy' THEN CASE
        WHEN try_cast(json_extract_string(request_parameters, '$.minimumPasswordLength') AS INTEGER) < $length::INTEGER
          OR regexp_matches(CAST(request_parameters AS VARCHAR), '"require[A-Za-z]+"\s*:\s*false') THEN 'loosen the password rules' END
      WHEN event_name = 'DisableEbsEncryptionByDefault' THEN 'leave new disks unencrypted'
      WHEN event_name = 'EnableSerialConsoleAccess' THEN 'allow the serial console'
      WHEN coalesce(event_name, '') IN ('ModifyInstanceMetadataOptions', 'ModifyInstanceMetadataDefaults') THEN CASE
        WHEN regexp_matches(CAST(request_parameters AS VARCHAR), '"[hH]ttpTokens"\s*:\s*"optional"') THEN 'hand out role credentials without a token (IMDSv1)' END
      WHEN event_name = 'DisableSnapshotBlockPublicAccess' THEN 'allow public snapshots'
      WHEN event_name = 'DisableImageBlockPublicAccess' THEN 'allow public images'
    END AS act
  FROM scope_events
  WHERE (event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('DeleteAccountPasswordPolicy', 'UpdateAccountPasswordPolicy'))
    OR (event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('DisableEbsEncryptionByDefault', 'EnableSerialConsoleAccess', 'ModifyInstanceMetadataOptions',
      'ModifyInstanceMetadataDefaults', 'DisableSnapshotBlockPublicAccess', 'DisableImageBlockPublicAccess'))
)
SELECT
  event_id,
  act || ' in ' || coalesce(instance || ', ', '') || place AS subject,
  CASE WHEN outcome = 'success' THEN 'The credential was used to ' ELSE 'Attempt to ' END || act || ' in ' || coalesce(instance || ', ', '') || place AS summary,
  CASE
    WHEN invoked_by IS NOT NULL THEN 'low'
    WHEN coalesce(event_name, '') IN ('EnableSerialConsoleAccess', 'DisableSnapshotBlockPublicAccess', 'DisableImageBlockPublicAccess') THEN 'high'
    ELSE 'medium'
  END AS severity
FROM calls
WHERE act IS NOT NULL
ORDER BY outcome <> 'success', event_time, event_id
