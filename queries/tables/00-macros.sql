-- Words turned into values, once, for loading: times, flags, outcomes, kinds of address.

-- A time no log can bear is none: CloudTrail began in 2013.
CREATE OR REPLACE TEMP MACRO plausible(t) AS
  CASE WHEN t BETWEEN TIMESTAMP '2000-01-01' AND TIMESTAMP '2200-01-01' THEN t END;

-- RFC 3339 text, or 'YYYY-MM-DD HH:MM:SS' read as UTC; NULL where it is neither.
CREATE OR REPLACE TEMP MACRO utc(text) AS
  plausible(CASE WHEN text LIKE '%Z' THEN try_cast(text AS TIMESTAMP)
    WHEN text IS NOT NULL THEN timezone('UTC', try_cast(text AS TIMESTAMPTZ)) END);

-- Flags arrive as true, "true" and "True".
CREATE OR REPLACE TEMP MACRO flag(text) AS try_cast(lower(text) AS BOOLEAN);

-- Whoever passed the log on may have masked its keys (AKIA****, ASIAXXXXXXXX…): different credentials then look like one, and none may be followed.
CREATE OR REPLACE TEMP MACRO masked(key) AS contains(key, '*') OR contains(key, 'XXXXXXXX') OR contains(key, '...');
CREATE OR REPLACE TEMP MACRO unmasked(key) AS CASE WHEN key <> '' AND NOT masked(key) THEN key END;

-- What came of the call. AWS names refusals differently by service; a failed sign-in has a message and no code, and so may other calls.
-- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (errorCode, errorMessage)
CREATE OR REPLACE TEMP MACRO outcome_of(error_code, error_message, event_name, response) AS
  CASE
    WHEN event_name = 'ConsoleLogin' AND json_extract_string(response, '$.ConsoleLogin') = 'Failure' THEN 'denied'
    WHEN error_code = 'Success' OR (coalesce(error_code, '') = '' AND coalesce(error_message, '') = '') THEN 'success'
    WHEN coalesce(error_code, '') = '' THEN CASE
      WHEN event_name IN ('ConsoleLogin', 'CheckMfa', 'SwitchRole') OR regexp_matches(error_message, '(?i)not authorized|unauthorized|access ?denied|forbidden|failed authentication')
        THEN 'denied' ELSE 'failed' END
    WHEN error_code LIKE '%DryRunOperation' THEN 'dry_run'
    WHEN regexp_matches(error_code, '(?i)AccessDenied|Unauthorized|NotAuthorized|AuthFailure|OptInRequired|Forbidden|VpceAccessDenied|InvalidClientTokenId|UnrecognizedClient|ExpiredToken|SignatureDoesNotMatch|InvalidAccessKeyId') THEN 'denied'
    WHEN regexp_matches(error_code, '(?i)Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|RequestThrottled|ProvisionedThroughputExceeded') THEN 'throttled'
    WHEN regexp_matches(error_code, '(?i)NoSuch|NotFound|DoesNotExist|NonExistent|UnknownResource') THEN 'not_found'
    ELSE 'failed'
  END;

-- Where a request came from. Strict: '255.18.064.253' has a leading zero and is no address (RFC 6943 section 3.1.1).
CREATE OR REPLACE TEMP MACRO source_kind_of(address) AS
  CASE
    WHEN address IS NULL THEN NULL
    WHEN address LIKE '%.amazonaws.com' OR address LIKE '%.amazonaws.com.cn' OR address LIKE '%.amazon.com' THEN 'aws_service'
    WHEN address LIKE 'AWS Internal%' THEN 'aws_internal'
    WHEN regexp_full_match(address, '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}') THEN
      CASE WHEN regexp_matches(address, '^(10|127|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2[0-9]|3[01])\.|^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.')
        THEN 'private' ELSE 'public' END
    WHEN address LIKE '%:%' AND regexp_full_match(lower(address), '(([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,7}:|:(:[0-9a-f]{1,4}){1,7}|::|([0-9a-f]{1,4}:){1,6}:[0-9a-f]{1,4}|([0-9a-f]{1,4}:){1,5}(:[0-9a-f]{1,4}){2}|([0-9a-f]{1,4}:){1,4}(:[0-9a-f]{1,4}){3}|([0-9a-f]{1,4}:){1,3}(:[0-9a-f]{1,4}){4}|([0-9a-f]{1,4}:){1,2}(:[0-9a-f]{1,4}){5}|[0-9a-f]{1,4}:(:[0-9a-f]{1,4}){6}|(([0-9a-f]{1,4}:){6}|::(ffff:)?)(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3})(%[0-9a-z]+)?') THEN
      -- An IPv4 address may be written as IPv6, its bytes as numbers (::ffff:192.0.2.1) or in hexadecimal (::ffff:c000:201).
      CASE WHEN regexp_matches(lower(address), '^(f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1?(%|$)|::ffff:((10|127|0)\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|(a|7f)[0-9a-f]{2}:|[0-9a-f]{1,2}:|c0a8:|a9fe:|ac1[0-9a-f]:|64[4-7][0-9a-f]:))')
        THEN 'private' ELSE 'public' END
    ELSE 'unparsable'
  END;

