-- With addresses asked about the scope is what came from them inside the window, with or without a credential.
INSERT INTO scoped BY NAME
SELECT
  * REPLACE (coalesce(credential, account_id || '/' || principal_id) AS credential),
  0 AS hop,
  'seed' AS confidence
FROM signed_events
WHERE list_contains($addresses, source_ip_address)
  AND ($from::TIMESTAMP IS NULL OR event_time IS NULL OR event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR event_time IS NULL OR event_time < $to::TIMESTAMP);
