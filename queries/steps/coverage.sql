-- One row an account and region: on how many days it has events. A day without any may be quiet, or its files may be missing.
SELECT
  coalesce(recipient_account_id, account_id, 'unknown') AS account,
  coalesce(aws_region, 'unknown') AS region,
  count(*) AS events,
  count(DISTINCT event_time::DATE) AS days,
  min(event_time) AS first_event,
  max(event_time) AS last_event
FROM events
GROUP BY account, region
ORDER BY account, region;
