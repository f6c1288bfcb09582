-- The credentials used from the addresses asked about, inside the window.
SELECT credential
FROM signed_events
WHERE credential IS NOT NULL AND list_contains($addresses, source_ip_address)
  AND ($from::TIMESTAMP IS NULL OR event_time IS NULL OR event_time >= $from::TIMESTAMP)
  AND ($to::TIMESTAMP IS NULL OR event_time IS NULL OR event_time < $to::TIMESTAMP)
GROUP BY credential
ORDER BY min(event_time) NULLS LAST, credential;
