/** A month of ordinary work in one account: services, machines, pipelines, Terraform, people at the console, backups. Nobody is stolen from. */
import type { CloudTrailRecord } from './support.ts';

const account = '111122223333';
const office = '198.51.100.10';
const runner = '203.0.113.40';
const machine = '192.0.2.80';
const browser =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const terraform = 'APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) terraform-provider-aws/5.54.1';

type Who = { userIdentity: CloudTrailRecord; sourceIPAddress: string; userAgent: string; more?: CloudTrailRecord };

const session = (role: string, name: string, key: string, created: string, ip: string, userAgent: string): Who => ({
  sourceIPAddress: ip,
  userAgent,
  userIdentity: {
    type: 'AssumedRole',
    principalId: `AROA${role.replaceAll(/[^A-Za-z]/g, '').toUpperCase()}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${role.replaceAll(/[^A-Za-z]/g, '').toUpperCase()}`,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: created, mfaAuthenticated: 'false' },
    },
  },
});
const service = (name: string): Who => ({
  sourceIPAddress: `${name}.amazonaws.com`,
  userAgent: `${name}.amazonaws.com`,
  userIdentity: { type: 'AWSService', invokedBy: `${name}.amazonaws.com` },
});
const through = (who: Who, name: string): Who => ({
  sourceIPAddress: `${name}.amazonaws.com`,
  userAgent: `${name}.amazonaws.com`,
  userIdentity: { ...who.userIdentity, invokedBy: `${name}.amazonaws.com` },
});

