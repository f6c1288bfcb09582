-- title: SSH key or certificate uploaded to IAM
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098.004], v19: [T1098.004]}
-- covers: [A1.10]
-- why: SSH keys (CodeCommit) and signing certificates log in without an access key and survive every key rotation.
-- misses: Keys put on instances, which are other rules'.
WITH uploads AS (
  SELECT
    event_id,
    event_time,
    event_name,
    outcome,
    coalesce(recipient_account_id, 'an unknown account') AS account,
    coalesce(json_extract_string(request_parameters, '$.userName'), user_name, '(unnamed)') AS holder,
    coalesce(
      json_extract_string(response_elements, '$.sSHPublicKey.sSHPublicKeyId'),
      json_extract_string(response_elements, '$.certificate.certificateId'),
      json_extract_string(response_elements, '$.serverCertificateMetadata.arn')) AS uploaded_id,
    json_extract_string(request_parameters, '$.serverCertificateName') AS certificate_name,
    CASE event_name
      WHEN 'UploadSSHPublicKey' THEN 'an SSH key'
      WHEN 'UploadSigningCertificate' THEN 'a signing certificate'
      ELSE 'a server certificate' END AS what
  FROM scope_events
  WHERE event_source = 'iam.amazonaws.com' AND coalesce(event_name, '') IN ('UploadSSHPublicKey', 'UploadSigningCertificate', 'UploadServerCertificate')
)
SELECT
  event_id,
  coalesce(uploaded_id, what || ' for ' || coalesce(certificate_name, 'user/' || holder) || ' in ' || account) AS subject,
  CASE WHEN outcome = 'success' THEN upper(substr(what, 1, 1)) || substr(what, 2) || ' was uploaded for ' ELSE 'Attempt to upload ' || what || ' for ' END
    || CASE WHEN event_name = 'UploadServerCertificate' THEN coalesce(certificate_name, '(unnamed)') ELSE 'user ' || holder END AS summary,
  CASE WHEN event_name = 'UploadServerCertificate' THEN 'low' ELSE 'medium' END AS severity,
  holder,
  certificate_name
FROM uploads
ORDER BY outcome <> 'success', event_time, event_id
