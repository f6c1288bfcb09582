-- The credentials that were issued to a principal and never used, by whatever calls name it: ARN, name or id of a user, a role or a session.
SELECT issued_access_key_id AS credential
FROM events
WHERE issued_access_key_id IS NOT NULL AND $principal IN (
    json_extract_string(response_elements, '$.assumedRoleUser.arn'),
    json_extract_string(response_elements, '$.assumedRoleUser.assumedRoleId'),
    split_part(json_extract_string(response_elements, '$.assumedRoleUser.assumedRoleId'), ':', 1),
    json_extract_string(request_parameters, '$.roleArn'),
    split_part(json_extract_string(request_parameters, '$.roleArn'), '/', -1),
    json_extract_string(request_parameters, '$.roleSessionName'),
    json_extract_string(response_elements, '$.federatedUser.arn'),
    json_extract_string(response_elements, '$.federatedUser.federatedUserId'),
    json_extract_string(response_elements, '$.accessKey.userName'),
    CASE WHEN event_name = 'CreateAccessKey' THEN iam_arn(aws_region, recipient_account_id, 'user', json_extract_string(response_elements, '$.accessKey.userName')) END)
GROUP BY issued_access_key_id
ORDER BY min(event_time), credential;
