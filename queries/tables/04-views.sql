-- Views that rules join: shapes that differ between services are brought to one form here, once.

-- Every event with its credential: the access key id. Where none is shown: of a sign-in to the console the session that it opens, which all keys
-- of that session name; of Identity Center its own id of the sign-in; of a bearer token, as Bedrock takes, its user; else the session that it names.
-- A masked key shows that there was one: no session stands for it.
CREATE OR REPLACE VIEW signed_events AS
SELECT
  *,
  CASE
    WHEN access_key_id IS NOT NULL THEN access_key_id
    WHEN event_name = 'ConsoleLogin' THEN CASE outcome WHEN 'success' THEN session_of(account_id, principal_id, event_time) END
    WHEN credential_id IS NOT NULL THEN credential_id
    WHEN coalesce(json_extract_string(additional_event_data, '$.callWithBearerToken'), json_extract_string(request_parameters, '$.callWithBearerToken')) = 'true'
      THEN account_id || '/' || principal_id || '/bearer'
    WHEN session_created IS NOT NULL AND json_extract_string(extra, '$.maskedAccessKeyId') IS NULL THEN session_of(account_id, principal_id, session_created)
  END AS credential
FROM events;

-- Accounts whose trails are in the evidence, and those that the known-good file names: 'own' for every rule that asks who is foreign.
CREATE OR REPLACE VIEW own_accounts AS
SELECT account_id FROM recipients
UNION
SELECT account_id FROM known_good_accounts;

-- Replaced by each run, as baseline_events is: steps/scope-*.sql.
CREATE VIEW IF NOT EXISTS scope_events AS SELECT * FROM scoped;

CREATE OR REPLACE VIEW consequence_events AS
SELECT e.*, c.subject, c.because_event_id
FROM consequences AS c
JOIN events AS e ON e.event_id = c.event_id;

CREATE VIEW IF NOT EXISTS baseline_events AS SELECT * FROM baselined;

-- Events of the scope from an address that the same principal used before the window: they may be the owner's own work.
CREATE OR REPLACE VIEW known_events AS
SELECT s.event_id, s.credential, s.source_ip_address
FROM scope_events AS s
JOIN (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn) AS principal, source_ip_address
  FROM baseline_events
  WHERE source_kind IN ('public', 'private')
) AS b ON b.principal = coalesce(s.session_issuer_arn, s.identity_arn) AND b.source_ip_address = s.source_ip_address;

-- Events that AWS marks as an addendum, late (DELIVERY_DELAY, SERVICE_OUTAGE) or of a call that was logged before with data missing or wrong
-- (UPDATED_DATA). Original and addendum are two events, neither changes the other.
CREATE OR REPLACE VIEW addenda AS
SELECT
  a.event_id,
  a.event_time,
  addendum_reason(a.addendum) AS reason,
  addendum_fields(a.addendum) AS updated_fields,
  addendum_original(a.addendum) AS original_event_id,
  addendum_original_request(a.addendum) AS original_request_id,
  o.event_id IS NOT NULL AS original_in_evidence
FROM events AS a
LEFT JOIN events AS o ON o.event_id = addendum_original(a.addendum)
WHERE a.addendum IS NOT NULL;
