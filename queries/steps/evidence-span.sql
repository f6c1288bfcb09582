-- What the evidence holds as a whole: its span, and the kinds of events without which a question stays open.
-- Old records have no readOnly: there the verb tells.
SELECT
  min(event_time) AS first_event,
  max(event_time) AS last_event,
  count(*) FILTER (WHERE event_time IS NULL) AS events_without_time,
  count(*) FILTER (WHERE json_exists(extra, '$.maskedAccessKeyId')
    OR (issued_access_key_id IS NULL
      AND coalesce(event_name, '') IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'GetSessionToken', 'GetFederationToken', 'CreateAccessKey')
      AND masked(coalesce(json_extract_string(response_elements, '$.credentials.accessKeyId'), json_extract_string(response_elements, '$.accessKey.accessKeyId'))))
  ) AS events_with_masked_key,
  count(*) FILTER (WHERE NOT is_data_event AND coalesce(event_category, 'Management') = 'Management') AS management_events,
  coalesce(max(event_time)::DATE - min(event_time)::DATE + 1, 0) AS days,
  coalesce(bool_or(coalesce(read_only, regexp_matches(event_name, '^(Get|List|Describe|Lookup|Assume)'))), false) AS read_events
FROM events;
