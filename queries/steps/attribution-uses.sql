-- Each way in which the credentials of the scope were used, by class: one row a class, reason, network and agent.
SELECT
  class,
  reason,
  network,
  agent,
  count(*) AS events,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen,
  array_agg(DISTINCT address ORDER BY address) FILTER (WHERE address IS NOT NULL) AS addresses,
  array_agg(DISTINCT credential ORDER BY credential) AS credentials
FROM attributed
GROUP BY class, reason, network, agent
ORDER BY class, first_seen NULLS LAST, network, agent, reason;
