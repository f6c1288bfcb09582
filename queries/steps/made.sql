-- What the scope made or changed: one row a call and thing, attempts too. Names and ids come by the paths of catalog_creates;
-- a call it does not know whose verb makes something gets the first ARN or id of its answer.
-- https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (requestParameters: any JSON)

-- The call without its API version: CreateFunction20150331, CreateDistribution2020_05_31.
CREATE OR REPLACE TEMP MACRO call_of(name) AS regexp_replace(name, '20[0-9]{2}_?[0-9]{2}_?[0-9]{2}(v[0-9]+)?$', '');

-- Every value at a path, the first thousand; [*] stands for the items of a list, or for the one item that stands without a list.
CREATE OR REPLACE TEMP MACRO values_at(document, path) AS list_filter(
  list_transform(
    CASE WHEN json_type(json_extract(document, split_part(path, '[*]', 1))) = 'ARRAY'
      THEN from_json(json_extract(document, split_part(path, '[*]', 1)), '["JSON"]')[1:1000]
      ELSE [json_extract(document, split_part(path, '[*]', 1))] END,
    lambda item: json_extract_string(item, '$' || split_part(path, '[*]', 2))),
  lambda value: value IS NOT NULL);

-- What commands and other calls name it by: the last part of an ARN, a secret without its random suffix.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
CREATE OR REPLACE TEMP MACRO short_name(id) AS CASE
  WHEN id LIKE 'arn:%:secretsmanager:%' THEN regexp_replace(regexp_replace(id, '^.*?:secret:', ''), '-[A-Za-z0-9]{6}$', '')
  WHEN id LIKE 'arn:%:lambda:%' THEN regexp_extract(id, ':(?:function|layer):([^:]+)', 1)
  WHEN id LIKE 'arn:%:cloudformation:%' THEN regexp_extract(id, ':(?:stack|stackset|changeSet)/([^/:]+)', 1)
  WHEN id LIKE 'arn:%:ssm:%:parameter/%/%' THEN regexp_replace(id, '^.*?:parameter', '')
  WHEN id LIKE 'arn:%/%' THEN regexp_extract(id, '([^/]*)/?$', 1)
  WHEN id LIKE 'arn:%' THEN regexp_extract(id, '([^:]*)$', 1)
  WHEN regexp_matches(id, '^[0-9]{12}:function:') THEN split_part(id, ':', 3)
  ELSE id END;

-- A parameter without its version or label, which follow a colon, as no name holds.
CREATE OR REPLACE TEMP MACRO parameter_name(id) AS regexp_replace(short_name(id), ':[^:/]*$', '');

-- The first ARN, else the first id or name that a document holds, whatever its shape.
CREATE OR REPLACE TEMP MACRO first_id(document) AS coalesce(
  nullif(regexp_extract(document::VARCHAR, '"(arn:[^"\\]+)"', 1), ''),
  TRY(json_extract_string('"' || nullif(regexp_extract(
    regexp_replace(document::VARCHAR, '"_?(requestId|ownerId|requesterId|clientToken|clientRequestToken)"\s*:\s*"[^"]*"', '', 'g'),
    '"[A-Za-z]*(?:Id|ID|Name|Arn|ARN|name|id|arn)"\s*:\s*"((?:[^"\\]|\\.)+)"', 1), '') || '"', '$')));

-- Where an answer names nothing itself and holds one list of things, the id of each of them.
CREATE OR REPLACE TEMP MACRO names_itself(document) AS len(list_filter(json_keys(document), lambda key:
  json_type(document, pointer_to(key)) = 'VARCHAR' AND regexp_matches(key, '(Id|ID|Name|Arn|ARN|name|id|arn)$')
  AND NOT regexp_matches(key, '(?i)^_?(request|owner|requester)id$'))) > 0;
CREATE OR REPLACE TEMP MACRO things_listed(document) AS list_filter(
  list_transform(json_extract(document, '$.*'), lambda member: CASE WHEN json_type(member) = 'ARRAY' THEN member ELSE json_extract(member, '$.items') END),
  lambda list: json_type(list, '$[0]') = 'OBJECT');
CREATE OR REPLACE TEMP MACRO ids_in(document) AS CASE
  WHEN NOT names_itself(document) AND len(things_listed(document)) = 1
    THEN list_distinct(list_filter(
      list_transform(from_json(things_listed(document)[1], '["JSON"]')[1:1000], lambda thing: first_id(thing)), lambda id: id IS NOT NULL))
  ELSE list_filter([first_id(document)], lambda id: id IS NOT NULL)
END;

-- One call makes a parameter or gives it another value: the version tells, else whether it was allowed to overwrite.
-- https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
CREATE OR REPLACE TEMP MACRO overwrote(request, response) AS
  coalesce(try_cast(json_extract_string(response, '$.version') AS BIGINT) > 1, json_extract_string(request, '$.overwrite') = 'true', false);

