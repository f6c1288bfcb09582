/** The owner's work with the key that will be stolen: nightly pushes, builds by day, a weekly job. */
import { bucketResource, plusSeconds } from '../records.mjs';
import { clock } from './calendar.mjs';
import { artifactBucket, ci, dataBucket, home, main, make, onBehalf, roleArn, runners } from './people.mjs';

/** The owner's nightly push: on the night of the theft too, in the middle of it. */
export function nightlyImage(log, d) {
  const who = ci(runners[d.number % runners.length]);
  pushImage(log, who, clock(d, 2, 30, 'nightly'), `nightly-${d.date.replaceAll('-', '')}`, true);
}

function pushImage(log, who, time, imageTag, layers) {
  const repositoryName = 'orders-api';
  const registryId = main;
  const resources = [{ ARN: `arn:aws:ecr:${home}:${main}:repository/${repositoryName}`, accountId: main }];
  const layerDigest = `sha256:${make.hex(`layer/${imageTag}`, 64)}`;
  const uploadId = make.uuid(`upload/${imageTag}`);
  log.call(who, time, 'ecr', 'GetAuthorizationToken');
  if (layers) {
    const request = { registryId, repositoryName, layerDigests: [layerDigest] };
    log.call(who, plusSeconds(time, 6), 'ecr', 'BatchCheckLayerAvailability', { request, resources });
    log.call(who, plusSeconds(time, 7), 'ecr', 'InitiateLayerUpload', {
      request: { registryId, repositoryName },
      response: { uploadId, partSize: 10485760 },
      resources,
    });
    log.call(who, plusSeconds(time, 24), 'ecr', 'CompleteLayerUpload', {
      request: { registryId, repositoryName, uploadId, layerDigests: [layerDigest] },
      response: { registryId, repositoryName, uploadId, layerDigest },
      resources,
    });
  }
  log.call(who, plusSeconds(time, 26), 'ecr', 'PutImage', {
    request: {
      registryId,
      repositoryName,
      imageTag,
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    },
    response: {
      image: { registryId, repositoryName, imageId: { imageDigest: `sha256:${make.hex(imageTag, 64)}`, imageTag } },
    },
    resources,
  });
}

/** The owner's build: an image, then a deployment as role ci-deploy, in which CloudFormation acts for the session. */
export function dayBuild(log, d, hour) {
  const runner = ci(runners[(d.number + 1) % runners.length]);
  const start = clock(d, hour, 12, 'day');
  const name = `build-${400 + d.number}`;
  pushImage(log, runner, start, name, false);
  const { who } = log.assume(runner, plusSeconds(start, 60), { role: 'ci-deploy', name });
  const stackName = `arn:aws:cloudformation:${home}:${main}:stack/orders-api/${make.uuid('stack')}`;
  const changeSetName = `release-${name}`;
  log.call(who, plusSeconds(start, 62), 'cloudformation', 'DescribeStacks', { request: { stackName } });
  log.call(who, plusSeconds(start, 65), 'cloudformation', 'CreateChangeSet', {
    request: { stackName, changeSetName, changeSetType: 'UPDATE' },
    response: { stackId: stackName, id: make.uuid(changeSetName) },
  });
  log.call(who, plusSeconds(start, 90), 'cloudformation', 'ExecuteChangeSet', {
    request: { stackName, changeSetName },
  });
  const functionName = 'orders-api';
  const functionArn = `arn:aws:lambda:${home}:${main}:function:${functionName}`;
  const updated = plusSeconds(start, 97);
  log.call(onBehalf(who, 'cloudformation.amazonaws.com', updated), updated, 'lambda', 'UpdateFunctionCode20150331v2', {
    request: { functionName, publish: false, dryRun: false, s3Bucket: artifactBucket, s3Key: `${name}.zip` },
    response: {
      functionName,
      functionArn,
      role: roleArn('orders-api-lambda'),
      runtime: 'nodejs22.x',
      codeSha256: `${make.name(name, 30)}=`,
    },
  });
  log.call(who, plusSeconds(start, 130), 'lambda', 'GetFunction20150331v2', { request: { functionName } });
  if (d.number % 3 === 0) readManifest(log, who, plusSeconds(start, 140));
}

function readManifest(log, who, time) {
  const key = 'release/manifest.json';
  log.call(who, time, 's3', 'GetObject', {
    request: { bucketName: dataBucket, Host: `${dataBucket}.s3.${home}.amazonaws.com`, key },
    data: true,
    bytesOut: 1204,
    resources: [
      { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${dataBucket}/${key}` },
      bucketResource(main, dataBucket),
    ],
  });
}

/** The owner's weekly job: on the day of the theft its session begins before the window and goes on inside it. */
export function migrationJob(log, d) {
  const { who } = log.assume(ci(runners[2]), clock(d, 1, 48, 'job'), { role: 'ci-deploy', name: 'orders-migration' });
  const name = '/orders/migration/cursor';
  const resources = [{ accountId: main, ARN: `arn:aws:ssm:${home}:${main}:parameter${name}` }];
  log.call(who, clock(d, 1, 49, 'job'), 'cloudformation', 'DescribeStacks', { request: { stackName: 'orders-db' } });
  log.call(who, clock(d, 2, 6, 'job'), 'ssm', 'GetParameter', { request: { name, withDecryption: false }, resources });
  log.call(who, clock(d, 2, 20, 'job'), 'ssm', 'PutParameter', {
    request: { name, type: 'String', overwrite: true, value: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    response: { version: 12 + d.number, tier: 'Standard' },
    resources,
  });
}
