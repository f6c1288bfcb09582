-- title: MFA device made or bound
-- severity: medium
-- category: persistence
-- attack: {v18: [T1556.006, T1098.005], v19: [T1556.006, T1098.005]}
-- covers: [A1.15]
-- why: A thief's own MFA device turns a protection into a way in, since it passes conditions that ask for MFA and locks the owner out.
-- misses: Security keys bound through the console leave only EnableMFADevice; devices of Identity Center users.
WITH devices AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    json_extract_string(request_parameters, '$.userName') AS holder,
    coalesce(
      json_extract_string(response_elements, '$.virtualMFADevice.serialNumber'),
      json_extract_string(request_parameters, '$.serialNumber'),
      json_extract_string(request_parameters, '$.virtualMFADeviceName')) AS device,
    identity_type = 'Root' AS by_root,
    identity_type = 'IAMUser' AND user_name = json_extract_string(request_parameters, '$.userName') AS own,
    coalesce(session_credential_from_console, false) AS from_console
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('CreateVirtualMFADevice', 'EnableMFADevice')
)
SELECT
  event_id,
  coalesce(device, 'unnamed MFA device in ' || account) AS subject,
  CASE
    WHEN event_name = 'CreateVirtualMFADevice' THEN CASE WHEN outcome = 'success' THEN 'MFA device ' || coalesce(device, '(unnamed)') || ' was made'
      ELSE 'Attempt to make the MFA device ' || coalesce(device, '(unnamed)') END
    ELSE CASE WHEN outcome = 'success' THEN 'MFA device ' || coalesce(device, '(unnamed)') || ' was bound to '
      ELSE 'Attempt to bind the MFA device ' || coalesce(device, '(unnamed)') || ' to ' END
      || CASE WHEN by_root AND holder IS NULL THEN 'the root user' ELSE 'user ' || coalesce(holder, '(unnamed)') END
      || CASE WHEN own THEN ', the caller itself' ELSE '' END
  END AS summary,
  CASE
    WHEN by_root THEN 'high'
    WHEN event_name = 'EnableMFADevice' AND NOT own THEN 'high'
    -- A person who binds a device of his own in the console does what he should.
    WHEN from_console THEN 'low'
    ELSE 'medium'
  END AS severity,
  holder,
  from_console
FROM devices
ORDER BY event_name DESC, outcome <> 'success', event_time, event_id