/** @param days about 660 events each */
export const benignMonth = (days: number): CloudTrailRecord[] => {
  const records: CloudTrailRecord[] = [];
  const at = (day: number, minute: number): string =>
    new Date(Date.UTC(2026, 1, 1 + day) + Math.round(minute * 60_000)).toISOString().replace('.000Z', 'Z');
  const call = (
    when: string,
    who: Who,
    source: string,
    eventName: string,
    requestParameters: unknown = null,
    more: CloudTrailRecord = {},
  ): void => {
    const n = String(records.length).padStart(12, '0');
    records.push({
      eventVersion: '1.11',
      userIdentity: who.userIdentity,
      eventTime: when.replace(/\.\d+Z$/, 'Z'),
      eventSource: `${source}.amazonaws.com`,
      eventName,
      awsRegion: 'eu-west-1',
      sourceIPAddress: who.sourceIPAddress,
      userAgent: who.userAgent,
      requestParameters,
      responseElements: null,
      requestID: `11111111-0000-4000-8000-${n}`,
      eventID: `00000000-0000-4000-8000-${n}`,
      readOnly: /^(Get|List|Describe|Assume|Head|Lookup|BatchGet)/.test(eventName),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      ...who.more,
      ...more,
    });
  };
  const key = (kind: string, n: number): string => `ASIA${kind}${String(n).padStart(9, '0')}EX`.slice(0, 20);
  const data = { managementEvent: false, eventCategory: 'Data' };

  for (let day = 0; day < days; day += 1) {
    const weekday = (new Date(Date.UTC(2026, 1, 1 + day)).getUTCDay() + 6) % 7 < 5;
    // AWS by itself: logs delivered, configuration recorded, groups grown and shrunk, backups made and expired.
    for (let n = 0; n < 180; n += 1)
      call(
        at(day, n * 8),
        service('cloudtrail'),
        's3',
        'PutObject',
        { bucketName: 'acme-logs', key: `AWSLogs/${day}/${n}.json.gz` },
        data,
      );
    for (let n = 0; n < 48; n += 1) {
      call(at(day, n * 30), service('config'), 's3', 'GetBucketAcl', { bucketName: `acme-${n % 6}` });
      call(at(day, n * 30 + 1), service('delivery.logs'), 'kms', 'GenerateDataKey', { keyId: 'alias/logs' });
    }
    const scaling = session(
      'aws-service-role/AWSServiceRoleForAutoScaling',
      'AutoScaling',
      key('SC', day),
      at(day, 0),
      'autoscaling.amazonaws.com',
      'autoscaling.amazonaws.com',
    );
    for (let n = 0; n < 4; n += 1) {
      call(at(day, 480 + n * 60), through(scaling, 'autoscaling'), 'ec2', 'RunInstances', {
        instanceType: 't3.medium',
        instancesSet: { items: [{ imageId: 'ami-0web', minCount: 1, maxCount: 1 }] },
      });
      call(at(day, 1000 + n * 60), through(scaling, 'autoscaling'), 'ec2', 'TerminateInstances', {
        instancesSet: { items: [{ instanceId: `i-0${day}${n}` }] },
      });
    }
    const backup = session(
      'service-role/AWSBackupDefaultServiceRole',
      'AWSBackup',
      key('BK', day),
      at(day, 60),
      'backup.amazonaws.com',
      'backup.amazonaws.com',
    );
    for (let n = 0; n < 6; n += 1) {
      call(
        at(day, 60 + n),
        through(backup, 'backup'),
        'ec2',
        'CreateSnapshot',
        { volumeId: `vol-0${n}` },
        { responseElements: { snapshotId: `snap-0${day}${n}` } },
      );
      if (day > 6)
        call(at(day, 70 + n), through(backup, 'backup'), 'ec2', 'DeleteSnapshot', {
          snapshotId: `snap-0${day - 7}${n}`,
        });
    }
    // Machines: their agents, their secret every hour, their bucket.
    for (const host of ['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2']) {
      const own = session(
        'web',
        host,
        key(host.slice(-1) === '1' ? 'W1' : 'W2', day),
        at(day, 0),
        machine,
        'aws-sdk-go/1.55.5 (go1.22.5; linux; amd64)',
      );
      for (let n = 0; n < 48; n += 1)
        call(at(day, n * 30 + 3), own, 'ssm', 'UpdateInstanceInformation', { instanceId: host });
      for (let n = 0; n < 24; n += 1) {
        call(at(day, n * 60 + 5), own, 'secretsmanager', 'GetSecretValue', { secretId: 'web/database' });
        call(at(day, n * 60 + 5), through(own, 'secretsmanager'), 'kms', 'Decrypt', {
          encryptionContext: { SecretARN: `arn:aws:secretsmanager:eu-west-1:${account}:secret:web/database-AbCdEf` },
        });
        call(
          at(day, n * 60 + 6),
          own,
          's3',
          'GetObject',
          { bucketName: 'acme-assets', key: `a/${n}` },
          { ...data, additionalEventData: { bytesTransferredOut: 24_000 } },
        );
      }
    }
    // A monitoring service of another company, every ten minutes.
    for (let n = 0; n < 24; n += 1) {
      const watcher = session(
        'monitoring-vendor',
        'poll',
        key('MO', day * 24 + n),
        at(day, n * 60),
        '203.0.113.200',
        'Boto3/1.34.131 md/Botocore#1.34.131',
      );
      call(
        at(day, n * 60),
        {
          userIdentity: { type: 'AWSAccount', principalId: 'AROAVENDOR:poll', accountId: '444455556666' },
          sourceIPAddress: '203.0.113.200',
          userAgent: watcher.userAgent,
        },
        'sts',
        'AssumeRole',
        { roleArn: `arn:aws:iam::${account}:role/monitoring-vendor`, roleSessionName: 'poll', externalId: 'acme' },
        { responseElements: { credentials: { accessKeyId: key('MO', day * 24 + n) } } },
      );
      for (const eventName of ['DescribeInstances', 'DescribeVolumes', 'DescribeAlarms', 'GetMetricData'])
        call(
          at(day, n * 60 + 1),
          watcher,
          eventName.includes('Alarm') || eventName.includes('Metric') ? 'monitoring' : 'ec2',
          eventName,
        );
    }
    if (!weekday) continue;
    // Pipelines: some deployments a day.
    for (let n = 0; n < 6; n += 1) {
      const own = session(
        'deploy',
        `run-${day}-${n}`,
        key('CI', day * 6 + n),
        at(day, 540 + n * 70),
        runner,
        'aws-cli/2.17.9 md/Botocore#1.34.131 ua/2.0 os/linux md/arch#x86_64',
      );
      const token = {
        type: 'WebIdentityUser',
        principalId: `arn:aws:iam::${account}:oidc-provider/token.example.com:aud:sub`,
        userName: 'repo:acme/web:ref:refs/heads/main',
        identityProvider: `arn:aws:iam::${account}:oidc-provider/token.example.com`,
      };
      call(
        at(day, 540 + n * 70),
        { ...own, userIdentity: token },
        'sts',
        'AssumeRoleWithWebIdentity',
        { roleArn: `arn:aws:iam::${account}:role/deploy`, roleSessionName: `run-${day}-${n}` },
        {
          responseElements: { provider: token.identityProvider, credentials: { accessKeyId: key('CI', day * 6 + n) } },
        },
      );
      const steps: [string, string, unknown][] = [
        ['sts', 'GetCallerIdentity', null],
        ['ecr', 'GetAuthorizationToken', {}],
        ['ecr', 'PutImage', { repositoryName: 'web', imageTag: `1.${day}.${n}` }],
        [
          'ecs',
          'RegisterTaskDefinition',
          {
            family: 'web',
            cpu: '512',
            containerDefinitions: [
              { name: 'web', image: `${account}.dkr.ecr.eu-west-1.amazonaws.com/web:1.${day}.${n}` },
            ],
          },
        ],
        ['ecs', 'UpdateService', { cluster: 'web', service: 'web' }],
        ['ecs', 'DescribeServices', { cluster: 'web' }],
        ['lambda', 'UpdateFunctionCode20150331v2', { functionName: 'resize' }],
        ['s3', 'ListBuckets', null],
        ['cloudfront', 'CreateInvalidation', { distributionId: 'E1' }],
        ['ssm', 'GetParameter', { name: '/web/version', withDecryption: true }],
      ];
      for (const [step, [source, eventName, request]] of steps.entries())
        call(at(day, 541 + n * 70 + step * 0.3), own, source, eventName, request);
    }
    // Terraform plans each morning, and applies once a week.
    const plan = session('terraform', `plan-${day}`, key('TF', day), at(day, 420), runner, terraform);
    for (const [n, eventName] of [
      'GetCallerIdentity',
      'DescribeVpcs',
      'DescribeSubnets',
      'DescribeSecurityGroups',
      'DescribeInstances',
      'DescribeImages',
      'DescribeVolumes',
      'DescribeKeyPairs',
      'DescribeSnapshots',
      'DescribeLaunchTemplates',
    ].entries())
      call(at(day, 420 + n * 0.1), plan, n === 0 ? 'sts' : 'ec2', eventName);
    for (const [n, eventName] of [
      'ListRoles',
      'GetRole',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'ListInstanceProfiles',
      'GetPolicy',
      'GetPolicyVersion',
      'ListOpenIDConnectProviders',
    ].entries())
      call(at(day, 422 + n * 0.1), plan, 'iam', eventName, { roleName: 'web' });
    for (const bucket of ['acme-assets', 'acme-logs', 'acme-state'])
      for (const eventName of [
        'GetBucketPolicy',
        'GetBucketAcl',
        'GetBucketVersioning',
        'GetBucketLogging',
        'GetBucketEncryption',
      ])
        call(
          at(day, 424),
          plan,
          's3',
          eventName,
          { bucketName: bucket },
          eventName === 'GetBucketPolicy' ? { errorCode: 'NoSuchBucketPolicy' } : {},
        );
    for (const eventName of ['DescribeTrails', 'GetTrailStatus', 'GetEventSelectors'])
      call(at(day, 425), plan, 'cloudtrail', eventName);
    if (day % 7 === 2) {
      call(
        at(day, 600),
        plan,
        'ec2',
        'CreateSecurityGroup',
        { groupName: `app-${day}`, vpcId: 'vpc-0' },
        { responseElements: { groupId: `sg-0${day}` } },
      );
      call(at(day, 600.1), plan, 'ec2', 'AuthorizeSecurityGroupIngress', {
        groupId: `sg-0${day}`,
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } }],
        },
      });
      call(at(day, 600.2), plan, 'iam', 'PutRolePolicy', {
        roleName: 'web',
        policyName: 'assets',
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::acme-assets/*' }],
        }),
      });
      call(at(day, 600.3), plan, 'logs', 'PutRetentionPolicy', { logGroupName: '/web', retentionInDays: 90 });
      call(at(day, 600.4), plan, 'monitoring', 'PutMetricAlarm', { alarmName: `cpu-${day}` });
    }
    // People: through Identity Center at the console, which asks for more than they may see.
    for (const [n, person] of ['ana', 'ben', 'cem'].entries()) {
      const role = `AWSReservedSSO_Developer_0123456789abcde${n}`;
      const own = session(role, person, key(`P${n}`, day), at(day, 500 + n * 20), office, browser);
      own.more = { sessionCredentialFromConsole: 'true' };
      call(
        at(day, 499 + n * 20),
        {
          ...own,
          userIdentity: { type: 'SAMLUser', principalId: `x:${person}`, userName: person, identityProvider: 'x' },
        },
        'sts',
        'AssumeRoleWithSAML',
        {
          roleArn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${role}`,
          principalArn: `arn:aws:iam::${account}:saml-provider/AWSSSO_0`,
          sAMLAssertionID: '_x',
          roleSessionName: person,
        },
        { responseElements: { credentials: { accessKeyId: key(`P${n}`, day) } } },
      );
      call(
        at(day, 500 + n * 20),
        { ...own, userIdentity: { ...own.userIdentity, accessKeyId: undefined } },
        'signin',
        'ConsoleLogin',
        null,
        {
          eventType: 'AwsConsoleSignIn',
          readOnly: false,
          responseElements: { ConsoleLogin: 'Success' },
          additionalEventData: {
            MFAUsed: 'No',
            SamlProviderArn: `arn:aws:iam::${account}:saml-provider/AWSSSO_0`,
            LoginTo: 'https://console.aws.amazon.com/console/home',
            MobileVersion: 'No',
          },
        },
      );
      for (const [step, [source, eventName]] of [
        ['ec2', 'DescribeInstances'],
        ['ec2', 'DescribeRegions'],
        ['health', 'DescribeEventAggregates'],
        ['cloudwatch', 'DescribeAlarms'],
        ['s3', 'ListBuckets'],
        ['lambda', 'ListFunctions20150331'],
        ['iam', 'ListRoles'],
        ['logs', 'FilterLogEvents'],
        ['rds', 'DescribeDBInstances'],
        ['ce', 'GetCostAndUsage'],
      ].entries())
        call(
          at(day, 501 + n * 20 + step * 0.2),
          own,
          source!,
          eventName!,
          null,
          source === 'ce' || source === 'iam' ? { errorCode: 'AccessDenied', errorMessage: 'not authorized' } : {},
        );
    }
  }
  return records;
};
