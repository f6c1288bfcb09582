-- title: Machine or image exported to a bucket
-- severity: high
-- category: exfiltration
-- attack: {v18: [T1537], v19: [T1537]}
-- covers: [A4.10]
-- why: An export writes a whole machine as a file that can be downloaded and started anywhere.
-- misses: The download of the file, which is an object read like any other.
SELECT
  event_id,
  coalesce(
    json_extract_string(request_parameters, '$.instanceId'), json_extract_string(request_parameters, '$.CreateStoreImageTaskRequest.ImageId'),
    json_extract_string(request_parameters, '$.ExportImageRequest.ImageId'), json_extract_string(request_parameters, '$.imageId'),
    event_name || ' in ' || coalesce(aws_region, 'an unknown region') || ' of ' || coalesce(recipient_account_id, 'an unknown account')
  ) AS subject,
  CASE WHEN event_name = 'CreateInstanceExportTask' THEN 'An instance' ELSE 'An image' END
    || CASE WHEN outcome = 'success' THEN ' was' ELSE ' was to be' END
    || ' exported'
    || coalesce(' to bucket ' || coalesce(
      json_extract_string(request_parameters, '$.exportToS3.s3Bucket'), json_extract_string(request_parameters,
        '$.CreateStoreImageTaskRequest.Bucket'),
      json_extract_string(request_parameters, '$.ExportImageRequest.S3ExportLocation.S3Bucket')), '') AS summary,
  event_name AS call
FROM scope_events
WHERE event_source = 'ec2.amazonaws.com' AND coalesce(event_name, '') IN ('CreateInstanceExportTask', 'ExportImage', 'CreateStoreImageTask')
ORDER BY event_time, event_id
