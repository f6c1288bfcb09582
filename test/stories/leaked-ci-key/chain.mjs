/** 02:34 to 03:12: three roles one after the other, and what was read, shared and opened through them. */
import { bucketResource, plusSeconds, refused } from '../records.mjs';
import {
  at,
  backupRegion,
  dataBucket,
  foreign,
  global,
  home,
  main,
  make,
  onBehalf,
  roleArn,
  second,
} from './people.mjs';

export function chain(log, firstRole) {
  const secondRole = throughFirstRole(log, firstRole);
  readSecrets(log, secondRole);
  readObjects(log, secondRole);
  const thirdRole = acrossAccounts(log, secondRole);
  shareSnapshot(log, thirdRole);
  openBucket(log, secondRole);
}

function throughFirstRole(log, who) {
  log.call(who, at('02:34:02'), 'sts', 'GetCallerIdentity');
  log.call(who, at('02:34:40'), 'iam', 'ListRoles', { region: global });
  log.call(who, at('02:35:11'), 'iam', 'GetRole', { region: global, request: { roleName: 'data-pipeline-admin' } });
  log.call(who, at('02:36:20'), 'ec2', 'DescribeInstances', { request: { instancesSet: {}, filterSet: {} } });
  log.call(who, at('02:37:05'), 'lambda', 'ListFunctions20150331');
  log.call(who, at('02:39:30'), 'sts', 'AssumeRole', {
    error: refused(who, 'sts:AssumeRole', roleArn('orders-db-admin')),
  });
  /** Issue and first use fall in one second, and the use has the lower eventID. */
  const issued = log.assume(who, at('02:41:07'), { role: 'data-pipeline-admin', name: 'maint-sync', sortsAs: 'f' });
  log.call(issued.who, at('02:41:07'), 'sts', 'GetCallerIdentity', { sortsAs: '0' });
  return issued.who;
}

const secretArn = (name, account = main, region = home) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-EXAMPL`;
const key = (name, account = main, region = home) => ({
  accountId: account,
  type: 'AWS::KMS::Key',
  ARN: `arn:aws:kms:${region}:${account}:key/${make.uuid(`key/${name}/${account}`)}`,
});

function readSecrets(log, who) {
  log.call(who, at('02:43:10'), 'secretsmanager', 'ListSecrets', { request: { maxResults: 100 } });
  const clocks = {
    'orders/db-master': '02:44:02',
    'orders/payment-gateway': '02:44:15',
    'ci/registry-token': '02:44:31',
  };
  for (const [name, clock] of Object.entries(clocks)) getSecret(log, who, at(clock), secretArn(name), key('secrets'));
  const sealed = secretArn('hr/payroll');
  log.call(who, at('02:44:50'), 'secretsmanager', 'GetSecretValue', {
    request: { secretId: sealed },
    error: refused(who, 'secretsmanager:GetSecretValue', sealed),
  });
  getSecret(log, who, at('02:46:07'), secretArn('orders/db-master'), key('secrets'));

  log.call(who, at('02:47:00'), 'ssm', 'DescribeParameters', { request: { maxResults: 50 } });
  readParameters(log, who, at('02:47:31'), ['/orders/smtp/password']);
  readParameters(log, who, at('02:48:02'), ['/orders/db/password', '/orders/jwt/signing-key', '/orders/license']);
}

/** Secrets Manager decrypts for the caller: a key of its own, the session's creation date. */
function getSecret(log, who, time, secretId, kmsKey, region = home) {
  log.call(who, time, 'secretsmanager', 'GetSecretValue', { region, request: { secretId } });
  log.call(onBehalf(who, 'secretsmanager.amazonaws.com', time), time, 'kms', 'Decrypt', {
    region,
    resources: [kmsKey],
    request: {
      encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      encryptionContext: { SecretARN: secretId, SecretVersionId: make.uuid(secretId) },
    },
  });
}

function readParameters(log, who, time, names) {
  const resources = names.map((name) => ({ accountId: main, ARN: `arn:aws:ssm:${home}:${main}:parameter${name}` }));
  const [name] = names;
  if (names.length === 1)
    log.call(who, time, 'ssm', 'GetParameter', { request: { name, withDecryption: true }, resources });
  else log.call(who, time, 'ssm', 'GetParameters', { request: { names, withDecryption: true }, resources });
}

function readObjects(log, who) {
  const list = (time, prefix) =>
    s3(log, who, time, 'ListObjects', null, {
      bytesOut: 5120 + make.below(prefix, 900),
      request: { 'list-type': '2', prefix },
    });
  list(at('02:50:02'), 'exports/');
  list(at('02:50:20'), 'backups/');
  const names = [
    ...Array.from({ length: 24 }, (_, i) => `exports/customers-2025-part-${String(i).padStart(2, '0')}.csv.gz`),
    'backups/orders-db.dump',
    'backups/.env',
    'config/deploy.tfstate',
  ];
  for (const [i, name] of names.entries()) {
    s3(log, who, plusSeconds(at('02:51:00'), 7 * i), 'GetObject', name, {
      bytesOut: 800000 + make.below(name, 9000000),
    });
  }
  s3(log, who, at('02:55:10'), 'GetObject', 'backups/.env', {
    bytesOut: 800000 + make.below('backups/.env', 9000000),
    label: 'again',
  });
  s3(log, who, at('02:55:30'), 'GetObject', 'legal/hold.pdf', {
    error: refused(who, 's3:GetObject', `arn:aws:s3:::${dataBucket}/legal/hold.pdf`),
    bytesOut: 243,
  });
}

/** Data events are on for this one bucket only. */
export function s3(log, who, time, name, objectKey, options = {}) {
  const object = objectKey && [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${dataBucket}/${objectKey}` }];
  const request = {
    bucketName: dataBucket,
    Host: `${dataBucket}.s3.${home}.amazonaws.com`,
    ...(objectKey && { key: objectKey }),
  };
  const resources = [...(object || []), bucketResource(main, dataBucket)];
  return log.call(who, time, 's3', name, {
    data: true,
    resources,
    ...options,
    request: { ...request, ...options.request },
  });
}

