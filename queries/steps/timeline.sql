-- Every event of the scope in order of time: what it was about, the findings that name it, and where it lies in the evidence.
WITH named AS (
  SELECT
    event_id,
    array_agg(DISTINCT rule ORDER BY rule) AS findings,
    array_agg(DISTINCT id ORDER BY id) AS finding_ids
  FROM (SELECT unnest(event_ids) AS event_id, rule, id FROM findings)
  GROUP BY event_id
)
SELECT
  s.event_time AS time,
  s.event_id,
  s.event_source,
  s.event_name,
  coalesce(m.what, what_of(s.request_parameters, s.resources, s.service_event_details, s.issued_access_key_id)) AS what,
  s.outcome,
  s.error_code,
  s.credential,
  s.hop,
  coalesce(s.identity_arn, s.principal_id, s.invoked_by) AS principal,
  coalesce(s.recipient_account_id, s.account_id) AS account,
  s.aws_region AS region,
  s.source_ip_address,
  s.user_agent,
  s.read_only,
  coalesce(n.findings, []) AS findings,
  coalesce(n.finding_ids, []) AS finding_ids,
  v.path AS file,
  s.record_index
FROM scope_events AS s
JOIN evidence AS v ON v.file_id = s.file_id
LEFT JOIN named AS n ON n.event_id = s.event_id
LEFT JOIN made_by_call AS m ON m.event_id = s.event_id
ORDER BY s.event_time NULLS LAST, s.event_id;
