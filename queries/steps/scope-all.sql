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

-- Without a time that tells what was normal there is no baseline.
CREATE OR REPLACE VIEW baseline_events AS SELECT * FROM baselined;
