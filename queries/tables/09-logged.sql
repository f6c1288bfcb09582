-- Events under CloudTrail's own field names, for rules that come from Sigma: src/rules/sigma writes their SQL over these. DuckDB's own SQL stays in this file.
-- Cuts ([1:…]) only bound what a stranger's constant could cost before any timer runs: no record comes near them.

-- What stands in a place of JSON, lists taken apart at every level: {"a": [{"b": 1}, {"b": 2}]} holds 1 and 2 at ['a', 'b'].
CREATE OR REPLACE MACRO items_of(document) AS
  CASE WHEN coalesce(json_type(document), 'NULL') = 'NULL' THEN []::JSON[]
    WHEN json_type(document) = 'ARRAY' THEN json_extract(document, '$[*]') ELSE [document] END;

CREATE OR REPLACE MACRO pointer_to(key) AS '/' || replace(replace(key, '~', '~0'), '/', '~1');

CREATE OR REPLACE MACRO items_at(document, keys) AS
  list_reduce(
    list_transform(keys[1:20], lambda key: to_json(key)),
    lambda found, key: to_json(flatten(list_transform(json_extract(found, '$[*]'), lambda d: items_of(json_extract(d, pointer_to(json_extract_string(key, '$'))))))),
    to_json(items_of(document)));

-- An object as a text to search: its JSON, the quotes of documents inside it plain, and once more as key=value, the way some search engines print it.
CREATE OR REPLACE MACRO object_texts(document) AS [
  replace(document::VARCHAR, '\"', '"'),
  regexp_replace(replace(document::VARCHAR, '\"', '"'), '"([^"\\]*)":\s*"?', '\1=', 'g')];

-- The values at a place, as logged: numbers and flags as text. Most places hold one value and need no walk.
CREATE OR REPLACE MACRO texts_of(document) AS
  CASE WHEN json_type(document) IN ('OBJECT', 'ARRAY') THEN object_texts(document) ELSE [json_extract_string(document, '$')] END;
CREATE OR REPLACE MACRO path_to(keys) AS array_to_string(list_transform(keys[1:20], lambda key: pointer_to(key)), '');
CREATE OR REPLACE MACRO logged(document, keys) AS
  CASE
    WHEN coalesce(json_type(document), 'NULL') = 'NULL' THEN []::VARCHAR[]
    WHEN len(keys) = 0 AND json_type(document) <> 'ARRAY' THEN texts_of(document)
    WHEN json_type(document, path_to(keys)) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'DOUBLE', 'BOOLEAN') THEN [json_extract_string(document, path_to(keys))]
    ELSE flatten(list_transform(
      list_filter(json_extract(items_at(document, keys), '$[*]'), lambda d: json_type(d) <> 'NULL'),
      lambda d: texts_of(d)))
  END;

-- The first of them: what events are grouped by.
CREATE OR REPLACE MACRO first_logged(document, keys) AS logged(document, keys)[1];

-- Is the key there at all, be its value null?
CREATE OR REPLACE MACRO present(document, keys) AS
  len(list_filter(json_extract(items_at(document, keys[1:-2]), '$[*]'), lambda d: json_exists(d, pointer_to(keys[-1])))) > 0;

