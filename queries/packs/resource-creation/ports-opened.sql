-- title: Security group or network ACL opened
-- severity: medium
-- category: defense-evasion
-- attack: {v18: [T1562.007, T1133], v19: [T1686.001, T1133]}
-- covers: [A3.03]
-- why: A port open to the whole internet is a way in that needs no AWS credential at all.
-- misses: Rules that name another group or a prefix list; what was open before; many small ranges that together are a wide one.
--   Ranges wider than /8 (IPv4) or /16 (IPv6) weigh as the whole internet. Those inside private networks are not shown.
WITH groups AS (
  SELECT
    opened,
    aws_region,
    recipient_account_id,
    array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
    string_agg(DISTINCT CASE WHEN NOT outbound THEN ports END, ', ' ORDER BY CASE WHEN NOT outbound THEN ports END) AS ports,
    string_agg(DISTINCT CASE WHEN NOT outbound THEN cidr END, ', ' ORDER BY CASE WHEN NOT outbound THEN cidr END) AS ranges,
    bool_or(outcome = 'success') AS done,
    bool_or(to_world AND NOT outbound) AS world_in,
    bool_or(nearly_world AND NOT outbound) AS wide_in,
    bool_or(nearly_world AND NOT outbound AND remote_control) AS control_in,
    bool_or(NOT outbound) AS range_in,
    bool_and(invoked_by IS NOT NULL) AS by_service,
    min(event_time) AS first_call
  FROM opened_ports
  WHERE NOT within_private
  GROUP BY opened, aws_region, recipient_account_id
)
SELECT
  event_ids,
  opened || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS subject,
  opened || CASE WHEN done THEN ' was' ELSE ' was to be' END
    || CASE WHEN world_in THEN ' opened to the whole internet'
      WHEN wide_in THEN ' opened to great parts of the internet' WHEN range_in THEN ' opened to public addresses' ELSE ' opened outwards only' END
    || coalesce(': ' || substr(ports, 1, 120) || ' for ' || clipped(ranges, 160), '') AS summary,
  CASE
    WHEN control_in THEN CASE WHEN by_service THEN 'medium' ELSE 'high' END
    WHEN wide_in THEN CASE WHEN ports IN ('443', '80', '443, 80') THEN 'low' ELSE 'medium' END
    WHEN range_in THEN 'low'
    -- All traffic outwards is what every new group allows by default.
    ELSE 'info'
  END AS severity,
  ports,
  ranges
FROM groups
ORDER BY first_call, opened, aws_region, recipient_account_id