-- Data events by category; records older than version 1.07 do not say, so there by the calls that are only logged as data events.
CREATE OR REPLACE TEMP MACRO data_event(category, management, source, name) AS
  CASE
    WHEN category IS NOT NULL THEN category = 'Data'
    WHEN management IS NOT NULL THEN NOT management
    ELSE (source = 's3.amazonaws.com' AND name IN ('GetObject', 'HeadObject', 'PutObject', 'DeleteObject', 'DeleteObjects', 'CopyObject',
        'ListObjects', 'ListObjectsV2', 'GetObjectAcl', 'PutObjectAcl', 'RestoreObject', 'SelectObjectContent', 'CreateMultipartUpload',
        'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload', 'GetObjectTagging', 'PutObjectTagging'))
      OR (source = 'lambda.amazonaws.com' AND name LIKE 'Invoke%')
      OR (source = 'dynamodb.amazonaws.com' AND name IN ('GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem',
        'BatchWriteItem', 'TransactGetItems', 'TransactWriteItems', 'ExecuteStatement'))
  END;

CREATE OR REPLACE TEMP MACRO session_of(account_id, principal_id, created) AS
  account_id || '/' || principal_id || '/' || strftime(created, '%Y-%m-%dT%H:%M:%SZ');

-- The partition that a region lies in: every ARN of an account begins with it.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
CREATE OR REPLACE TEMP MACRO partition_of(region) AS
  CASE
    WHEN starts_with(region, 'cn-') THEN 'aws-cn'
    WHEN starts_with(region, 'us-gov-') THEN 'aws-us-gov'
    WHEN starts_with(region, 'eusc-') THEN 'aws-eusc'
    WHEN regexp_matches(region, '^[a-z]+-iso[a-z]?-') THEN 'aws-iso' || regexp_replace(regexp_extract(region, '-iso([a-z]?)-', 1), '(.)', '-\1')
    ELSE 'aws'
  END;

-- An IAM user or role as calls name it, which leave out its path.
CREATE OR REPLACE TEMP MACRO iam_arn(region, account, kind, name) AS 'arn:' || partition_of(region) || ':iam::' || account || ':' || kind || '/' || name;

-- A user agent without what differs from call to call of one installation: the command, the API, the features that a request used.
CREATE OR REPLACE TEMP MACRO agent_key(user_agent) AS
  trim(regexp_replace(regexp_replace(user_agent, '(^|[ \[])(md/command#|md/prompt#|md/retry|api/|cfg/|m/|ft/|hll/|io/)[^ \]]*', '\1', 'g'), ' +', ' ', 'g'), ' []');
-- The operating system that a user agent names; '' where it names none.
CREATE OR REPLACE TEMP MACRO agent_system(user_agent) AS
  regexp_replace(regexp_extract(lower(user_agent), 'windows|linux|darwin|mac ?os|macintosh'), '^mac.*', 'darwin');

-- AWS's addendum to an earlier event; tables of Lake and Athena write its keys in small letters.
-- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (addendum)
CREATE OR REPLACE TEMP MACRO addendum_reason(addendum) AS json_extract_string(addendum, '$.reason');
CREATE OR REPLACE TEMP MACRO addendum_original(addendum) AS
  nullif(coalesce(json_extract_string(addendum, '$.originalEventID'), json_extract_string(addendum, '$.originaleventid')), '');
CREATE OR REPLACE TEMP MACRO addendum_original_request(addendum) AS
  nullif(coalesce(json_extract_string(addendum, '$.originalRequestID'), json_extract_string(addendum, '$.originalrequestid')), '');
-- One text, comma between the names, or a list of them.
CREATE OR REPLACE TEMP MACRO addendum_fields(addendum) AS
  regexp_extract_all(coalesce(json_extract_string(addendum, '$.updatedFields'), json_extract_string(addendum, '$.updatedfields'), ''), '[\w.]+');
