-- The consequences as rows of the report: a hundred a subject, the first in time; the table holds them all.
SELECT
  c.event_time AS time,
  c.event_id,
  c.event_name,
  what_of(c.request_parameters, c.resources, c.service_event_details, c.issued_access_key_id) AS what,
  coalesce(c.identity_arn, c.invoked_by, CASE WHEN c.identity_type = 'AWSAccount' THEN c.account_id END, nullif(c.principal_id, ''), c.account_id) AS actor,
  coalesce(c.recipient_account_id, c.account_id) AS account,
  c.source_ip_address,
  c.outcome,
  c.subject,
  c.because_event_id,
  b.event_name AS because_event_name,
  b.event_time AS because_time,
  v.path AS file,
  c.record_index
FROM (
  SELECT *, row_number() OVER (PARTITION BY subject ORDER BY event_time NULLS LAST, event_id) AS place
  FROM consequence_events
) AS c
JOIN evidence AS v ON v.file_id = c.file_id
LEFT JOIN events AS b ON b.event_id = c.because_event_id
WHERE c.place <= 100
ORDER BY c.event_time NULLS LAST, c.event_id;
