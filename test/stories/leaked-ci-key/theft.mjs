/** 02:10 to 02:36: the stolen key is tested, refused, widens its own rights, makes principals and issues sessions. */
import { awsDate, refused, refusedByEc2 } from '../records.mjs';
import {
  at,
  botoAgent,
  foreign,
  global,
  home,
  kaliAgent,
  madeKey,
  madeUser,
  madeUserId,
  main,
  make,
  onBehalf,
  openedRole,
  roleArn,
  thief,
  thiefAddresses,
} from './people.mjs';

export function theft(log) {
  test(log);
  refusals(log);
  widen(log);
  makePrincipals(log);
  lookAround(log);
  return issueSessions(log);
}

/** Four first calls; three carry text meant for whoever opens the report. */
function test(log) {
  const agents = [
    `${kaliAgent} prompt/off command/sts.get-caller-identity`,
    '<script>alert(1)</script>',
    '=HYPERLINK("http://example.com","x")',
    '\u001b[31maws-cli/2.15.30\u001b[0m\u001b[2J',
  ];
  for (const [i, agent] of agents.entries()) {
    log.call(
      thief(thiefAddresses[0], agent),
      at(`02:10:${String(4 + 13 * i).padStart(2, '0')}`),
      'sts',
      'GetCallerIdentity',
      { region: global },
    );
  }
}

const hostileName = 'ops|`admin`|*';

/** Service, call, IAM action where it differs, region, request. IAM and STS log no request when they refuse. */
const tries = [
  ['iam', 'ListUsers', null, global],
  ['iam', 'ListRoles', null, global],
  ['iam', 'ListGroups', null, global],
  ['iam', 'GetAccountAuthorizationDetails', null, global],
  ['iam', 'GetAccountSummary', null, global],
  ['iam', 'ListAttachedUserPolicies', null, global],
  ['iam', 'GetUser', null, global],
  ['s3', 'ListBuckets', 's3:ListAllMyBuckets', global, { Host: 's3.amazonaws.com' }],
  ['ec2', 'DescribeInstances', null, home, { instancesSet: {}, filterSet: {} }],
  ['ec2', 'DescribeInstances', null, global, { instancesSet: {}, filterSet: {} }],
  ['ec2', 'DescribeInstances', null, 'eu-north-1', { instancesSet: {}, filterSet: {} }],
  ['ec2', 'DescribeSnapshots', null, home, { snapshotSet: {}, ownersSet: { items: [{ owner: 'self' }] } }],
  ['ec2', 'DescribeKeyPairs', null, home, { keySet: {}, filterSet: {} }],
  ['ec2', 'DescribeSecurityGroups', null, home, { securityGroupSet: {}, filterSet: {} }],
  ['secretsmanager', 'ListSecrets', null, home],
  ['ssm', 'DescribeParameters', null, home],
  ['lambda', 'ListFunctions20150331', 'lambda:ListFunctions', home],
  ['rds', 'DescribeDBInstances', null, home],
  ['dynamodb', 'ListTables', null, home],
  ['kms', 'ListKeys', null, home],
  ['organizations', 'DescribeOrganization', null, global, null, 'AccessDeniedException'],
  ['organizations', 'ListAccounts', null, global, null, 'AccessDeniedException'],
  ['servicequotas', 'ListServiceQuotas', null, home, { serviceCode: 'ec2' }, 'AccessDeniedException'],
  ['bedrock', 'ListFoundationModels', null, global, null, 'AccessDeniedException'],
  ['cloudtrail', 'DescribeTrails', null, home],
  ['guardduty', 'ListDetectors', null, home],
  ['iam', 'CreateUser', null, global],
  ['iam', 'CreateAccessKey', null, global],
  ['iam', 'AttachUserPolicy', null, global],
];

function refusals(log) {
  const who = thief();
  const start = Date.parse(at('02:11:20'));
  const clock = (i) => new Date(start + i * 11000).toISOString().replace('.000Z', 'Z');
  for (const [i, [service, name, action, region, request = null, code]] of tries.entries()) {
    const asked = action ?? `${service}:${name}`;
    const resource = name === 'GetUser' ? `user ${hostileName}` : '*';
    const error = service === 'ec2' ? refusedByEc2(who, asked, '*') : refused(who, asked, resource, code);
    log.call(who, clock(i), service, name, { region, request, error });
  }
  for (const [i, role] of ['Admin', 'OrganizationAccountAccessRole', 'platform-maintenance'].entries()) {
    log.call(who, clock(tries.length + i), 'sts', 'AssumeRole', {
      error: refused(who, 'sts:AssumeRole', roleArn(role)),
      label: role,
    });
  }
  for (const [i, instanceType] of ['g5.12xlarge', 'p4d.24xlarge'].entries()) {
    log.call(who, clock(tries.length + 3 + i), 'ec2', 'RunInstances', {
      request: runRequest(instanceType, 1),
      error: refusedByEc2(who, 'ec2:RunInstances', `arn:aws:ec2:${home}:${main}:instance/*`),
    });
  }
}

export const runRequest = (instanceType, count, more = {}) => ({
  instancesSet: { items: [{ imageId: 'ami-0abcdef1234567890', minCount: count, maxCount: count }] },
  instanceType,
  blockDeviceMapping: {},
  monitoring: { enabled: false },
  disableApiTermination: false,
  ...more,
});

