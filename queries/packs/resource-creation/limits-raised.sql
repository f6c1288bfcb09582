-- title: Limits raised, regions enabled or money committed
-- severity: medium
-- category: resource-development
-- attack: {v18: [T1535, T1496], v19: [T1535, T1496]}
-- covers: [A3.16]
-- why: Before a large theft of computing the limits must go up; a region nobody uses is where nobody looks.
-- misses: Limits raised by AWS Support outside the API; the price of what was bought.
SELECT
  event_id,
  split_part(event_source, '.', 1) || ':' || event_name || ' '
    || coalesce(
      json_extract_string(request_parameters, '$.RegionName'), json_extract_string(request_parameters, '$.regionName'),
      json_extract_string(request_parameters, '$.serviceCode') || '/' || json_extract_string(request_parameters, '$.quotaCode') || ' in '
        || aws_region,
      'in account ' || coalesce(recipient_account_id, 'unknown')
    ) AS subject,
  CASE event_name
    WHEN 'EnableRegion' THEN 'Region ' || coalesce(json_extract_string(request_parameters, '$.RegionName'),
      json_extract_string(request_parameters, '$.regionName'), '(unnamed)')
    WHEN 'RequestServiceQuotaIncrease' THEN 'A limit of ' || coalesce(json_extract_string(request_parameters, '$.serviceCode'), 'an unnamed service')
      || ' (' || coalesce(json_extract_string(request_parameters, '$.quotaCode'), 'unnamed') || ') in ' || coalesce(aws_region, 'an unknown region')
    WHEN 'CreateCase' THEN 'A support case'
    ELSE 'Money (' || event_name || ') in ' || coalesce(aws_region, 'an unknown region')
  END
    || CASE WHEN outcome = 'success' THEN ' was ' ELSE ' was to be ' END
    || CASE event_name
      WHEN 'EnableRegion' THEN 'enabled'
      WHEN 'RequestServiceQuotaIncrease' THEN 'asked to rise to ' || coalesce(json_extract_string(request_parameters, '$.desiredValue'),
        'an unnamed value')
      WHEN 'CreateCase' THEN 'opened'
      ELSE 'committed'
    END AS summary,
  CASE
    WHEN event_name IN ('CreateCase') OR invoked_by IS NOT NULL THEN 'low'
    WHEN event_name LIKE 'Purchase%' OR event_name IN ('CreateSavingsPlan', 'EnableRegion') THEN 'high'
    ELSE 'medium'
  END AS severity,
  json_extract_string(request_parameters, '$.desiredValue') AS desired_value
FROM scope_events
WHERE coalesce(event_source, '') IN ('account.amazonaws.com', 'servicequotas.amazonaws.com', 'support.amazonaws.com', 'savingsplans.amazonaws.com',
    'ec2.amazonaws.com')
  AND coalesce(event_name, '') IN ('EnableRegion', 'RequestServiceQuotaIncrease', 'CreateCase', 'CreateSavingsPlan',
    'PurchaseReservedInstancesOffering', 'PurchaseHostReservation', 'PurchaseCapacityBlock', 'PurchaseScheduledInstances', 'AllocateHosts')
ORDER BY event_time, event_id
