-- The consequences as rows of the report: a hundred a subject, the first in time; the table holds them all.
SELECT
  event_time AS time,
  event_id,
  event_name,
  coalesce(identity_arn, invoked_by, CASE WHEN identity_type = 'AWSAccount' THEN account_id END, nullif(principal_id, ''), account_id) AS actor,
  coalesce(recipient_account_id, account_id) AS account,
  source_ip_address,
  outcome,
  subject,
  because_event_id
FROM (
  SELECT *, row_number() OVER (PARTITION BY subject ORDER BY event_time NULLS LAST, event_id) AS place
  FROM consequence_events
)
WHERE place <= 100
ORDER BY event_time NULLS LAST, event_id;
