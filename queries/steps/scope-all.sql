-- Without seeds the scope is every event: what check looks at.
DELETE FROM credentials;
DELETE FROM consequences;
DELETE FROM scoped;
DELETE FROM baselined;
DELETE FROM learned_span;

CREATE OR REPLACE VIEW scope_events AS
SELECT
  *,
  coalesce(access_key_id, account_id || '/' || principal_id || coalesce('/' || strftime(session_created, '%Y-%m-%dT%H:%M:%SZ'), '')) AS credential,
  NULL::INTEGER AS hop,
  NULL::VARCHAR AS confidence
FROM events;

-- What was normal is not copied: it may be half of all events.
CREATE OR REPLACE VIEW baseline_events AS
SELECT *
FROM events
WHERE event_time >= (SELECT learned_from FROM learned_span)
  AND event_time < (SELECT learned_to FROM learned_span)
  AND invoked_by IS NULL
  AND coalesce(session_issuer_arn, identity_arn) IS NOT NULL;
