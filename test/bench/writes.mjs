/** Calls that change something, as pipelines and scaling groups make them. */
import {
  bucket,
  group,
  image,
  instance,
  instanceItem,
  network,
  oneSet,
  permission,
  roleArn,
  snapshot,
  subnet,
  tags,
  volume,
  vpc,
} from './parts.mjs';
import { weighted } from './random.mjs';

/** Rows as in reads.mjs. */
const writes = [
  [
    2,
    'ec2',
    'RunInstances',
    (r, c) => ({
      instancesSet: { items: [{ imageId: image(r), minCount: 1, maxCount: 1 }] },
      userData: '<sensitiveDataRemoved>',
      instanceType: 'm6i.large',
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: false,
      clientToken: r.uuid(),
      networkInterfaceSet: {
        items: [{ deviceIndex: 0, subnetId: subnet(r), groupSet: { items: [{ groupId: group(r) }] } }],
      },
      iamInstanceProfile: { name: 'web-fleet-instance' },
      availabilityZone: `${c.region}a`,
      tagSpecificationSet: { items: [{ resourceType: 'instance', tags: tags(r).items }] },
    }),
    (r, c) => ({
      reservationId: `r-0${r.hex(16)}`,
      ownerId: c.account,
      groupSet: {},
      instancesSet: { items: [instanceItem(r, c)] },
    }),
  ],
  [
    2,
    'ec2',
    'TerminateInstances',
    oneSet('instancesSet', 'instanceId', instance),
    (r) => ({
      instancesSet: {
        items: [
          {
            instanceId: instance(r),
            currentState: { code: 32, name: 'shutting-down' },
            previousState: { code: 16, name: 'running' },
          },
        ],
      },
    }),
  ],
  [
    3,
    'ec2',
    'CreateTags',
    (r) => ({ resourcesSet: { items: [{ resourceId: instance(r) }] }, tagSet: tags(r) }),
    () => ({ _return: true }),
  ],
  [
    1,
    'ec2',
    'CreateSnapshot',
    (r) => ({ volumeId: volume(r), description: 'nightly' }),
    (r, c) => ({
      snapshotId: snapshot(r),
      volumeId: volume(r),
      status: 'pending',
      ownerId: c.account,
      volumeSize: '100',
      encrypted: true,
    }),
  ],
  [
    1,
    'ec2',
    'CreateNetworkInterface',
    (r) => ({
      subnetId: subnet(r),
      description: 'aws-K8S',
      groupSet: { items: [{ groupId: group(r) }] },
      privateIpAddressesSet: {},
    }),
    (r, c) => ({
      networkInterface: {
        networkInterfaceId: network(r),
        subnetId: subnet(r),
        vpcId: vpc(r),
        availabilityZone: `${c.region}a`,
        ownerId: c.account,
        requesterManaged: false,
        status: 'pending',
        macAddress: `02:00:5e:10:${r.hex(2)}:${r.hex(2)}`,
        privateIpAddress: `10.0.12.${r.below(250)}`,
        sourceDestCheck: true,
        groupSet: { items: [{ groupId: group(r), groupName: 'nodes' }] },
        tagSet: {},
      },
    }),
  ],
  [
    1,
    'lambda',
    'UpdateFunctionCode20150331v2',
    (r) => ({
      functionName: `orders-${r.below(40)}`,
      s3Bucket: bucket(r),
      s3Key: `builds/${r.hex(20)}.zip`,
      publish: false,
      dryRun: false,
    }),
    (r, c) => ({
      functionName: `orders-${r.below(40)}`,
      functionArn: `arn:aws:lambda:${c.region}:${c.account}:function:orders-${r.below(40)}`,
      runtime: 'python3.11',
      role: roleArn(r, c),
      handler: 'app.handler',
      codeSize: r.below(9e6),
      timeout: 30,
      memorySize: 512,
      codeSha256: `${r.base62(43)}=`,
      version: '$LATEST',
      state: 'Active',
      packageType: 'Zip',
      architectures: ['x86_64'],
    }),
  ],
  [
    1,
    'ssm',
    'PutParameter',
    (r) => ({
      name: `/orders/production/${r.below(90)}`,
      type: 'SecureString',
      value: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      overwrite: true,
    }),
    (r) => ({ version: r.below(40), tier: 'Standard' }),
  ],
  [
    0.4,
    'ec2',
    'AuthorizeSecurityGroupIngress',
    (r) => permission(r, false),
    (r) => ({
      _return: true,
      securityGroupRuleSet: {
        items: [
          { securityGroupRuleId: `sgr-0${r.hex(16)}`, isEgress: false, ipProtocol: 'tcp', fromPort: 443, toPort: 443 },
        ],
      },
    }),
  ],
];

export const pickWrite = weighted(writes);
