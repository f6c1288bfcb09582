-- What a call names, in a few words: the ARNs that AWS wrote into the record, else the first two parameters that name something, by these paths
-- in this order, and the key that it was given.
-- An ARN that holds another (a bucket beside its object) is left out: the inner one says both.
CREATE OR REPLACE TEMP MACRO arns_of(resources) AS list_filter(
  json_extract_string(resources, '$[*].ARN'),
  lambda arn: NOT contains(resources::VARCHAR, '"' || arn || '/'))[1:10];

CREATE OR REPLACE TEMP MACRO named_in(request) AS list_filter(
  json_extract_string(request, [
    '$.bucketName', '$.key', '$.userName', '$.roleName', '$.groupName', '$.instanceProfileName', '$.policyArn', '$.policyName',
    '$.accessKeyId', '$.roleArn', '$.secretId', '$.name', '$.names[0]', '$.names[1]', '$.path', '$.trailName', '$.trailNameList[0]',
    '$.functionName', '$.instanceId', '$.instanceIds[0]', '$.instancesSet.items[0].instanceId', '$.instancesSet.items[1].instanceId',
    '$.snapshotId', '$.snapshotSet.items[0].snapshotId', '$.volumeId', '$.volumeSet.items[0].volumeId', '$.imageId',
    '$.imagesSet.items[0].imageId', '$.instancesSet.items[0].imageId', '$.instanceType', '$.groupId', '$.securityGroupIdSet.items[0].groupId',
    '$.keyName', '$.keyPairId', '$.vpcId', '$.vpcSet.items[0].vpcId', '$.subnetId', '$.subnetSet.items[0].subnetId', '$.routeTableId',
    '$.routeTableIdSet.items[0].routeTableId', '$.internetGatewayId', '$.networkInterfaceId', '$.allocationId', '$.associationId',
    '$.dBInstanceIdentifier', '$.dBClusterIdentifier', '$.dBSnapshotIdentifier', '$.dBClusterSnapshotIdentifier', '$.tableName', '$.stackName',
    '$.changeSetName', '$.clusterName', '$.cluster', '$.service', '$.repositoryName', '$.logGroupName', '$.keyId', '$.topicArn', '$.queueUrl',
    '$.projectName', '$.domainName', '$.hostedZoneId', '$.distributionId', '$.detectorId', '$.modelId', '$.restApiId', '$.apiId',
    '$.stateMachineArn', '$.jobName', '$.workGroup', '$.queryExecutionId', '$.streamName', '$.deliveryStreamName', '$.loadBalancerName',
    '$.autoScalingGroupName', '$.serialNumber', '$.sAMLProviderArn', '$.openIDConnectProviderArn', '$.principalArn', '$.trustAnchorId',
    '$.profileId', '$.documentName', '$.resourceArn', '$.resourceId', '$.resourceName', '$.accountId', '$.targetId', '$.serviceCode', '$.id', '$.arn'
  ]),
  lambda name: name NOT IN ('', '/'))[1:2];

CREATE OR REPLACE TEMP MACRO what_of(request, resources, details, issued_key) AS list_concat(
  coalesce(
    nullif(arns_of(resources), []),
    nullif(named_in(request), []),
    list_filter([json_extract_string(details, '$.snapshotId')], lambda name: name <> '')),
  list_filter([issued_key], lambda name: name <> ''));
