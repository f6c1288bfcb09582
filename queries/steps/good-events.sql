-- Which entry of the known-good file covers each event asked about, at the event's time. An entry covers what meets all its kinds of condition;
-- callers, addresses, agents and calls are each looked at once, however many events they have.
CREATE OR REPLACE TEMP TABLE good_events AS
WITH asked AS MATERIALIZED (
  SELECT event_id, event_time, source_ip_address, account_id, identity_arn, session_issuer_arn, session_issuer_account_id, user_agent, event_source, event_name
  FROM events
  WHERE $all::BOOLEAN OR event_id IN (SELECT event_id FROM asked_events)
),
-- How many kinds of condition an entry has on each side of an event.
sides AS MATERIALIZED (
  SELECT
    entry,
    len(list_intersect(kinds, ['addresses', 'networks', 'countries'])) AS place,
    len(list_intersect(kinds, ['accounts', 'principals', 'roles'])) AS caller,
    len(list_intersect(kinds, ['agents'])) AS agent,
    len(list_intersect(kinds, ['calls'])) AS call
  FROM good_entries
),
places AS (
  SELECT m.address, array_agg(m.entry) AS entries
  FROM (SELECT address, entry, count(*) AS met FROM good_addresses GROUP BY address, entry) AS m
  JOIN sides AS s ON s.entry = m.entry AND s.place = m.met
  GROUP BY m.address
),
callers AS (
  SELECT DISTINCT
    account_id,
    identity_arn,
    session_issuer_arn,
    -- A role's bare name speaks of own accounts only: a stranger's role may bear the same.
    CASE WHEN session_issuer_account_id IN (SELECT account_id FROM own_accounts)
      THEN regexp_extract(session_issuer_arn, ':role/(?:.*/)?([^/]+)$', 1) END AS role_name
  FROM asked
),
called AS (
  SELECT m.account_id, m.identity_arn, m.session_issuer_arn, array_agg(m.entry) AS entries
  FROM (
    SELECT account_id, identity_arn, session_issuer_arn, entry, count(*) AS met
    FROM (
      SELECT DISTINCT a.account_id, a.identity_arn, a.session_issuer_arn, c.entry, c.kind
      FROM callers AS a
      JOIN good_conditions AS c ON CASE c.kind
        WHEN 'accounts' THEN a.account_id = c.value
        WHEN 'principals' THEN coalesce(a.identity_arn LIKE c.pattern ESCAPE '\', false) OR coalesce(a.session_issuer_arn LIKE c.pattern ESCAPE '\', false)
        WHEN 'roles' THEN CASE WHEN c.value LIKE 'arn:%' THEN a.session_issuer_arn ELSE a.role_name END LIKE c.pattern ESCAPE '\'
        ELSE false END
    )
    GROUP BY account_id, identity_arn, session_issuer_arn, entry
  ) AS m
  JOIN sides AS s ON s.entry = m.entry AND s.caller = m.met
  GROUP BY m.account_id, m.identity_arn, m.session_issuer_arn
),
agents_met AS (
  SELECT a.user_agent, array_agg(DISTINCT c.entry) AS entries
  FROM (SELECT DISTINCT user_agent FROM asked WHERE user_agent IS NOT NULL) AS a
  LEFT JOIN agents AS f ON f.user_agent = a.user_agent
  JOIN good_conditions AS c ON c.kind = 'agents' AND (f.family = c.value OR a.user_agent LIKE c.pattern ESCAPE '\')
  GROUP BY a.user_agent
),
calls_met AS (
  SELECT a.event_source, a.event_name, array_agg(DISTINCT c.entry) AS entries
  FROM (SELECT DISTINCT event_source, event_name FROM asked WHERE event_source IS NOT NULL AND event_name IS NOT NULL) AS a
  JOIN good_conditions AS c ON c.kind = 'calls'
    AND split_part(a.event_source, '.', 1) || ':' || regexp_replace(a.event_name, '[0-9]{8}(v[0-9]+)?$', '') LIKE c.pattern ESCAPE '\'
  GROUP BY a.event_source, a.event_name
),
-- Entries that ask nothing on a side are met there by every event.
free AS (
  SELECT
    coalesce(array_agg(entry) FILTER (WHERE place = 0), []) AS place,
    coalesce(array_agg(entry) FILTER (WHERE caller = 0), []) AS caller,
    coalesce(array_agg(entry) FILTER (WHERE agent = 0), []) AS agent,
    coalesce(array_agg(entry) FILTER (WHERE call = 0), []) AS call
  FROM sides
),
met AS (
  SELECT
    a.event_id,
    a.event_time,
    unnest(list_intersect(
      list_intersect(list_concat(coalesce(p.entries, []), f.place), list_concat(coalesce(w.entries, []), f.caller)),
      list_intersect(list_concat(coalesce(g.entries, []), f.agent), list_concat(coalesce(c.entries, []), f.call)))) AS entry
  FROM asked AS a
  CROSS JOIN free AS f
  LEFT JOIN places AS p ON p.address = a.source_ip_address
  LEFT JOIN called AS w ON w.account_id IS NOT DISTINCT FROM a.account_id AND w.identity_arn IS NOT DISTINCT FROM a.identity_arn
    AND w.session_issuer_arn IS NOT DISTINCT FROM a.session_issuer_arn
  LEFT JOIN agents_met AS g ON g.user_agent = a.user_agent
  LEFT JOIN calls_met AS c ON c.event_source = a.event_source AND c.event_name = a.event_name
)
SELECT m.event_id, min(m.entry) AS entry, array_agg(m.entry) AS entries  -- the first counts
FROM met AS m
JOIN good_entries AS g ON g.entry = m.entry
WHERE (g.valid_from IS NULL OR m.event_time >= g.valid_from) AND (g.valid_until IS NULL OR m.event_time < g.valid_until)
GROUP BY m.event_id;
