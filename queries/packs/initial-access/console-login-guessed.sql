-- title: Console logins refused again and again
-- severity: medium
-- category: credential-access
-- attack: {v18: [T1110], v19: [T1110]}
-- covers: [A11.02]
-- why: Passwords are tried out in numbers; a success after it is a break-in.
-- misses: Tries spread over many addresses and days. The name of a user who is not there is hidden by CloudTrail.
-- params:
--   failures: {type: integer, default: 5, about: "Refused logins within the time, by user or by address, from which it is told."}
--   minutes: {type: integer, default: 15, about: "Time within which they were refused."}
WITH logins AS (
  SELECT
    event_id,
    event_time,
    outcome,
    coalesce(identity_arn, account_id || '/' || user_name, 'hidden users of ' || account_id, 'an unknown user') AS who,
    coalesce(source_ip_address, 'no address') AS address
  FROM scope_events
  WHERE event_source = 'signin.amazonaws.com' AND event_name = 'ConsoleLogin' AND event_time IS NOT NULL
),
failures AS (
  SELECT event_id, event_time, 'logins of ' || who AS subject, who, address FROM logins WHERE outcome <> 'success'
  UNION ALL
  SELECT event_id, event_time, 'logins from ' || address, who, address FROM logins WHERE outcome <> 'success'
),
paced AS (
  SELECT event_id, event_time, subject, who, address,
    lag(event_time, $failures::INTEGER - 1) OVER (PARTITION BY subject ORDER BY event_time, event_id) AS so_many_before
  FROM failures
),
bursts AS (
  SELECT subject, min(so_many_before) AS began, max(event_time) AS ended
  FROM paced
  WHERE event_time <= so_many_before + to_minutes($minutes::INTEGER)
  GROUP BY subject
),
successes AS (
  SELECT b.subject, min(l.event_time) AS broken_in
  FROM bursts AS b
  JOIN paced AS p ON p.subject = b.subject
  JOIN logins AS l ON l.who = p.who AND l.address = p.address AND l.outcome = 'success' AND l.event_time BETWEEN b.began AND b.ended + to_minutes($minutes::INTEGER)
  GROUP BY b.subject
)
SELECT
  array_agg(p.event_id ORDER BY p.event_time, p.event_id) AS event_ids,
  p.subject,
  count(*) || ' ' || CASE WHEN p.subject LIKE 'logins of %' THEN 'logins of one user were refused' ELSE 'logins of ' || count(DISTINCT p.who)
    || CASE WHEN count(DISTINCT p.who) = 1 THEN ' user were refused to one address' ELSE ' users were refused to one address' END END || ' within minutes'
    || CASE WHEN max(s.broken_in) IS NOT NULL THEN ', and then one succeeded' ELSE '' END AS summary,
  -- All is refused, so each severity comes out one level lower.
  CASE WHEN max(s.broken_in) IS NOT NULL THEN 'critical' WHEN count(DISTINCT p.who) > 2 THEN 'high' ELSE 'medium' END AS severity,
  max(s.broken_in) AS succeeded_at
FROM paced AS p
JOIN bursts AS b ON b.subject = p.subject AND p.event_time BETWEEN b.began AND b.ended
LEFT JOIN successes AS s ON s.subject = p.subject
GROUP BY p.subject
ORDER BY min(p.event_time), p.subject
