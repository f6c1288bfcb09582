-- Services of which data events are in the evidence: of all others, reads and writes of content cannot show.
SELECT
  coalesce(event_source, 'unknown') AS event_source,
  count(*) AS events
FROM events
WHERE is_data_event
GROUP BY coalesce(event_source, 'unknown')
ORDER BY event_source;
