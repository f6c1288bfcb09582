-- What happened, without the reading: events that are not read-only, issued a credential or are in a finding.
-- Where there are more than the limit, those in a finding stay first, then issues of credentials, then what succeeded.
-- Old records have no readOnly: there the verb tells.
WITH named AS (
  SELECT event_id, array_agg(DISTINCT rule ORDER BY rule) AS findings
  FROM (SELECT unnest(event_ids) AS event_id, rule FROM findings)
  GROUP BY event_id
),
notable AS (
  SELECT s.*, n.findings
  FROM scope_events AS s
  LEFT JOIN named AS n ON n.event_id = s.event_id
  WHERE n.event_id IS NOT NULL
    OR s.issued_access_key_id IS NOT NULL
    OR NOT coalesce(s.read_only, regexp_matches(s.event_name, '^(Get|List|Describe|Lookup|Head|Search|Query|Scan)'), false)
),
ranked AS (
  SELECT
    *,
    count(*) OVER () AS total,
    row_number() OVER (
      ORDER BY findings IS NULL, issued_access_key_id IS NULL, outcome <> 'success', event_time NULLS LAST, event_id
    ) AS place
  FROM notable
)
SELECT
  r.event_time AS time,
  r.event_id,
  r.event_source,
  r.event_name,
  r.outcome,
  r.error_code,
  r.credential,
  r.hop,
  coalesce(r.identity_arn, r.principal_id, r.invoked_by) AS principal,
  coalesce(r.recipient_account_id, r.account_id) AS account,
  r.aws_region AS region,
  r.source_ip_address,
  r.user_agent,
  r.read_only,
  coalesce(r.findings, []) AS findings,
  v.path AS file,
  r.record_index,
  r.total
FROM ranked AS r
JOIN evidence AS v ON v.file_id = r.file_id
WHERE r.place <= $limit::INTEGER
ORDER BY r.event_time NULLS LAST, r.event_id;
