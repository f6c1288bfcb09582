-- Each way in which the credentials of the scope were used, by class and operator: one row a reason, network and agent.
SELECT
  w.operator,
  w.class,
  w.reason,
  i.network,
  CASE WHEN NOT w.by_service THEN coalesce(a.family, w.user_agent) END AS agent,
  sum(w.events)::BIGINT AS events,
  min(w.first_seen) AS first_seen,
  max(w.last_seen) AS last_seen,
  coalesce(array_agg(DISTINCT coalesce(w.source_ip_address, 'none') ORDER BY coalesce(w.source_ip_address, 'none')) FILTER (WHERE NOT w.by_service), []) AS addresses,
  coalesce(array_agg(DISTINCT w.credential ORDER BY w.credential) FILTER (WHERE w.credential IS NOT NULL), []) AS credentials
FROM operator_ways AS w
LEFT JOIN ips AS i ON i.address = CASE WHEN NOT w.by_service THEN w.source_ip_address END
LEFT JOIN agents AS a ON a.user_agent = w.user_agent
GROUP BY ALL
ORDER BY w.class, first_seen NULLS LAST, i.network, agent, w.reason, w.operator;