CREATE OR REPLACE TEMP TABLE made AS
WITH names AS (
  SELECT DISTINCT event_source, event_name FROM scope_events WHERE event_name IS NOT NULL
),
-- Calls that make or change something: those known, and those whose verb says so. Tags, tokens and messages are no things.
calls AS (
  SELECT
    n.event_source,
    n.event_name,
    coalesce(c.makes, 'resource') AS makes,
    coalesce(c.type, 'unknown:' || split_part(n.event_source, '.', 1) || ':' || call_of(n.event_name)) AS type,
    c.type IS NOT NULL AS known,
    c.kind,
    c.path_in,
    c.path,
    c.also_in,
    c.also_path,
    c.request_path,
    c.when_path
  FROM names AS n
  LEFT JOIN catalog_creates AS c ON c.event_source = n.event_source AND c.event_name = call_of(n.event_name)
  WHERE coalesce(c.makes <> 'data', regexp_matches(n.event_name, '^(Batch)?(Create|Run|Register|Allocate|Import|Copy|Restore|Request|Publish|Provision|Purchase|Launch|Upload)[A-Z]')
    AND NOT regexp_matches(n.event_name, 'Tags?$|Tokens?$|Token[A-Z]|Session$|Url$|Credentials$|Query$|Upload$|^UploadPart|^CopyObject|^RestoreObject|^PublishBatch|^RegisterTargets|^RegisterInstancesWith|^ImportKeyMaterial|^RequestCancel'))
),
matched AS (
  SELECT
    e.event_id,
    e.event_time,
    e.event_source,
    e.event_name,
    e.outcome,
    coalesce(e.credential, e.identity_arn, e.invoked_by, 'unknown') AS created_by,
    coalesce(e.recipient_account_id, e.account_id) AS account,
    e.aws_region AS region,
    e.user_name,
    e.event_id IN (SELECT event_id FROM known_events) AS known_before,
    e.request_parameters AS request,
    e.response_elements AS response,
    c.* EXCLUDE (event_source, event_name)
  FROM scope_events AS e
  JOIN calls AS c ON c.event_source = e.event_source AND c.event_name = e.event_name
  WHERE (c.known OR (NOT e.is_data_event AND NOT coalesce(e.read_only, false)))
    AND (c.when_path IS NULL OR json_extract_string(e.request_parameters, c.when_path) IS NOT NULL)
    AND CASE WHEN c.type LIKE 'AWS::SSM::Parameter%' THEN (c.makes = 'change') = overwrote(e.request_parameters, e.response_elements) ELSE true END
),
-- Where the catalog's path gives nothing, what an answer names stands in; an attempt has only what it asked for.
identified AS (
  SELECT
    *,
    CASE path_in
      WHEN 'region' THEN [region]
      WHEN 'response' THEN values_at(response, path)
      WHEN 'request' THEN values_at(request, path)
    END AS own_ids,
    CASE also_in WHEN 'response' THEN values_at(response, also_path) WHEN 'request' THEN values_at(request, also_path) END AS alsos
  FROM matched
),
completed AS (
  SELECT
    *,
    len(coalesce(own_ids, [])) > 0 AS by_path,
    CASE
      WHEN len(coalesce(own_ids, [])) > 0 THEN own_ids
      WHEN makes LIKE 'principal%' OR outcome <> 'success' THEN values_at(request, request_path)
      WHEN len(ids_in(response)) > 0 THEN ids_in(response)
      ELSE values_at(request, request_path)
    END AS ids
  FROM identified
)
SELECT
  row_number() OVER (ORDER BY event_time, event_id, type, id, also) AS thing,
  event_id,
  event_time,
  event_name,
  outcome,
  created_by,
  account,
  region,
  makes,
  type,
  kind,
  id,
  short_name(id) AS name,
  also,
  by_path,
  path_in,
  user_name,
  known_before
FROM (
  SELECT
    * EXCLUDE (ids, alsos),
    unnest(CASE WHEN len(coalesce(ids, [])) > 0 THEN ids
      WHEN known THEN [NULL]
      ELSE [coalesce(first_id(request))] END) AS id,
    also
  FROM (
    SELECT *, unnest(CASE WHEN len(coalesce(alsos, [])) > 0 THEN alsos
      WHEN also_in = 'response' AND outcome <> 'success' THEN [values_at(request, request_path)[1]]
      ELSE [NULL] END) AS also
    FROM completed
  )
);

-- What a call made or changed, by ids and second parts: at most ten a call.
CREATE OR REPLACE TEMP VIEW made_by_call AS
SELECT event_id, array_agg(name ORDER BY place, name)[1:10] AS what
FROM (
  SELECT event_id, name, min(place) AS place
  FROM (
    SELECT event_id, thing * 2 AS place, id AS name FROM made
    UNION ALL
    SELECT event_id, thing * 2 + 1, also FROM made
  )
  WHERE name IS NOT NULL
  GROUP BY event_id, name
)
GROUP BY event_id;