/** The one thing the key may do that it should not: write a policy of its own user. Dry runs then prove what it gained. */
function widen(log) {
  const who = thief();
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  log.call(who, at('02:19:02'), 'iam', 'PutUserPolicy', {
    region: global,
    request: { userName: 'ci-deployer', policyName: 'ci-cache-access', policyDocument },
    marks: [
      ['policies', { principal: 'ci-deployer', policy: 'ci-cache-access (inline, Action *)' }],
      ['backdoors', { what: 'stolen user made administrator' }],
    ],
  });
  for (const [i, region] of ['eu-north-1', 'us-west-2', 'ap-southeast-2'].entries()) {
    log.call(who, at(`02:20:1${3 * i}`), 'ec2', 'RunInstances', {
      region,
      request: runRequest('g5.12xlarge', 1),
      error: wouldSucceed,
    });
  }
  log.call(who, at('02:20:31'), 'ec2', 'AuthorizeSecurityGroupIngress', {
    region: 'eu-north-1',
    request: { groupId: 'sg-0123456789abcdef0', ipPermissions: {} },
    error: wouldSucceed,
  });
}

const wouldSucceed = ['Client.DryRunOperation', 'Request would have succeeded, but DryRun flag is set.'];

function makePrincipals(log) {
  const who = thief();
  const iam = (clock, name, request, response, marks = []) =>
    log.call(who, at(clock), 'iam', name, { region: global, request, response, marks, label: request.userName });
  const user = (clock, userName, userId) =>
    iam(
      clock,
      'CreateUser',
      { userName },
      {
        user: {
          path: '/',
          userName,
          userId,
          arn: `arn:aws:iam::${main}:user/${userName}`,
          createDate: awsDate(at(clock)),
        },
      },
      [['principals', { kind: 'user', name: userName, id: `arn:aws:iam::${main}:user/${userName}` }]],
    );
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

  user('02:22:05', madeUser, madeUserId);
  iam('02:22:31', 'AttachUserPolicy', { userName: madeUser, policyArn: administrator }, null, [
    ['policies', { principal: madeUser, policy: administrator }],
  ]);
  iam(
    '02:22:58',
    'CreateAccessKey',
    { userName: madeUser },
    {
      accessKey: { accessKeyId: madeKey, status: 'Active', userName: madeUser, createDate: awsDate(at('02:22:58')) },
    },
    [
      ['principals', { kind: 'access key', name: madeUser, id: madeKey }],
      ['backdoors', { what: `access key of ${madeUser}` }],
    ],
  );
  iam(
    '02:23:20',
    'CreateLoginProfile',
    { userName: madeUser, passwordResetRequired: false },
    {
      loginProfile: { userName: madeUser, createDate: awsDate(at('02:23:20')), passwordResetRequired: false },
    },
    [
      ['principals', { kind: 'login profile', name: madeUser, id: madeUser }],
      ['backdoors', { what: `console password of ${madeUser}` }],
    ],
  );
  user('02:24:02', 'svc-tmp-check', make.id('AIDA', 'svc-tmp-check'));
  openRole(iam, administrator);
}

function openRole(iam, policyArn) {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${foreign}:root` }, Action: 'sts:AssumeRole' }],
  });
  const roleName = openedRole;
  iam(
    '02:26:11',
    'CreateRole',
    { roleName, assumeRolePolicyDocument: policy, maxSessionDuration: 43200 },
    {
      role: {
        path: '/',
        roleName,
        roleId: make.id('AROA', openedRole),
        arn: roleArn(openedRole),
        createDate: awsDate(at('02:26:11')),
        assumeRolePolicyDocument: encodeURIComponent(policy),
      },
    },
    [
      ['principals', { kind: 'role', name: roleName, id: roleArn(openedRole) }],
      ['backdoors', { what: `role ${roleName} trusts account ${foreign}` }],
    ],
  );
  iam('02:26:40', 'AttachRolePolicy', { roleName, policyArn }, null, [
    ['policies', { principal: roleName, policy: policyArn }],
  ]);
}

function lookAround(log) {
  const who = thief(thiefAddresses[1], botoAgent);
  log.call(who, at('02:28:01'), 'iam', 'GetAccountAuthorizationDetails', { region: global });
  log.call(who, at('02:28:14'), 'iam', 'ListRoles', { region: global });
  log.call(who, at('02:28:30'), 's3', 'ListBuckets', { region: global, request: { Host: 's3.amazonaws.com' } });
  log.call(who, at('02:28:52'), 'cloudtrail', 'DescribeTrails', { request: { trailNameList: [] } });
  log.call(who, at('02:29:05'), 'cloudtrail', 'GetTrailStatus', { request: { name: 'app-trail' } });
  const name = '/orders/db/password';
  const resources = [{ accountId: main, ARN: `arn:aws:ssm:${home}:${main}:parameter${name}` }];
  const read = at('02:29:40');
  log.call(who, read, 'ssm', 'GetParameter', { request: { name, withDecryption: true }, resources });
  log.call(onBehalf(who, 'AWS Internal', read), read, 'kms', 'Decrypt', {
    request: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', encryptionContext: { PARAMETER_ARN: resources[0].ARN } },
    resources: [
      { accountId: main, type: 'AWS::KMS::Key', ARN: `arn:aws:kms:${home}:${main}:key/${make.uuid('key/ssm')}` },
    ],
  });
}

/** Two sessions from the stolen key: one becomes the chain, one is never used. */
function issueSessions(log) {
  const first = log.assume(thief(), at('02:33:10'), { role: 'platform-maintenance', name: 'maint-sync' });
  log.assume(thief(), at('02:35:48'), { role: 'log-archive-reader', name: 'maint-logs' });
  return { ...first.who, agent: botoAgent };
}