CREATE OR REPLACE MACRO folded(texts) AS list_transform(texts, lambda t: lower(t));
CREATE OR REPLACE MACRO any_in(texts, wanted) AS list_has_any(texts, wanted);
CREATE OR REPLACE MACRO any_like(texts, pattern) AS len(list_filter(texts, lambda t: t LIKE pattern ESCAPE '\')) > 0;
-- Words anywhere in the texts, one of them or all: the texts are made once, however many words there are.
CREATE OR REPLACE MACRO any_word(texts, words) AS
  len(list_filter(texts, lambda t: len(list_filter(words[1:5000], lambda w: contains(t, w))) > 0)) > 0;
CREATE OR REPLACE MACRO all_words(texts, words) AS
  len(list_filter([texts], lambda ts: len(list_filter(words[1:5000], lambda w: len(list_filter(ts, lambda t: contains(t, w))) = 0)) = 0)) > 0;
CREATE OR REPLACE MACRO any_regexp(texts, pattern) AS len(list_filter(texts, lambda t: regexp_matches(t, pattern))) > 0;

-- Numbers, and parts of times in UTC.
CREATE OR REPLACE MACRO numbers_of(texts) AS list_filter(list_transform(texts, lambda t: try_cast(t AS DOUBLE)), lambda n: n IS NOT NULL);
CREATE OR REPLACE MACRO parts_of(texts, part) AS
  list_filter(list_transform(texts, lambda t: date_part(part, timezone('UTC', try_cast(t AS TIMESTAMPTZ)))::DOUBLE), lambda n: n IS NOT NULL);
CREATE OR REPLACE MACRO least_of(numbers) AS list_min(numbers);
CREATE OR REPLACE MACRO greatest_of(numbers) AS list_max(numbers);

-- Two fields against each other: is, starts, ends, contains.
CREATE OR REPLACE MACRO any_pair(texts, others, way) AS
  len(list_filter(texts[1:1000], lambda t: len(list_filter(others[1:1000], lambda o: CASE way
    WHEN 'starts' THEN starts_with(t, o) WHEN 'ends' THEN suffix(t, o) WHEN 'contains' THEN strpos(t, o) > 0 ELSE t = o END)) > 0)) > 0;

-- An address as a text that sorts as addresses do, so that a CIDR range is BETWEEN its first and its last: '4:' and 8 hexadecimal digits, '6:' and 32.
-- IPv4 written as IPv6 (::ffff:192.0.2.1) is IPv4; what is no address is NULL.
CREATE OR REPLACE MACRO groups_of(side) AS CASE WHEN coalesce(side, '') = '' THEN []::VARCHAR[] ELSE string_split(side, ':') END;
CREATE OR REPLACE MACRO address_key4(a) AS
  '4:' || array_to_string(list_transform(string_split(a, '.'), lambda o: printf('%02x', o::INTEGER)), '');
CREATE OR REPLACE MACRO address_digits6(a) AS array_to_string(list_transform(
  list_concat(
    groups_of(string_split(a, '::')[1]),
    CASE WHEN contains(a, '::')
      THEN list_transform(range(greatest(0, 8 - len(groups_of(string_split(a, '::')[1])) - len(groups_of(string_split(a, '::')[2])))), lambda i: '0')
      ELSE []::VARCHAR[] END,
    groups_of(string_split(a, '::')[2])),
  lambda g: lpad(g, 4, '0')), '');
CREATE OR REPLACE MACRO unmapped(a) AS regexp_replace(lower(a), '^::ffff:([0-9]+\.)', '\1');
CREATE OR REPLACE MACRO address_key(address) AS
  CASE
    WHEN regexp_full_match(unmapped(address), '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}')
      THEN address_key4(unmapped(address))
    WHEN regexp_full_match(lower(address), '([0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}') AND NOT regexp_matches(address, ':::|::.*::') THEN
      CASE
        WHEN len(address_digits6(lower(address))) <> 32 THEN NULL
        WHEN starts_with(address_digits6(lower(address)), '00000000000000000000ffff') THEN '4:' || right(address_digits6(lower(address)), 8)
        ELSE '6:' || address_digits6(lower(address))
      END
  END;
CREATE OR REPLACE MACRO any_address(texts, lowest, highest) AS len(list_filter(texts, lambda t: address_key(t) BETWEEN lowest AND highest)) > 0;

-- What Sigma rules read: the events of the scope, whoever made the call, services for themselves too, since a rule of Sigma excludes them itself.
-- record_text is the record as its log has it, less the fields it lacks, to look for words in: quotes of documents inside it are plain.
CREATE OR REPLACE VIEW logged_events AS
SELECT
  *,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
  replace(event_time::VARCHAR, ' ', 'T') || 'Z' AS logged_time,
  coalesce(access_key_id, json_extract_string(extra, '$.maskedAccessKeyId')) AS logged_access_key_id,
  replace(session_created::VARCHAR, ' ', 'T') || 'Z' AS logged_session_created,
  json_merge_patch('{}', json_object(
    'type', identity_type, 'principalId', principal_id, 'arn', identity_arn, 'accountId', account_id, 'accessKeyId', logged_access_key_id,
    'userName', user_name, 'invokedBy', invoked_by, 'identityProvider', identity_provider, 'credentialId', credential_id,
    'onBehalfOf', on_behalf_of, 'inScopeOf', in_scope_of, 'invokedByDelegate', invoked_by_delegate,
    'sessionContext', CASE WHEN coalesce(logged_session_created, session_issuer_type, source_identity, web_id_federation_data::VARCHAR) IS NOT NULL
      THEN json_object(
        'sessionIssuer', CASE WHEN session_issuer_type IS NOT NULL THEN json_object('type', session_issuer_type, 'principalId', session_issuer_principal_id,
          'arn', session_issuer_arn, 'accountId', session_issuer_account_id, 'userName', session_issuer_user_name) END,
        'attributes', json_object('creationDate', logged_session_created, 'mfaAuthenticated', mfa_authenticated::VARCHAR),
        'sourceIdentity', source_identity, 'ec2RoleDelivery', ec2_role_delivery, 'signInSessionArn', sign_in_session_arn, 'assumedRoot', assumed_root,
        'webIdFederationData', web_id_federation_data) END)) AS user_identity,
  replace('{' || concat_ws(',',
    '"eventVersion":"' || event_version || '"', 
    '"userIdentity":{' || concat_ws(',', '"type":"' || identity_type || '"', '"principalId":"' || principal_id || '"', '"arn":"' || identity_arn || '"',
      '"accountId":"' || account_id || '"', '"accessKeyId":"' || logged_access_key_id || '"', '"userName":"' || user_name || '"',
      '"sessionContext":{' || nullif(concat_ws(',',
        '"sessionIssuer":{' || nullif(concat_ws(',', '"type":"' || session_issuer_type || '"', '"principalId":"' || session_issuer_principal_id || '"',
          '"arn":"' || session_issuer_arn || '"', '"accountId":"' || session_issuer_account_id || '"', '"userName":"' || session_issuer_user_name || '"'), '') || '}',
        '"attributes":{' || nullif(concat_ws(',', '"creationDate":"' || logged_session_created || '"', '"mfaAuthenticated":"' || mfa_authenticated::VARCHAR || '"'), '') || '}',
        '"sourceIdentity":"' || source_identity || '"', '"ec2RoleDelivery":"' || ec2_role_delivery || '"', '"signInSessionArn":"' || sign_in_session_arn || '"',
        '"assumedRoot":"' || assumed_root || '"', '"webIdFederationData":' || web_id_federation_data::VARCHAR), '') || '}',
      '"invokedBy":"' || invoked_by || '"', '"identityProvider":"' || identity_provider || '"', '"credentialId":"' || credential_id || '"',
      '"onBehalfOf":' || on_behalf_of::VARCHAR, '"inScopeOf":' || in_scope_of::VARCHAR, '"invokedByDelegate":' || invoked_by_delegate::VARCHAR) || '}',
    '"eventTime":"' || logged_time || '"',
    '"eventSource":"' || event_source || '"', '"eventName":"' || event_name || '"', '"awsRegion":"' || aws_region || '"',
    '"sourceIPAddress":"' || source_ip_address || '"', '"userAgent":"' || user_agent || '"', '"errorCode":"' || error_code || '"',
    '"errorMessage":"' || error_message || '"', '"requestParameters":' || request_parameters::VARCHAR,
    '"responseElements":' || response_elements::VARCHAR, '"additionalEventData":' || additional_event_data::VARCHAR,
    '"requestID":"' || request_id || '"', '"eventID":"' || event_id || '"', '"readOnly":' || read_only::VARCHAR,
    '"resources":' || resources::VARCHAR, '"eventType":"' || event_type || '"', '"apiVersion":"' || api_version || '"',
    '"managementEvent":' || management_event::VARCHAR, '"recipientAccountId":"' || recipient_account_id || '"',
    '"serviceEventDetails":' || service_event_details::VARCHAR, '"sharedEventID":"' || shared_event_id || '"',
    '"vpcEndpointId":"' || vpc_endpoint_id || '"', '"vpcEndpointAccountId":"' || vpc_endpoint_account_id || '"',
    '"eventCategory":"' || event_category || '"', '"addendum":' || addendum::VARCHAR,
    '"sessionCredentialFromConsole":' || session_credential_from_console::VARCHAR, '"edgeDeviceDetails":' || edge_device_details::VARCHAR,
    '"tlsDetails":' || tls_details::VARCHAR, '"insightDetails":' || insight_details::VARCHAR, '"eventContext":' || event_context::VARCHAR,
    extra::VARCHAR) || '}', '\"', '"') AS record_text
FROM scope_events;
