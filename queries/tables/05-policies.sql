-- Policies unfolded: who is let in to what, however a service writes its policy down. DuckDB's own SQL stays in this file and its step.

-- What stands at a path: one text, or a list of them; anything else is none.
CREATE OR REPLACE MACRO texts_at(document, path) AS
  CASE json_type(document, path)
    WHEN 'ARRAY' THEN json_extract_string(document, path || '[*]')
    WHEN 'VARCHAR' THEN [json_extract_string(document, path)]
    ELSE []::VARCHAR[]
  END;

-- JSON text, or a text that holds JSON text; NULL where it is neither.
CREATE OR REPLACE MACRO document_in(text) AS
  CASE json_type(try_cast(text AS JSON))
    WHEN 'OBJECT' THEN try_cast(text AS JSON)
    WHEN 'VARCHAR' THEN try_cast(json_extract_string(try_cast(text AS JSON), '$') AS JSON)
  END;

-- IAM takes the names of a policy's elements in any case; here they are written as its reference writes them.
CREATE OR REPLACE MACRO element_cased(document, name) AS regexp_replace(document, '(?i)"' || name || '"(\s*:)', '"' || name || '"\1', 'g');
CREATE OR REPLACE MACRO elements_cased(document) AS
  CASE WHEN len(regexp_extract_all(document::VARCHAR, '(?i)"(statement|effect|principal|notprincipal|action|notaction|resource|notresource|condition|aws|federated|service|canonicaluser)"\s*:'))
      = len(regexp_extract_all(document::VARCHAR, '"(Statement|Effect|Principal|NotPrincipal|Action|NotAction|Resource|NotResource|Condition|AWS|Federated|Service|CanonicalUser)"\s*:'))
    THEN document
    ELSE try_cast(list_reduce(
      ['Statement', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition', 'AWS', 'Federated', 'Service', 'CanonicalUser'],
      lambda text, name: element_cased(text, name), document::VARCHAR) AS JSON) END;

-- Whether a text stands where a policy should, readable or not.
CREATE OR REPLACE MACRO written_at(request, paths) AS len(list_filter(json_extract_string(request, paths), lambda text: text <> '')) > 0;

-- A policy comes as an object, as JSON text (once or twice over), or as URL-encoded JSON text, its blanks as %20 or as +; NULL where it is none of these.
CREATE OR REPLACE MACRO policy_at(request, path) AS
  CASE json_type(request, path)
    WHEN 'OBJECT' THEN json_extract(request, path)
    WHEN 'VARCHAR' THEN coalesce(
      document_in(json_extract_string(request, path)),
      document_in(TRY(url_decode(json_extract_string(request, path)))),
      document_in(TRY(url_decode(replace(json_extract_string(request, path), '+', '%20')))))
  END;

CREATE OR REPLACE MACRO account_in(arn) AS
  coalesce(nullif(regexp_extract(arn, '^arn:aws[a-z0-9-]*:(?:iam|sts)::([0-9]{12}):', 1), ''), nullif(regexp_extract(arn, '^([0-9]{12})$', 1), ''));

-- A condition that lets in own accounts only: each value of one account-bound key names one, under an operator that cannot be turned round.
-- Keys whose value the caller chooses (tags, external ids) confine nobody; an organisation id does not say whose it is.
CREATE OR REPLACE MACRO confined_to(condition, accounts) AS
  NOT regexp_matches(condition::VARCHAR, '(?i)"(forallvalues:[^"]*|[^"]*not[^"]*|[^"]*ifexists|null|bool)"\s*:\s*\{')
  AND len(list_filter(
    list_zip(flatten(list_transform(json_extract(condition, '$.*'), lambda o: json_keys(o))), json_extract(condition, '$.*.*')),
    lambda pair: regexp_matches(pair[1], '(?i)^(aws:(source(account|owner|arn)|principal(account|arn))|kms:calleraccount|s3:dataaccesspointaccount)$')
      AND len(texts_at(pair[2], '$')) > 0
      AND len(list_filter(texts_at(pair[2], '$'),
        lambda v: NOT list_contains(accounts, coalesce(nullif(regexp_extract(v, '^(?:arn:aws[a-z0-9-]*:[a-z0-9-]*:[a-z0-9-]*:)?([0-9]{12})(?::.*)?$', 1), ''), '')))) = 0
  )) > 0;

-- Accounts other than our own that a condition on whom a service acts for names.
CREATE OR REPLACE MACRO strangers_in(condition, accounts) AS list_sort(list_distinct(list_filter(
  flatten(list_transform(
    list_filter(
      list_zip(flatten(list_transform(json_extract(condition, '$.*'), lambda o: json_keys(o))), json_extract(condition, '$.*.*')),
      lambda pair: regexp_matches(pair[1], '(?i)^aws:source(account|owner|arn)$')),
    lambda pair: list_transform(texts_at(pair[2], '$'),
      lambda v: nullif(regexp_extract(v, '^(?:arn:aws[a-z0-9-]*:[a-z0-9-]*:[a-z0-9-]*:)?([0-9]{12})(?::.*)?$', 1), '')))),
  lambda account: account IS NOT NULL AND NOT list_contains(accounts, account))));

-- Does a pattern of a policy cover an action? Both in small letters; * stands for any text, ? for one character.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
CREATE OR REPLACE MACRO covers(pattern, action) AS action LIKE replace(replace(pattern, '*', '%'), '?', '_');

-- Actions by which a caller becomes, makes or frees another identity; the first group is all that IAM has of them.
CREATE OR REPLACE MACRO takeover_actions() AS [
  'iam:passrole', 'iam:createaccesskey', 'iam:createloginprofile', 'iam:updateloginprofile', 'iam:attachuserpolicy', 'iam:attachrolepolicy',
  'iam:attachgrouppolicy', 'iam:putuserpolicy', 'iam:putrolepolicy', 'iam:putgrouppolicy', 'iam:addusertogroup', 'iam:updateassumerolepolicy',
  'iam:createpolicyversion', 'iam:setdefaultpolicyversion', 'iam:createservicespecificcredential',
  'sts:assumerole', 'organizations:createaccount', 'organizations:detachpolicy', 'sso:createaccountassignment',
  'sso:putinlinepolicytopermissionset', 'sso:attachmanagedpolicytopermissionset'];

-- What of them a statement allows: those its patterns cover, or, of a NotAction, those they do not.
CREATE OR REPLACE MACRO takeovers_of(patterns, all_but) AS list_filter(takeover_actions(),
  lambda a: all_but <> (len(list_filter(patterns, lambda p: covers(lower(p), a))) > 0));

-- What the calls of the scope write into policies: written anew by each run whose rules ask, by steps/policies.sql.
-- One row a call that writes a policy down, with the policy it carries and its bearer.
CREATE TABLE IF NOT EXISTS policy_documents (
  event_id VARCHAR NOT NULL,                  -- this and the next eight as in scope_events
  event_time TIMESTAMP,
  event_source VARCHAR,
  event_name VARCHAR,
  aws_region VARCHAR,
  recipient_account_id VARCHAR,
  credential VARCHAR,
  outcome VARCHAR,
  invoked_by VARCHAR,
  policy_kind VARCHAR NOT NULL,               -- trust, identity, session, resource
  bearer VARCHAR,                             -- whose policy it is: 'role/name in account', a bucket, the ARN of a key
  policy_name VARCHAR,
  document JSON,                              -- the names of its elements in IAM's own case; NULL where none can be read
  unread BOOLEAN NOT NULL                     -- a text stands there that is no policy
);

-- One row a call that put a policy in place of which the log has no more than a piece: exports cut long texts.
CREATE OR REPLACE VIEW policies_unread AS
SELECT event_id, event_time, event_source, event_name, bearer FROM policy_documents WHERE unread AND outcome = 'success';

-- One row a statement of a policy.
CREATE TABLE IF NOT EXISTS policy_statements (
  event_id VARCHAR NOT NULL,                  -- this and the next eleven as in policy_documents
  event_time TIMESTAMP,
  event_source VARCHAR,
  event_name VARCHAR,
  aws_region VARCHAR,
  recipient_account_id VARCHAR,
  credential VARCHAR,
  outcome VARCHAR,
  invoked_by VARCHAR,
  policy_kind VARCHAR NOT NULL,
  bearer VARCHAR,
  policy_name VARCHAR,
  statement JSON,
  effect VARCHAR,                             -- Allow, Deny
  written_actions VARCHAR,                    -- 'all but …' is NotAction
  actions VARCHAR,                            -- the same in small letters, as IAM compares them
  resources VARCHAR,                          -- 'all but …' is NotResource
  condition VARCHAR,                          -- JSON; NULL where there is none
  all_but BOOLEAN,                            -- it has NotAction
  every_action BOOLEAN,
  takeovers VARCHAR,                          -- what it allows of takeover_actions()
  all_of_iam BOOLEAN                          -- it allows all of these that are IAM's
);

-- One row a principal that a policy, or a call that adds one permission or grant, lets in (or, by effect, keeps out).
CREATE TABLE IF NOT EXISTS policy_grants (
  event_id VARCHAR NOT NULL,                  -- this and the next fifteen as in policy_statements; policy_kind also permission
  event_time TIMESTAMP,
  event_source VARCHAR,
  event_name VARCHAR,
  aws_region VARCHAR,
  recipient_account_id VARCHAR,
  credential VARCHAR,
  outcome VARCHAR,
  invoked_by VARCHAR,
  policy_kind VARCHAR NOT NULL,
  bearer VARCHAR,
  policy_name VARCHAR,
  effect VARCHAR,
  written_actions VARCHAR,
  actions VARCHAR,
  resources VARCHAR,
  condition VARCHAR,
  principal_kind VARCHAR,                     -- AWS, Federated, Service, CanonicalUser
  principal VARCHAR,
  principal_account VARCHAR,                  -- in its ARN
  anyone BOOLEAN,                             -- it is *
  outsider BOOLEAN,                           -- not of the accounts whose trails these are, nor known to be good
  whom VARCHAR,                               -- the principal in words
  confined BOOLEAN                            -- a condition lets in own accounts only
);

-- Buckets that CloudTrail writes to, as the evidence shows them: named by a trail, or visited by CloudTrail before it delivers.
CREATE OR REPLACE VIEW log_buckets AS
SELECT bucket, min(event_time) AS first_seen
FROM (
  SELECT
    event_time,
    unnest([json_extract_string(request_parameters, '$.s3BucketName'), json_extract_string(response_elements, '$.s3BucketName')]) AS bucket
  FROM events
  WHERE event_source = 'cloudtrail.amazonaws.com' AND coalesce(event_name, '') IN ('CreateTrail', 'UpdateTrail')
  UNION ALL
  SELECT event_time, json_extract_string(request_parameters, '$.bucketName') AS bucket
  FROM events
  WHERE event_source = 's3.amazonaws.com' AND event_name = 'GetBucketAcl' AND invoked_by = 'cloudtrail.amazonaws.com'
)
WHERE bucket IS NOT NULL
GROUP BY bucket;
