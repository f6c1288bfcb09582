-- What was changed later, by anyone, of what the scope made: calls of its service that change things and name it by the parameter by which it is deleted.
-- What only uses a thing (a machine started in a subnet) changes nothing of it. A login profile, which goes by its user's name, is changed by calls on
-- login profiles alone.
CREATE OR REPLACE TEMP TABLE changed AS
WITH paths AS (
  SELECT event_source, path, count(DISTINCT type) AS types FROM catalog_deletes GROUP BY event_source, path
),
parameters AS (
  SELECT DISTINCT
    t.type,
    split_part(t.type, '::', 3) AS noun,
    d.event_source,
    d.path,
    regexp_extract(d.path, '([A-Za-z]+)$') AS parameter,
    p.types = 1 OR starts_with(lower(regexp_extract(d.path, '([A-Za-z]+)$')), lower(split_part(t.type, '::', 3))) AS own,
    NOT regexp_matches(t.type, '^AWS::(IAM|S3|Route53|CloudFront|Organizations|SSO|IdentityStore|Support)::') AS regional
  FROM (SELECT DISTINCT type FROM made WHERE makes IN ('resource', 'principal') AND outcome = 'success') AS t
  JOIN catalog_deletes AS d ON d.type = t.type
  JOIN paths AS p ON p.event_source = d.event_source AND p.path = d.path
  WHERE d.path_in = 'request' AND d.part = 'id' AND d.also_path IS NULL AND regexp_matches(d.path, '[A-Za-z]$')
),
changes AS (
  SELECT
    e.event_id,
    e.event_time,
    e.event_source,
    call_of(e.event_name) AS call,
    p.path,
    coalesce(e.recipient_account_id, e.account_id, '') AS account,
    coalesce(e.aws_region, '') AS region,
    coalesce(e.identity_arn, e.invoked_by, e.access_key_id, e.account_id, 'unknown') AS actor,
    unnest(list_distinct(list_concat(values_at(e.request_parameters, p.path), [json_extract_string(e.request_parameters, '$.' || p.parameter)]))) AS value
  FROM events AS e
  JOIN (SELECT DISTINCT event_source, path, parameter FROM parameters) AS p ON p.event_source = e.event_source
  WHERE e.outcome = 'success' AND coalesce(e.read_only, false) = false AND e.event_time IS NOT NULL
    AND regexp_matches(e.event_name, '^((Modify|Update|Put|Set|Attach|Detach|Associate|Disassociate|Authorize|Revoke|Add|Remove|Tag|Untag|Replace|Enable|Disable|Reset|Reboot|Start|Stop|Change|Move|Upload|Publish|Register|Deregister|Delete)[A-Z]|Create(AccessKey|LoginProfile|PolicyVersion|Route|NetworkAclEntry|Alias|Grant|ServiceSpecificCredential)$)')
),
later AS (
  SELECT m.thing, c.event_id, c.event_time, c.actor
  FROM made AS m
  JOIN parameters AS p ON p.type = m.type
  JOIN changes AS c ON c.event_source = p.event_source AND c.path = p.path
    AND short_name(c.value) = m.name AND (p.own OR contains(c.call, p.noun))
    AND c.account = coalesce(m.account, '') AND (NOT p.regional OR c.region = coalesce(m.region, ''))
  WHERE m.makes IN ('resource', 'principal') AND m.outcome = 'success' AND c.event_time > m.event_time
    AND NOT EXISTS (FROM catalog_deletes AS d WHERE d.type = m.type AND d.event_source = c.event_source AND d.event_name = c.call)
),
summed AS (
  SELECT thing, count(DISTINCT event_id) AS calls, arg_max(event_id, {time: event_time, id: event_id}) AS event_id, arg_max(actor, {time: event_time, id: event_id}) AS actor
  FROM later
  GROUP BY thing
)
SELECT l.thing, l.calls, l.event_id, coalesce(s.credential, l.actor) AS actor
FROM summed AS l
LEFT JOIN (SELECT event_id, credential FROM scope_events WHERE event_id IN (SELECT event_id FROM summed)) AS s ON s.event_id = l.event_id;
