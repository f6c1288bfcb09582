-- title: Refused at first, allowed soon after
-- severity: high
-- category: privilege-escalation
-- attack: {v18: [T1098.003, T1078.004], v19: [T1098.003, T1078.004]}
-- covers: [A7.03]
-- why: A caller who is refused many things and then, within the hour, may do one of them has found or made a way; what it was stands between.
-- misses: A way found outside the window; calls of other names than those refused.
-- params:
--   refusals: {type: integer, default: 5, about: "Different calls refused to the principal from which a change of heart is told."}
--   minutes: {type: integer, default: 60, about: "How soon after its refusal a call succeeded."}
WITH refused AS (
  SELECT principal, event_source, event_name, min(event_time) AS refused_at, min(event_id) AS event_id
  FROM direct_events
  WHERE outcome = 'denied' AND event_time IS NOT NULL AND event_source <> 'signin.amazonaws.com'
  GROUP BY principal, event_source, event_name
),
busy AS (
  SELECT principal FROM refused GROUP BY principal HAVING count(*) >= $refusals::INTEGER
),
opened AS (
  SELECT
    r.principal,
    r.event_source,
    r.event_name,
    r.refused_at,
    min(CASE WHEN c.event_time > r.refused_at THEN c.event_time END) AS allowed_at,
    min(CASE WHEN c.event_time > r.refused_at THEN c.event_id END) AS success
  FROM refused AS r
  JOIN busy AS b ON b.principal = r.principal
  JOIN direct_events AS c ON c.principal = r.principal AND c.event_source = r.event_source AND c.event_name = r.event_name
  WHERE c.outcome = 'success' AND c.event_time <= r.refused_at + to_minutes($minutes::INTEGER)
    AND NOT coalesce(c.session_credential_from_console, false)
  GROUP BY r.principal, r.event_source, r.event_name, r.refused_at
  -- What was allowed before the refusal, too, depends on what is asked for, not on who asks.
  HAVING min(c.event_time) > r.refused_at
)
SELECT
  array_agg(o.success ORDER BY o.allowed_at, o.success) AS event_ids,
  'doors opened to ' || o.principal AS subject,
  'After many refusals the same principal was allowed what it had been refused: '
    || clipped(string_agg(DISTINCT o.event_name, ', ' ORDER BY o.event_name), 200) AS summary,
  CASE WHEN bool_or(NOT regexp_matches(o.event_name, '^(Get|List|Describe|Head|Lookup|BatchGet)')) THEN 'high' ELSE 'medium' END AS severity,
  min(o.refused_at) AS first_refused,
  min(o.allowed_at) AS first_allowed
FROM opened AS o
GROUP BY o.principal
ORDER BY min(o.allowed_at), o.principal
