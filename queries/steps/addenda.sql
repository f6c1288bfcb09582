-- What the event is an addendum of, and the addenda to it: kind says which. A case of an earlier version has no view of them.
SELECT
  'addendum_of' AS kind,
  addendum_original(a.addendum) AS event_id,
  addendum_original_request(a.addendum) AS request_id,
  coalesce(addendum_reason(a.addendum), 'no reason told') AS reason,
  addendum_fields(a.addendum) AS updated_fields,
  o.event_id IS NOT NULL AS in_evidence
FROM events AS a
LEFT JOIN events AS o ON o.event_id = addendum_original(a.addendum)
WHERE a.event_id = $event_id AND a.addendum IS NOT NULL
UNION ALL
SELECT
  'addendum' AS kind,
  event_id,
  request_id,
  coalesce(addendum_reason(addendum), 'no reason told') AS reason,
  addendum_fields(addendum) AS updated_fields,
  true AS in_evidence
FROM events
WHERE addendum IS NOT NULL AND addendum_original(addendum) = $event_id AND event_id <> $event_id
ORDER BY kind DESC, event_id;
