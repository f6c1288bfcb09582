-- One row a CloudTrail event, flattened: the contract of every rule. Names are CloudTrail's, in snake_case.
-- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
CREATE TABLE IF NOT EXISTS events (
  event_id VARCHAR NOT NULL,                  -- eventID; 'content-' and a SHA-256 of the canonical record where it has none
  event_time TIMESTAMP,                       -- eventTime in UTC; NULL where absent or unreadable
  event_source VARCHAR,                       -- service that was called: iam.amazonaws.com
  event_name VARCHAR,                         -- API call: CreateUser (Lambda adds a version: CreateFunction20150331)
  aws_region VARCHAR,
  source_ip_address VARCHAR,                  -- as logged: an address, a service name, 'AWS Internal', or text
  source_kind VARCHAR,                        -- public, private, aws_service, aws_internal, unparsable
  user_agent VARCHAR,                         -- as logged; chosen by the caller
  error_code VARCHAR,
  error_message VARCHAR,
  outcome VARCHAR NOT NULL,                   -- success, denied, dry_run, throttled, not_found, failed
  read_only BOOLEAN,
  event_type VARCHAR,                         -- AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, …
  event_category VARCHAR,                     -- Management, Data, NetworkActivity, Insight
  management_event BOOLEAN,
  is_data_event BOOLEAN NOT NULL,             -- by category, or by call where the record is too old to say
  event_version VARCHAR,
  api_version VARCHAR,
  request_id VARCHAR,
  shared_event_id VARCHAR,                    -- same action seen by another account; also on plain service calls
  recipient_account_id VARCHAR,               -- account whose trail holds the event
  vpc_endpoint_id VARCHAR,
  vpc_endpoint_account_id VARCHAR,
  session_credential_from_console BOOLEAN,
  -- userIdentity
  identity_type VARCHAR,                      -- IAMUser, AssumedRole, Root, AWSService, AWSAccount, FederatedUser, …
  principal_id VARCHAR,
  identity_arn VARCHAR,
  account_id VARCHAR,                         -- account of the caller
  access_key_id VARCHAR,                      -- key that signed the call; NULL where absent, empty or masked
  user_name VARCHAR,
  invoked_by VARCHAR,                         -- AWS service that made the call for the caller
  identity_provider VARCHAR,
  credential_id VARCHAR,                      -- Identity Center credential
  on_behalf_of JSON,
  in_scope_of JSON,
  invoked_by_delegate JSON,
  session_issuer_type VARCHAR,
  session_issuer_principal_id VARCHAR,
  session_issuer_arn VARCHAR,                 -- role (or user) behind a temporary credential
  session_issuer_account_id VARCHAR,
  session_issuer_user_name VARCHAR,
  session_created TIMESTAMP,                  -- sessionContext.attributes.creationDate in UTC
  mfa_authenticated BOOLEAN,
  source_identity VARCHAR,
  ec2_role_delivery VARCHAR,
  sign_in_session_arn VARCHAR,
  assumed_root VARCHAR,
  web_id_federation_data JSON,
  -- payload
  request_parameters JSON,
  response_elements JSON,
  additional_event_data JSON,
  service_event_details JSON,
  resources JSON,
  tls_details JSON,
  edge_device_details JSON,
  insight_details JSON,
  event_context JSON,
  addendum JSON,
  issued_access_key_id VARCHAR,               -- key that the response of this call names as issued; NULL where masked
  extra JSON,                                 -- fields that are none of the above, those of the identity under their path, known ones of an unexpected kind, unread times and flags, and a masked key
  partial BOOLEAN NOT NULL,                   -- the export it comes from keeps only some of a record's fields
  file_id INTEGER NOT NULL,
  record_index BIGINT NOT NULL                -- position in the file's records, from 0
);

-- Further deliveries of an event: equal copies. The event itself stays in events.
CREATE TABLE IF NOT EXISTS duplicates (
  event_id VARCHAR NOT NULL,
  file_id INTEGER NOT NULL,
  record_index BIGINT NOT NULL
);

