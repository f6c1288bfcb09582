-- What is normal, in words. Networks have their names, as far as the addresses of the case tell them.
DELETE FROM usual;

INSERT INTO usual
WITH named AS (
  SELECT CAST(asn AS VARCHAR) AS asn, min(as_name) AS name FROM ips WHERE asn IS NOT NULL AND as_name IS NOT NULL GROUP BY asn
),
most AS (
  SELECT kind, id, aspect, list_reverse(list_sort(max({'calls': calls, 'value': value}, 3))) AS told, count(*)::INTEGER AS known
  FROM normal
  WHERE aspect NOT IN ('use', 'rate', 'hour', 'week_hour')
  GROUP BY kind, id, aspect
),
named_most AS (
  SELECT m.kind, m.id, m.aspect, array_to_string(list_transform(list_sort(array_agg({'nth': t.nth, 'name': 'AS' || t.value || coalesce(' ' || n.name, '')})), lambda x: x.name), ', ') AS told
  FROM most AS m
  CROSS JOIN unnest(list_transform(m.told, lambda x, i: {'value': x.value, 'nth': i})) AS u(t)
  LEFT JOIN named AS n ON n.asn = t.value
  WHERE m.aspect = 'asn'
  GROUP BY ALL
)
SELECT
  m.kind,
  m.id,
  m.aspect,
  coalesce(n.told, array_to_string(list_transform(m.told, lambda x: x.value), ', ')) || CASE WHEN m.known > 3 THEN ' and ' || (m.known - 3) || ' more' ELSE '' END AS told,
  m.known
FROM most AS m
LEFT JOIN named_most AS n ON n.kind = m.kind AND n.id = m.id AND n.aspect = m.aspect
UNION ALL
SELECT kind, id, aspect, array_to_string(list_sort(array_agg(CAST(value AS INTEGER))), ' ') AS told, count(*)::INTEGER AS known
FROM normal
WHERE aspect = 'hour'
GROUP BY kind, id, aspect;