/** Logged twice: in the caller's account with the caller's key, in the role's account as AWSAccount without one. */
function acrossAccounts(log, who) {
  const time = at('02:58:30');
  const shared = make.uuid('twins');
  const { record, ...issued } = log.assume(who, time, {
    role: 'org-backup-operator',
    name: 'maint-sync',
    account: second,
    shared,
  });
  const { request, response, resources } = issued;
  const identity = { type: 'AWSAccount', principalId: record.userIdentity.principalId, accountId: main };
  log.call({ ...who, identity }, time, 'sts', 'AssumeRole', {
    account: second,
    request,
    response,
    resources,
    shared,
    marks: [['twins', { of: record.eventID }]],
  });
  return issued.who;
}

function shareSnapshot(log, who) {
  const region = backupRegion;
  const volumeId = 'vol-0a1b2c3d4e5f60718';
  const snapshotId = sharedSnapshot;
  log.call(who, at('02:59:12'), 'sts', 'GetCallerIdentity', { region });
  log.call(who, at('02:59:40'), 'ec2', 'DescribeVolumes', { region, request: { volumeSet: {}, filterSet: {} } });
  log.call(who, at('03:00:05'), 'ec2', 'DescribeSnapshots', {
    region,
    request: { snapshotSet: {}, ownersSet: { items: [{ owner: 'self' }] } },
  });
  log.call(who, at('03:01:20'), 'ec2', 'CreateSnapshot', {
    region,
    request: { volumeId, description: 'sync' },
    response: {
      snapshotId,
      volumeId,
      status: 'pending',
      startTime: Date.parse(at('03:01:20')),
      ownerId: second,
      volumeSize: '200',
      encrypted: false,
    },
    marks: [['resources', { type: 'ec2 snapshot', id: snapshotId }]],
  });
  log.call(who, at('03:04:44'), 'ec2', 'ModifySnapshotAttribute', {
    region,
    response: { _return: true },
    request: {
      snapshotId,
      createVolumePermission: { add: { items: [{ userId: foreign }] } },
      attributeType: 'CREATE_VOLUME_PERMISSION',
    },
    marks: [['backdoors', { what: `snapshot ${snapshotId} shared with account ${foreign}` }]],
  });
  log.call(who, at('03:05:30'), 'secretsmanager', 'ListSecrets', { region, request: { maxResults: 100 } });
  const secretId = secretArn('backup/vault-passphrase', second, region);
  getSecret(log, who, at('03:05:52'), secretId, key('backup', second, region), region);
}

export const sharedSnapshot = `snap-${make.hex('shared snapshot', 17)}`;

function openBucket(log, who) {
  const Host = `${dataBucket}.s3.${home}.amazonaws.com`;
  const resources = [bucketResource(main, dataBucket)];
  log.call(who, at('03:12:05'), 's3', 'DeleteBucketPublicAccessBlock', {
    request: { bucketName: dataBucket, Host, publicAccessBlock: '' },
    resources,
    marks: [['backdoors', { what: `public access block of ${dataBucket} removed` }]],
  });
  const bucketPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'sync',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${dataBucket}/*`,
      },
    ],
  };
  log.call(who, at('03:12:31'), 's3', 'PutBucketPolicy', {
    request: { bucketPolicy, bucketName: dataBucket, Host, policy: '' },
    resources,
    marks: [['backdoors', { what: `bucket ${dataBucket} readable by anyone` }]],
  });
}
