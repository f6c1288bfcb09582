-- What is normal, in words. Networks have their names, as far as the addresses of the case tell them.
DELETE FROM usual;

INSERT INTO usual
WITH named AS (
  SELECT CAST(asn AS VARCHAR) AS asn, min(as_name) AS name FROM ips WHERE asn IS NOT NULL AND as_name IS NOT NULL GROUP BY asn
),
ranked AS (
  SELECT kind, id, aspect, value, calls, row_number() OVER (PARTITION BY kind, id, aspect ORDER BY calls DESC, value) AS nth
  FROM normal
  WHERE aspect NOT IN ('use', 'rate', 'hour')
)
SELECT
  r.kind,
  r.id,
  r.aspect,
  string_agg(CASE r.aspect WHEN 'asn' THEN 'AS' || r.value || coalesce(' ' || n.name, '') ELSE r.value END, ', ' ORDER BY r.nth) FILTER (WHERE r.nth <= 3)
    || CASE WHEN max(r.nth) > 3 THEN ' and ' || (max(r.nth) - 3) || ' more' ELSE '' END AS told,
  max(r.nth)::INTEGER AS known
FROM ranked AS r
LEFT JOIN named AS n ON r.aspect = 'asn' AND n.asn = r.value
GROUP BY r.kind, r.id, r.aspect
UNION ALL
SELECT kind, id, aspect, string_agg(value, ' ' ORDER BY CAST(value AS INTEGER)) AS told, count(*)::INTEGER AS known
FROM normal
WHERE aspect = 'hour'
GROUP BY kind, id, aspect;
