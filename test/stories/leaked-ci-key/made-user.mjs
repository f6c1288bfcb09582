/** 03:08 to 03:58: the made user's key starts machines, places a function and covers tracks. */
import {
  accountTrail,
  at,
  global,
  home,
  main,
  make,
  openedRole,
  organisationTrail,
  roleArn,
  thief,
  thiefAddresses,
  thiefAsMadeUser,
} from './people.mjs';
import { runRequest } from './theft.mjs';

export function madeUserAtWork(log) {
  startMachines(log);
  placeFunction(log);
  coverTracks(log);
}

const gpu = 'g5.12xlarge';
export const instances = ['miner 0', 'miner 1'].map((label) => `i-${make.hex(label, 17)}`);

function startMachines(log) {
  const who = thiefAsMadeUser();
  const region = 'eu-north-1';
  log.call(who, at('03:08:10'), 'sts', 'GetCallerIdentity', { region });
  const keyPairId = `key-${make.hex('key pair', 17)}`;
  log.call(who, at('03:09:02'), 'ec2', 'CreateKeyPair', {
    region,
    request: { keyName: 'sync-node', keyType: 'rsa', keyFormat: 'PEM' },
    response: {
      keyName: 'sync-node',
      keyFingerprint: Array.from({ length: 20 }, () => '00').join(':'),
      keyMaterial: '<sensitiveDataRemoved>',
      keyPairId,
    },
    marks: [['resources', { type: 'ec2 key pair', id: keyPairId }]],
  });
  const groupId = `sg-${make.hex('group', 17)}`;
  log.call(who, at('03:09:40'), 'ec2', 'CreateSecurityGroup', {
    region,
    request: { groupName: 'sync-node', groupDescription: 'sync node', vpcId: 'vpc-0abcdef1234567890' },
    response: { _return: true, groupId },
    marks: [['resources', { type: 'ec2 security group', id: groupId }]],
  });
  openPort(log, who, region, groupId);
  runInstances(log, who, region, groupId);
  log.call(who, at('03:15:02'), 'ec2', 'RunInstances', {
    region: 'us-west-2',
    request: runRequest('p4d.24xlarge', 2),
    error: [
      'Client.VcpuLimitExceeded',
      'You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to.',
    ],
  });
}

function openPort(log, who, region, groupId) {
  const securityGroupRuleId = `sgr-${make.hex('rule', 17)}`;
  const open = { ipProtocol: 'tcp', fromPort: 22, toPort: 22 };
  log.call(who, at('03:10:05'), 'ec2', 'AuthorizeSecurityGroupIngress', {
    region,
    request: {
      groupId,
      ipPermissions: {
        items: [
          { ...open, groups: {}, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] }, ipv6Ranges: {}, prefixListIds: {} },
        ],
      },
    },
    response: {
      _return: true,
      securityGroupRuleSet: {
        items: [{ groupOwnerId: main, groupId, securityGroupRuleId, isEgress: false, ...open, cidrIpv4: '0.0.0.0/0' }],
      },
    },
    marks: [
      ['resources', { type: 'ec2 security group rule', id: securityGroupRuleId }],
      ['backdoors', { what: `port 22 of ${groupId} open to 0.0.0.0/0` }],
    ],
  });
}

function runInstances(log, who, region, groupId) {
  const time = at('03:11:18');
  const launchTime = Date.parse(time);
  const items = instances.map((instanceId, amiLaunchIndex) => ({
    instanceId,
    imageId: 'ami-0abcdef1234567890',
    instanceState: { code: 0, name: 'pending' },
    amiLaunchIndex,
    keyName: 'sync-node',
    instanceType: gpu,
    launchTime,
    placement: { availabilityZone: `${region}a`, tenancy: 'default' },
    groupSet: { items: [{ groupId, groupName: 'sync-node' }] },
  }));
  log.call(who, time, 'ec2', 'RunInstances', {
    region,
    request: runRequest(gpu, instances.length, { keyName: 'sync-node', groupSet: { items: [{ groupId }] } }),
    response: {
      reservationId: `r-${make.hex('reservation', 17)}`,
      ownerId: main,
      groupSet: {},
      instancesSet: { items },
    },
    marks: instances.map((id) => ['resources', { type: 'ec2 instance', id }]),
  });
  log.call(who, at('03:13:40'), 'ec2', 'DescribeInstances', {
    region,
    request: { instancesSet: { items: instances.map((instanceId) => ({ instanceId })) } },
  });
  log.call(who, at('03:58:12'), 'ec2', 'DescribeInstances', {
    region,
    request: { instancesSet: { items: instances.map((instanceId) => ({ instanceId })) } },
  });
}

/** A function that runs as an existing role; Lambda takes that role at once to try it. */
function placeFunction(log) {
  const who = thiefAsMadeUser(thiefAddresses[1]);
  const time = at('03:20:33');
  const functionName = 'sync-handler';
  const functionArn = `arn:aws:lambda:${home}:${main}:function:${functionName}`;
  const role = roleArn('orders-batch-lambda');
  const common = {
    functionName,
    runtime: 'python3.12',
    role,
    handler: 'index.handler',
    description: '',
    timeout: 300,
    memorySize: 512,
  };
  log.call(who, time, 'lambda', 'CreateFunction20150331', {
    request: { ...common, code: {}, publish: false, packageType: 'Zip' },
    response: {
      ...common,
      functionArn,
      codeSize: 1843,
      codeSha256: `${make.name('code', 30)}=`,
      lastModified: time.replace('Z', '.412+0000'),
      version: '$LATEST',
      state: 'Pending',
    },
    marks: [['resources', { type: 'lambda function', id: functionArn }]],
  });
}

function coverTracks(log) {
  const made = thiefAsMadeUser();
  const trail = (name) => `arn:aws:cloudtrail:${home}:${main}:trail/${name}`;
  log.call(made, at('03:29:10'), 'cloudtrail', 'DescribeTrails', { request: { trailNameList: [] } });
  log.call(made, at('03:30:02'), 'cloudtrail', 'StopLogging', {
    request: { name: trail(accountTrail) },
    marks: [['evasion', { what: `trail ${accountTrail} stopped` }]],
  });
  const byOrganisation = (action, resource) => [
    'AccessDenied',
    `User: ${made.identity.arn} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a service control policy`,
  ];
  log.call(made, at('03:30:25'), 'cloudtrail', 'StopLogging', {
    request: { name: trail(organisationTrail) },
    error: byOrganisation('cloudtrail:StopLogging', trail(organisationTrail)),
    label: 'organisation',
    marks: [['evasion', { what: `trail ${organisationTrail}` }]],
  });
  const detectorId = make.hex('detector', 32);
  log.call(made, at('03:33:01'), 'guardduty', 'ListDetectors');
  log.call(made, at('03:33:20'), 'guardduty', 'DeleteDetector', {
    request: { detectorId },
    error: byOrganisation('guardduty:DeleteDetector', `arn:aws:guardduty:${home}:${main}:detector/${detectorId}`),
    marks: [['evasion', { what: 'GuardDuty detector' }]],
  });
  log.call(thief(thiefAddresses[1]), at('03:52:44'), 'iam', 'DeleteUser', {
    region: global,
    request: { userName: 'svc-tmp-check' },
    marks: [['evasion', { what: 'own user svc-tmp-check deleted' }]],
  });
  log.call(thief(thiefAddresses[1]), at('03:54:10'), 'iam', 'GetRole', {
    region: global,
    request: { roleName: openedRole },
  });
}
