-- Every credential that signed a call, in one row; and the table that the other files of this folder fill, each with the edges of one kind.
CREATE OR REPLACE TEMP TABLE signers AS
SELECT * EXCLUDE (first), first.id AS first_event_id, first.name AS first_event_name
FROM (
  SELECT
    credential,
    min(account_id) AS account_id,
    min(principal_id) AS principal_id,
    min(CASE WHEN access_key_id IS NULL AND event_name = 'ConsoleLogin' THEN event_time ELSE session_created END) AS session_created,
    min(identity_arn) AS identity_arn,
    min(session_issuer_arn) AS issuer_arn,
    min(event_time) AS first_seen,
    -- Of a session the sign-in, which other calls of its second may precede.
    arg_min({id: event_id, name: event_name}, (access_key_id IS NOT NULL OR event_name <> 'ConsoleLogin', event_time, event_id)) AS first,
    -- Identity Center's id of the user. It stands in calls of some services only, so that sharing it ties no sessions; a user's id, once seen, is the user's.
    min(json_extract_string(on_behalf_of, '$.userId')) AS identity_user,
    min(source_identity) AS source_identity,
    min(sign_in_session_arn) AS sign_in_session_arn,
    bool_or(access_key_id IS NULL AND event_name = 'ConsoleLogin') AS sign_in,
    bool_and(coalesce(session_credential_from_console, false)) AS from_console,
    -- Used by AWS services for the caller alone: a forward access session.
    bool_and(invoked_by IS NOT NULL) AS forwarded
  FROM signed_events
  WHERE credential IS NOT NULL
  GROUP BY credential);

CREATE OR REPLACE TEMP TABLE edges (
  issuer VARCHAR,                             -- credential that acted; NULL where the call shows none
  issued VARCHAR NOT NULL,                    -- credential it led to
  edge VARCHAR NOT NULL,                      -- kind: key, session, login, console, identity, user, bearer, role, provider, portal, host, code, passed, forwarded
  confidence VARCHAR NOT NULL,                -- certain, strong, weak
  event_id VARCHAR NOT NULL,                  -- the event that proves it
  event_time TIMESTAMP,
  event_name VARCHAR,
  principal VARCHAR                           -- ARN that the issued credential acts as
);
