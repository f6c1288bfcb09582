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
  -- An addendum to an event, by its reason or the event that it names; one with another reason only came late.
  count(*) FILTER (WHERE addendum IS NOT NULL AND (addendum_reason(addendum) = 'UPDATED_DATA' OR addendum_original(addendum) IS NOT NULL)) AS addenda,
  (
    SELECT count(*)
    FROM events AS a
    ANTI JOIN events AS o ON o.event_id = addendum_original(a.addendum)
    WHERE a.addendum IS NOT NULL AND (addendum_reason(a.addendum) = 'UPDATED_DATA' OR addendum_original(a.addendum) IS NOT NULL)
  ) AS addenda_without_original,
  count(*) FILTER (WHERE addendum IS NOT NULL AND coalesce(addendum_reason(addendum), '') IN ('DELIVERY_DELAY', 'SERVICE_OUTAGE')) AS late_events,
  count(*) FILTER (WHERE NOT is_data_event AND coalesce(event_category, 'Management') = 'Management') AS management_events,
  coalesce(max(event_time)::DATE - min(event_time)::DATE + 1, 0) AS days,
  coalesce(bool_or(coalesce(read_only, regexp_matches(event_name, '^(Get|List|Describe|Lookup|Assume)'))), false) AS read_events
FROM events;
