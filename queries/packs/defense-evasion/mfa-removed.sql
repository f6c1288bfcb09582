-- title: MFA switched off, or a sign-in taken away
-- severity: high
-- category: defense-evasion
-- attack: {v18: [T1556.006, T1531], v19: [T1556.006, T1531]}
-- covers: [A10.14]
-- why: Without its MFA device an account opens to a password alone; without its password its owner is locked out while the thief works.
-- misses: Devices of Identity Center users. What the scope made itself and took away again is another rule's.
WITH calls AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    invoked_by,
    hop,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    CASE
      WHEN event_name = 'CloseAccount' THEN 'account ' || coalesce(json_extract_string(request_parameters, '$.accountId'), '(unnamed)')
      WHEN event_name = 'DeleteVirtualMFADevice' THEN coalesce(json_extract_string(request_parameters, '$.serialNumber'), 'an unnamed MFA device')
      WHEN json_extract_string(request_parameters, '$.userName') IS NOT NULL THEN 'user/' || json_extract_string(request_parameters, '$.userName')
      WHEN identity_type = 'Root' THEN 'the root user'
      ELSE 'user/' || coalesce(user_name, '(unnamed)')
    END AS holder,
    json_extract_string(request_parameters, '$.serialNumber') AS device,
    identity_type = 'IAMUser' AND coalesce(json_extract_string(request_parameters, '$.userName'), user_name) = user_name
      AND event_name <> 'CloseAccount' AS own
  FROM scope_events
  WHERE coalesce(event_source, '') IN ('iam.amazonaws.com', 'organizations.amazonaws.com')
    AND coalesce(event_name, '') IN ('DeactivateMFADevice', 'DeleteVirtualMFADevice', 'DeleteLoginProfile', 'CloseAccount')
    -- Users are removed with whatever they may have had.
    AND NOT (event_name = 'DeleteLoginProfile' AND outcome = 'not_found')
),
words AS (
  SELECT 'DeactivateMFADevice' AS event_name, 'The MFA device of ' AS thing, ' was switched off' AS done, 'switch off the MFA device of ' AS verb UNION ALL
  SELECT 'DeleteVirtualMFADevice', 'The MFA device ', ' was deleted', 'delete the MFA device ' UNION ALL
  SELECT 'DeleteLoginProfile', 'The console password of ', ' was deleted', 'delete the console password of ' UNION ALL
  SELECT 'CloseAccount', 'The ', ' was closed', 'close the '
)
SELECT
  c.event_id,
  c.holder || ' in ' || c.account AS subject,
  CASE WHEN c.outcome = 'success' THEN w.thing || c.holder || w.done ELSE 'Attempt to ' || w.verb || c.holder END
    || CASE WHEN c.own THEN ', by that user' ELSE '' END AS summary,
  CASE
    WHEN c.event_name = 'CloseAccount' OR (c.event_name = 'DeactivateMFADevice' AND c.holder = 'the root user') THEN 'high'
    -- Whoever changes his telephone does this; without a seed it is an administrator's work.
    WHEN c.own OR c.invoked_by IS NOT NULL OR c.hop IS NULL THEN 'low'
    WHEN c.event_name = 'DeactivateMFADevice' THEN 'high'
    ELSE 'medium'
  END AS severity,
  c.device
FROM calls AS c
JOIN words AS w ON w.event_name = c.event_name
WHERE c.event_name <> 'DeleteLoginProfile' OR c.holder NOT IN (
  SELECT 'user/' || json_extract_string(request_parameters, '$.userName')
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND event_name = 'CreateLoginProfile' AND json_extract_string(request_parameters, '$.userName') IS NOT NULL)
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
