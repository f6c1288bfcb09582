/** The day of the theft apart from the thief: the owner's work goes on, outsiders use what was opened, AWS and the administrator react. */
import { assumeRoleAnswer } from '../records.mjs';
import {
  at,
  backupRegion,
  dataBucket,
  foreign,
  global,
  home,
  inRole,
  madeKey,
  madeUser,
  main,
  make,
  openedRole,
  outsiderAddress,
  roleArn,
  second,
  service,
  stolenKey,
  botoAgent,
} from './people.mjs';
import { operations, signIn } from './admin-work.mjs';
import { days } from './calendar.mjs';
import { dayBuild, migrationJob, nightlyImage } from './ci-work.mjs';
import { housekeeping, serviceRole } from './everyday.mjs';
import { s3, sharedSnapshot } from './chain.mjs';
import { instances } from './made-user.mjs';

export function aftermath(log) {
  const today = days().at(-1);
  migrationJob(log, today);
  nightlyImage(log, today);
  housekeeping(log, today);
  serviceRole(log, 'lambda.amazonaws.com', 'orders-batch-lambda', 'awslambda_512_20260325032033412', at('03:20:33'));
  operations(log, at('03:16:30'));
  outsiders(log);
  quarantine(log);
  dayBuild(log, today, 8);
  response(log);
}

const consequence = (what) => [['consequences', { what }]];

function outsiders(log) {
  log.event(at('04:21:40'), 'ec2', 'SharedSnapshotVolumeCreated', {
    account: second,
    caller: foreign,
    region: backupRegion,
    shared: make.uuid('volume'),
    details: { snapshotId: sharedSnapshot },
    marks: consequence('a volume made from the shared snapshot'),
  });
  const anyone = {
    actor: 'outsider',
    account: main,
    identity: { type: 'AWSAccount', principalId: '', accountId: 'anonymous' },
    ip: outsiderAddress,
    agent: 'curl/8.5.0',
  };
  for (const [i, key] of [
    'exports/customers-2025-part-00.csv.gz',
    'exports/customers-2025-part-01.csv.gz',
    'backups/.env',
  ].entries()) {
    s3(log, anyone, at(`04:33:0${3 * i}`), 'GetObject', key, {
      bytesOut: 800000 + make.below(key, 9000000),
      marks: consequence(`anonymous read from ${dataBucket}`),
    });
  }
  useOpenedRole(log);
}

/** Only the role's side of the call is here: the caller's account is not ours. */
function useOpenedRole(log) {
  const time = at('06:42:19');
  const name = 'audit';
  const accessKeyId = make.id('ASIA', 'opened role');
  const role = {
    account: main,
    role: openedRole,
    roleId: make.id('AROA', openedRole),
    session: name,
    accessKeyId,
    time,
  };
  const identity = { type: 'AWSAccount', principalId: make.id('AIDA', 'outsider'), accountId: foreign };
  const outsider = { actor: 'outsider', account: main, identity, ip: outsiderAddress, agent: botoAgent };
  const marks = consequence(`account ${foreign} acts as role ${openedRole}`);
  log.call(outsider, time, 'sts', 'AssumeRole', {
    region: global,
    request: { roleArn: roleArn(openedRole), roleSessionName: name },
    response: assumeRoleAnswer(role),
    shared: make.uuid('opened role'),
    resources: [{ accountId: main, type: 'AWS::IAM::Role', ARN: roleArn(openedRole) }],
    marks,
  });
  const inside = inRole(outsider, { role: openedRole, name, accessKeyId, created: time });
  log.call(inside, at('06:42:40'), 'sts', 'GetCallerIdentity', { region: global, marks });
  log.call(inside, at('06:43:02'), 's3', 'ListBuckets', {
    region: global,
    request: { Host: 's3.amazonaws.com' },
    marks,
  });
  log.call(inside, at('06:44:30'), 'ec2', 'DescribeInstances', {
    region: home,
    request: { instancesSet: {}, filterSet: {} },
    marks,
  });
}

/** Two and a half hours late. How AWS signs this call is not documented: the identity here is a guess. */
function quarantine(log) {
  log.call(service('AWS Internal'), at('04:47:12'), 'iam', 'AttachUserPolicy', {
    region: global,
    request: { userName: 'ci-deployer', policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3' },
    marks: consequence('AWS quarantines the stolen user'),
  });
}

function response(log) {
  const who = signIn(log, at('08:56:00'));
  const iam = (clock, name, request, what) =>
    log.call(who, at(clock), 'iam', name, {
      region: global,
      request,
      label: request.userName,
      marks: consequence(what),
    });
  iam(
    '09:02:11',
    'UpdateAccessKey',
    { userName: 'ci-deployer', accessKeyId: stolenKey, status: 'Inactive' },
    'the stolen key is switched off',
  );
  iam(
    '09:03:02',
    'UpdateAccessKey',
    { userName: madeUser, accessKeyId: madeKey, status: 'Inactive' },
    'the made key is switched off',
  );
  iam('09:04:20', 'DeleteLoginProfile', { userName: madeUser }, 'the made password is deleted');
  const [instanceId] = instances;
  const state = {
    instanceId,
    currentState: { code: 32, name: 'shutting-down' },
    previousState: { code: 16, name: 'running' },
  };
  log.call(who, at('09:06:41'), 'ec2', 'TerminateInstances', {
    region: 'eu-north-1',
    request: { instancesSet: { items: [{ instanceId }] } },
    response: { instancesSet: { items: [state] } },
    marks: consequence('one of two instances is terminated'),
  });
}
