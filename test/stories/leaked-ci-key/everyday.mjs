/** Four weeks of normal work: CI runners by day and night, AWS's own services, an administrator at the console. */
import { bucketResource, plusSeconds } from '../records.mjs';
import { adminDays } from './admin-work.mjs';
import { clock, days } from './calendar.mjs';
import { dayBuild, migrationJob, nightlyImage } from './ci-work.mjs';
import { day, home, main, make, onBehalf, service, trailBucket, webInstance } from './people.mjs';

export function everydayWork(log) {
  for (const d of days().filter(({ date }) => date < day)) {
    if (d.works) {
      nightlyImage(log, d);
      dayBuild(log, d, 9 + make.below(`build/${d.date}`, 6));
    }
    if (d.weekday === 3) migrationJob(log, d);
    housekeeping(log, d);
  }
  adminDays(log);
}

/** AWS's own noise; a few events a day, weekends too. */
export function housekeeping(log, d) {
  const time = clock(d, 2, 41, 'noise');
  if (d.number % 2 === 0) {
    const { who } = serviceRole(log, 'ec2.amazonaws.com', 'orders-web', webInstance, time);
    const agent = 'aws-sdk-go/1.55.5 (go1.22.7; linux; amd64) amazon-ssm-agent/3.3.1611.0';
    const instance = { ...who, ip: '10.0.4.21', agent };
    instance.identity.sessionContext.ec2RoleDelivery = '2.0';
    log.call(instance, plusSeconds(time, 300), 'ssm', 'UpdateInstanceInformation', {
      request: {
        instanceId: webInstance,
        agentVersion: '3.3.1611.0',
        agentStatus: 'Active',
        platformType: 'Linux',
        agentName: 'amazon-ssm-agent',
      },
      more: { vpcEndpointId: 'vpce-0a1b2c3d4e5f60718' },
    });
  } else {
    const { who } = serviceRole(log, 'lambda.amazonaws.com', 'orders-api-lambda', 'orders-api', time);
    log.call(onBehalf(who, 'secretsmanager.amazonaws.com', time), plusSeconds(time, 2), 'kms', 'Decrypt', {
      request: {
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        encryptionContext: { SecretARN: `arn:aws:secretsmanager:${home}:${main}:secret:orders/api-token-EXAMPL` },
      },
      resources: [kmsKey('secrets')],
    });
  }
  if (d.number % 4 === 1) {
    log.call(service('cloudtrail.amazonaws.com'), plusSeconds(time, 60), 's3', 'GetBucketAcl', {
      request: { bucketName: trailBucket, Host: `${trailBucket}.s3.${home}.amazonaws.com`, acl: '' },
      resources: [bucketResource(main, trailBucket)],
    });
  }
  if (d.number % 4 === 2) {
    log.call(
      { ...service('AWS Internal'), identity: { type: 'AWSService', invokedBy: 'rds.amazonaws.com' } },
      plusSeconds(time, 75),
      'kms',
      'GenerateDataKey',
      {
        request: {
          keySpec: 'AES_256',
          keyId: kmsKey('database').ARN,
          encryptionContext: { 'aws:rds:dbc-id': 'EXAMPLE' },
        },
        resources: [kmsKey('database')],
      },
    );
  }
  if (d.number % 7 === 3) {
    log.event(plusSeconds(time, 90), 'kms', 'RotateKey', {
      account: main,
      caller: main,
      region: home,
      shared: make.uuid(`rotate/${d.date}`),
      details: { keyId: kmsKey('secrets').ARN },
    });
  }
}

const kmsKey = (name) => ({
  accountId: main,
  type: 'AWS::KMS::Key',
  ARN: `arn:aws:kms:${home}:${main}:key/${make.uuid(`key/${name}`)}`,
});

/** A service takes a role for a host or a function: its answer often names no assumedRoleUser. */
export function serviceRole(log, invokedBy, role, name, time) {
  return log.assume(service(invokedBy), time, { role, name, bare: true, shared: make.uuid(`shared/${time}/${name}`) });
}
