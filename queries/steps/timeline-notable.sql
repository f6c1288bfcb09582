-- What happened, without the reading: events that are not read-only, issued a credential, or are in a finding. A finding of ip-anomalies is about
-- a pattern of use: of the reads in it only the first is notable.
-- Where there are more than the limit, those in a finding stay first, then issues of credentials, then what succeeded.
-- Old records have no readOnly: there the verb tells.
WITH named_once AS (
  SELECT
    f.id,
    f.rule,
    f.event_id,
    f.rule NOT LIKE 'ip-anomalies/%'
      OR row_number() OVER (PARTITION BY f.id ORDER BY s.event_time NULLS LAST, f.event_id) = 1 AS telling
  FROM (SELECT id, rule, unnest(event_ids) AS event_id FROM findings) AS f
  JOIN scope_events AS s ON s.event_id = f.event_id
),
named AS (
  SELECT
    event_id,
    array_agg(DISTINCT rule ORDER BY rule) AS findings,
    array_agg(DISTINCT id ORDER BY id) AS finding_ids,
    bool_or(telling) AS telling
  FROM named_once
  GROUP BY event_id
),
notable AS (
  SELECT s.*, n.findings, n.finding_ids
  FROM scope_events AS s
  LEFT JOIN named AS n ON n.event_id = s.event_id
  WHERE coalesce(n.telling, false)
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
  coalesce(m.what, what_of(r.request_parameters, r.resources, r.service_event_details, r.issued_access_key_id)) AS what,
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
  coalesce(r.finding_ids, []) AS finding_ids,
  v.path AS file,
  r.record_index,
  r.total
FROM ranked AS r
JOIN evidence AS v ON v.file_id = r.file_id
LEFT JOIN made_by_call AS m ON m.event_id = r.event_id
WHERE r.place <= $limit::INTEGER
ORDER BY r.event_time NULLS LAST, r.event_id;
