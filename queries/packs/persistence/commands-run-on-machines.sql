-- title: Commands run on machines
-- severity: high
-- category: execution
-- attack: {v18: [T1651], v19: [T1651]}
-- covers: [A9.02]
-- why: A script sent through Systems Manager runs as root on every machine it names, without a login and without a trace in the shell history.
-- misses: What was run, which CloudTrail hides; which machines a tag or resource group stood for.
-- params:
--   days: {type: integer, default: 3, about: "Different days of the evidence on which a principal does this from which it is its work, where no seed is given."}
--   machines: {type: integer, default: 20, about: "Machines named in the summary; all are in the events."}
WITH calls AS (
  SELECT
    event_id,
    event_time,
    outcome,
    invoked_by,
    hop,
    coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS principal,
    coalesce(json_extract_string(request_parameters, '$.documentName'), '(unnamed)') AS document,
    coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account') AS place,
    coalesce(json_array_length(json_extract(request_parameters, '$.instanceIds')), 0) AS machines,
    replace(regexp_replace(coalesce(CAST(json_extract(request_parameters, '$.instanceIds') AS VARCHAR), ''), '[][" ]', '', 'g'), ',', ', ') AS names
  FROM scope_events
  WHERE event_source = 'ssm.amazonaws.com' AND event_name = 'SendCommand'
    -- AWS's own scans and patching.
    AND coalesce(identity_type, '') <> 'AWSService'
),
known AS (
  SELECT DISTINCT coalesce(session_issuer_arn, identity_arn, account_id) AS principal, json_extract_string(request_parameters, '$.documentName') AS document
  FROM baseline_events
  WHERE event_source = 'ssm.amazonaws.com' AND event_name = 'SendCommand'
)
SELECT
  c.event_id,
  'document ' || c.document || ' in ' || c.place || ' by ' || c.principal AS subject,
  CASE WHEN c.outcome = 'success' THEN 'Commands were run by the document ' ELSE 'Attempt to run commands by the document ' END || c.document || ' in ' || c.place
    || CASE WHEN c.machines = 0 THEN ', on machines chosen by a tag or group'
      WHEN c.machines > $machines::INTEGER THEN ', on ' || c.machines || ' machines' ELSE ', on ' || c.names END
    || CASE WHEN k.principal IS NOT NULL THEN '; the same principal ran it before the window' ELSE '' END AS summary,
  CASE
    WHEN c.invoked_by IS NOT NULL OR k.principal IS NOT NULL THEN 'low'
    -- Without a seed nobody is suspected, and this is how machines are looked after, day by day.
    WHEN c.hop IS NULL THEN CASE WHEN h.days >= $days::INTEGER OR (c.document LIKE 'AWS%' AND c.document NOT LIKE 'AWS-Run%') THEN 'low' ELSE 'medium' END
    -- Documents of AWS that do one known thing; a script, or a document of one's own, does anything.
    WHEN c.document LIKE 'AWS%' AND c.document NOT LIKE 'AWS-Run%' THEN 'medium'
    ELSE 'high'
  END AS severity
FROM calls AS c
LEFT JOIN known AS k ON k.principal = c.principal AND k.document = c.document
LEFT JOIN habits AS h ON h.principal = c.principal AND h.event_source = 'ssm.amazonaws.com' AND h.event_name = 'SendCommand'
ORDER BY c.outcome <> 'success', c.event_time, c.event_id