-- Copies of one eventID whose content differs from the event's; each distinct content once.
CREATE TABLE IF NOT EXISTS conflicts (
  event_id VARCHAR NOT NULL,
  differs_in VARCHAR[] NOT NULL,              -- columns whose content differs from the event's
  content JSON NOT NULL,                      -- the other copy's columns
  fingerprint VARCHAR NOT NULL,               -- of the content, whatever the order of its keys
  file_id INTEGER NOT NULL,
  record_index BIGINT NOT NULL
);

-- Each place an event was found.
CREATE OR REPLACE VIEW deliveries AS
SELECT event_id, file_id, record_index, 'event' AS kind, partial FROM events
UNION ALL
SELECT event_id, file_id, record_index, 'duplicate' AS kind, NULL AS partial FROM duplicates
UNION ALL
SELECT event_id, file_id, record_index, 'conflict' AS kind, false AS partial FROM conflicts;

-- One row a distinct source address: where it is and whose, by the data that address_data names. An address moves and is shared: a hint, no proof.
CREATE TABLE IF NOT EXISTS ips (
  address VARCHAR NOT NULL,                   -- as logged in source_ip_address, or as spellings has it; each once
  kind VARCHAR NOT NULL,                      -- as events.source_kind
  country VARCHAR,                            -- ISO 3166-1 alpha-2; NULL where unknown
  city VARCHAR,
  latitude DOUBLE,
  longitude DOUBLE,
  accuracy_km INTEGER,                        -- radius around the coordinates that the address most likely lies in
  asn INTEGER,                                -- number of the network that announces it; NULL where unknown or for private use
  as_name VARCHAR,
  network VARCHAR,                            -- the /24 of IPv4 or /48 of IPv6 that it lies in, as CIDR; NULL for what is no address
  owner VARCHAR,                              -- aws, cloud, hosting, vpn, tor, residential, other; NULL where it cannot be derived
  aws_region VARCHAR,                         -- by AWS's ip-ranges.json; NULL without it
  known_good VARCHAR                          -- label in the known-good file of the latest run; NULL where that names it not
);
-- A case of an earlier version: its addresses are described anew by the next command that writes to it.
ALTER TABLE ips ADD COLUMN IF NOT EXISTS accuracy_km INTEGER;
ALTER TABLE ips ADD COLUMN IF NOT EXISTS network VARCHAR;
ALTER TABLE ips ADD COLUMN IF NOT EXISTS owner VARCHAR;
ALTER TABLE ips ADD COLUMN IF NOT EXISTS aws_region VARCHAR;
ALTER TABLE ips ADD COLUMN IF NOT EXISTS known_good VARCHAR;

-- Addresses that the log writes otherwise than the rest of the world: with them two spellings of one address count as one, in direct_events and in what
-- is normal. Everywhere else an address is as logged.
CREATE TABLE IF NOT EXISTS spellings (
  logged VARCHAR PRIMARY KEY,                 -- '::ffff:192.0.2.1', '2001:0DB8::0001'
  address VARCHAR NOT NULL                    -- as RFC 5952 writes it, without a zone; IPv4 inside IPv6 (RFC 4291 section 2.5.5.2) as IPv4
);

-- What the table ips was described with: one row a kind of data.
CREATE TABLE IF NOT EXISTS address_data (
  kind VARCHAR PRIMARY KEY,                   -- places, networks, aws_ranges, tor_exits
  name VARCHAR NOT NULL,                      -- as the data names itself
  built VARCHAR,                              -- date of the data, where it tells one
  sha256 VARCHAR,                             -- of the file given; NULL for data that comes with trailscope
  location VARCHAR                            -- of the file given, to read it again for further addresses; never reported
);

-- One row a distinct user agent, parsed.
CREATE TABLE IF NOT EXISTS agents (
  user_agent VARCHAR PRIMARY KEY,             -- as logged
  family VARCHAR NOT NULL,                    -- aws-cli, boto3, terraform, browser, aws-service, …; 'other' where unknown
  version VARCHAR,
  kind VARCHAR NOT NULL                       -- cli, sdk, iac, browser, console, service, tool, other
);
