-- The days of each principal's calls: tables/06-activity.sql.
INSERT INTO habits BY NAME
SELECT
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  event_source,
  event_name,
  count(DISTINCT CAST(event_time AS DATE)) AS days
FROM events
GROUP BY ALL;
