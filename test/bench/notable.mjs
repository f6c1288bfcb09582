/** Calls that rules look for: one in a few hundred. */
import { instance, none, permission, s3, snapshot, userName } from './parts.mjs';
import { weighted } from './random.mjs';

/** Rows as in reads.mjs. */
const notable = [
  [
    2,
    'iam',
    'CreateUser',
    (r) => ({ userName: userName(r), path: '/' }),
    (r, c) => ({
      user: {
        path: '/',
        userName: userName(r),
        userId: r.id('AIDA'),
        arn: `arn:aws:iam::${c.account}:user/${userName(r)}`,
        createDate: 'Mar 5, 2024 10:07:00 AM',
      },
    }),
  ],
  [
    2,
    'iam',
    'CreateAccessKey',
    (r) => ({ userName: userName(r) }),
    (r) => ({
      accessKey: {
        userName: userName(r),
        accessKeyId: r.id('AKIA'),
        status: 'Active',
        createDate: 'Mar 5, 2024 10:07:00 AM',
      },
    }),
  ],
  [
    3,
    'iam',
    'AttachRolePolicy',
    (r) => ({
      roleName: `svc-${r.below(60)}`,
      policyArn: r.pick(['arn:aws:iam::aws:policy/AdministratorAccess', 'arn:aws:iam::aws:policy/ReadOnlyAccess']),
    }),
  ],
  [
    2,
    'iam',
    'PutUserPolicy',
    (r) => ({
      userName: userName(r),
      policyName: 'inline',
      policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    }),
  ],
  [
    2,
    'iam',
    'UpdateAssumeRolePolicy',
    (r) => ({
      roleName: `svc-${r.below(60)}`,
      policyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::555566667777:role/vendor-${r.below(9)}"},"Action":"sts:AssumeRole"}]}`,
    }),
  ],
  [
    1,
    'iam',
    'CreateLoginProfile',
    (r) => ({ userName: userName(r), passwordResetRequired: false }),
    (r) => ({
      loginProfile: { userName: userName(r), createDate: 'Mar 5, 2024 10:07:00 AM', passwordResetRequired: false },
    }),
  ],
  [2, 'ec2', 'AuthorizeSecurityGroupIngress', (r) => permission(r, true), () => ({ _return: true })],
  [
    1,
    'ec2',
    'ModifySnapshotAttribute',
    (r) => ({
      snapshotId: snapshot(r),
      attributeType: 'CREATE_VOLUME_PERMISSION',
      createVolumePermission: { add: { items: [{ userId: '555566667777' }] } },
    }),
    () => ({ _return: true }),
  ],
  [1, 'ec2', 'GetPasswordData', (r) => ({ instanceId: instance(r) }), none, { error: 'Client.UnauthorizedOperation' }],
  [
    0.5,
    'cloudtrail',
    'StopLogging',
    (r, c) => ({ name: `arn:aws:cloudtrail:${c.region}:${c.account}:trail/organization` }),
  ],
  [
    0.5,
    'cloudtrail',
    'PutEventSelectors',
    () => ({
      trailName: 'organization',
      eventSelectors: [{ readWriteType: 'WriteOnly', includeManagementEvents: true, dataResources: [] }],
    }),
    (r, c) => ({ trailARN: `arn:aws:cloudtrail:${c.region}:${c.account}:trail/organization` }),
  ],
  [
    2,
    's3',
    'PutBucketPolicy',
    (r, c) =>
      s3(r, c, {
        policy: '',
        bucketPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::assets/*' }],
        },
      }),
  ],
  [1, 'guardduty', 'UpdateDetector', (r) => ({ detectorId: r.hex(32), enable: false })],
  [
    1,
    'rds',
    'ModifyDBSnapshotAttribute',
    (r) => ({ dBSnapshotIdentifier: `orders-${r.below(90)}`, attributeName: 'restore', valuesToAdd: ['555566667777'] }),
    (r) => ({
      dBSnapshotIdentifier: `orders-${r.below(90)}`,
      dBSnapshotAttributes: [{ attributeName: 'restore', attributeValues: ['555566667777'] }],
    }),
  ],
  [1, 'organizations', 'LeaveOrganization', none, none, { error: 'AccessDeniedException' }],
  [
    2,
    'sts',
    'GetFederationToken',
    () => ({ name: 'console', durationSeconds: 3600 }),
    (r) => ({
      credentials: { accessKeyId: r.id('ASIA'), sessionToken: r.base62(120), expiration: 'Mar 5, 2024, 11:07:00 AM' },
      federatedUser: {
        federatedUserId: '111122223333:console',
        arn: 'arn:aws:sts::111122223333:federated-user/console',
      },
    }),
  ],
];

export const pickNotable = weighted(notable);
