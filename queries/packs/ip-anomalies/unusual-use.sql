-- title: Use unlike what was normal for the caller
-- severity: medium
-- category: initial-access
-- attack: {v18: [T1078.004], v19: [T1078.004]}
-- covers: [A6.02, A6.10]
-- why: An address that the owner never used is where the thief most likely sits; the more else is new there, the less it is the owner on the road.
-- misses: A thief at the owner's own place with the owner's tools and calls. Each sign has points that add up (5 medium, 8 high), and none is proof; of a caller without baseline only what needs none counts.
SELECT
  event_ids,
  caller || CASE state WHEN 'known' THEN ' at ' ELSE ' from ' END || place AS subject,
  caller || CASE WHEN principal = caller THEN '' ELSE ' (' || principal || ')' END
    || CASE state WHEN 'known' THEN ' at its usual places on ' || CAST(day AS VARCHAR) ELSE ' from ' || address END || ', ' || calls
    || CASE WHEN calls = 1 THEN ' call' ELSE ' calls' END || ', unlike what was normal for it ('
    || CASE WHEN known_as = 'none' THEN 'no baseline, ' ELSE '' END || points || CASE WHEN points = 1 THEN ' point' ELSE ' points' END || '): ' || compared
    || CASE WHEN neighbours = 0 THEN ''
      ELSE '. The place is shared: ' || neighbours || CASE WHEN neighbours = 1 THEN ' caller' ELSE ' callers' END
        || ' outside the scope came from the same addresses, and is not in scope for it' END
    || CASE WHEN known_good IS NULL THEN '' ELSE '. Known good as ' || known_good END AS summary,
  severity,
  points,
  signs,
  known_as,
  calls,
  address AS addresses,
  neighbours
FROM unusual_uses
ORDER BY points DESC, first_use, caller, place
