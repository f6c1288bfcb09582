-- title: Key used to decrypt a secret, a parameter or an object
-- severity: info
-- category: credential-access
-- attack: {v18: [T1552], v19: [T1552]}
-- covers: [A5.04]
-- why: The encryption context names what was opened, so it proves reads even where data events are not recorded.
-- misses: Says nothing without a seed. Data under keys that AWS manages for a service without telling KMS what; one data key may open many objects.
SELECT
  array_agg(event_id ORDER BY event_id) AS event_ids,
  coalesce(thing, 'data without a name') || ' by ' || principal AS subject,
  coalesce(thing, 'Data without a name') || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || CASE WHEN bool_or(event_name = 'Decrypt') THEN ' decrypted for ' ELSE ' encrypted for ' END || principal
    || ', ' || count(*) || CASE WHEN count(*) = 1 THEN ' call' ELSE ' calls' END
    || CASE WHEN bool_or(invoked_by IS NULL) THEN ', in person' ELSE ', through an AWS service' END AS summary,
  -- To call KMS in person is to hold the ciphertext in one's hands.
  CASE WHEN bool_or(event_name = 'Decrypt' AND invoked_by IS NULL AND NOT named) THEN 'low' ELSE 'info' END AS severity
FROM key_uses
-- Without a seed nobody is suspected, and services decrypt all day.
WHERE hop IS NOT NULL
GROUP BY thing, principal, outcome = 'success'
ORDER BY min(event_time), thing, principal, summary
