-- title: Console logins that no journey joins
-- severity: high
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.10]
-- why: Nobody signs in at two places faster than an aircraft goes from one to the other.
-- misses: A thief nearby; addresses of which neither place nor country is known. A way out through a VPN or cloud looks the same, and is rated lower.
-- params:
--   kmh: {type: integer, default: 900, about: "Speed, in km/h, that a journey may have; both places' uncertainty is taken off the distance first."}
--   hours: {type: integer, default: 6, about: "Longest time between logins from two countries, where a place is known by its country alone."}
WITH logins AS (
  SELECT
    s.event_id, s.event_time, s.source_ip_address AS address, i.country, i.latitude, i.longitude,
    coalesce(s.identity_arn, s.account_id || '/' || s.user_name, s.principal_id, 'an unknown user') AS who,
    coalesce(i.accuracy_km, 100) AS accuracy_km, i.known_good,
    coalesce(i.owner, '') IN ('vpn', 'tor', 'hosting', 'cloud', 'aws') AS egress,
    row_number() OVER (PARTITION BY coalesce(s.identity_arn, s.account_id || '/' || s.user_name, s.principal_id, 'an unknown user')
      ORDER BY s.event_time, s.event_id) AS nth
  FROM scope_events AS s
  JOIN ips AS i ON i.address = s.source_ip_address
  WHERE s.event_source = 'signin.amazonaws.com' AND s.event_name = 'ConsoleLogin' AND s.outcome = 'success' AND s.event_time IS NOT NULL
    AND (i.country IS NOT NULL OR i.latitude IS NOT NULL)
),
journeys AS (
  SELECT
    b.event_id, b.event_time, b.who, b.address, b.country, a.address AS earlier_address, a.country AS earlier_country, a.egress OR b.egress AS egress,
    -- A later login that the known-good file covers is lowered for it anyway; an office beside a stranger's place excuses nothing.
    a.accuracy_km + b.accuracy_km AS uncertain, CASE WHEN a.egress THEN a.known_good END AS known_way,
    CAST(floor(date_diff('second', a.event_time, b.event_time) / 60.0) AS INTEGER) AS minutes,
    greatest(date_diff('second', a.event_time, b.event_time), 60) / 3600.0 AS hours,
    -- least() of NULL and 1 is 1 in some engines.
    CASE WHEN a.latitude IS NOT NULL AND b.latitude IS NOT NULL THEN 2 * 6371 * asin(least(1, sqrt(power(sin(radians(b.latitude - a.latitude) / 2), 2)
      + cos(radians(b.latitude)) * cos(radians(a.latitude)) * power(sin(radians(b.longitude - a.longitude) / 2), 2)))) END AS km
  FROM logins AS b
  JOIN logins AS a ON a.who = b.who AND a.nth = b.nth - 1
  WHERE a.address <> b.address
)
SELECT
  j.event_id,
  j.who AS subject,
  j.who || ' signed in to the console from ' || coalesce(j.country, 'an unknown country') || ' (' || j.address || ') '
    || CASE j.minutes WHEN 0 THEN 'less than a minute' WHEN 1 THEN '1 minute' ELSE CAST(j.minutes AS VARCHAR) || ' minutes' END
    || ' after a login from ' || coalesce(j.earlier_country, 'an unknown country') || ' (' || j.earlier_address || ')'
    || coalesce(', about ' || CAST(CAST(10 * round(j.km / 10) AS INTEGER) AS VARCHAR) || ' km away', '')
    || CASE WHEN j.egress THEN '; one end is a cloud, hosting, VPN or Tor network, which a user enters without travel' ELSE '' END
    || coalesce('; ' || j.earlier_address || ' is known good as ' || j.known_way, '') AS summary,
  CASE WHEN j.known_way IS NOT NULL THEN 'low' WHEN j.egress OR j.km IS NULL THEN 'medium' ELSE 'high' END AS severity,
  'at most ' || CAST($kmh::INTEGER AS VARCHAR) || ' km/h; ' || coalesce('countries ' || w.told, 'no baseline') AS normal,
  coalesce('at least ' || CAST(CAST(round((j.km - j.uncertain) / j.hours) AS INTEGER) AS VARCHAR) || ' km/h', 'two countries') AS seen,
  j.country,
  j.earlier_country
FROM journeys AS j
LEFT JOIN usual AS w ON w.kind = 'identity' AND w.id = j.who AND w.aspect = 'country'
WHERE (j.km - j.uncertain > 100 AND (j.km - j.uncertain) / j.hours > $kmh::INTEGER)
  OR (j.km IS NULL AND j.country <> j.earlier_country AND j.hours <= $hours::INTEGER)
ORDER BY j.event_time, j.event_id
