/** The cast of leaked-ci-key: accounts, keys, roles, addresses and agents, and a log that every chapter writes into. */
import { apiCall, assumedRole, assumeRoleAnswer, awsService, iamUser, seeded, serviceEvent } from '../records.mjs';

export const seed = 'leaked-ci-key';
export const make = seeded(seed);

export const main = '111122223333';
export const second = '444455556666';
export const foreign = '999988887777';

export const home = 'eu-west-1';
export const global = 'us-east-1';
export const backupRegion = 'eu-central-1';
export const newRegions = ['ap-southeast-2', 'eu-north-1', 'us-west-2'];

/** The theft is on this day; the window's start is what an analyst would type after `--from`. */
export const day = '2026-03-25';
export const from = `${day}T02:00:00Z`;
export const at = (clock) => `${day}T${clock}Z`;

export const stolenKey = 'AKIAIOSFODNN7EXAMPLE';
export const madeKey = 'AKIAI44QH8DHBEXAMPLE';
export const madeUser = 'svc-backup-sync';
export const madeUserId = make.id('AIDA', madeUser);
export const openedRole = 'org-support-audit';

export const dataBucket = 'amzn-s3-demo-bucket';
export const artifactBucket = 'amzn-s3-demo-bucket1';
export const trailBucket = 'amzn-s3-demo-logging-bucket';
export const webInstance = 'i-0a1b2c3d4e5f60718';
export const accountTrail = 'app-trail';
export const organisationTrail = 'security-trail';

const roleNames = [
  'ci-deploy',
  'platform-maintenance',
  'data-pipeline-admin',
  'log-archive-reader',
  'org-backup-operator',
  openedRole,
  'orders-web',
  'orders-api-lambda',
  'orders-batch-lambda',
  'AWSReservedSSO_AdministratorAccess_0123456789abcdef',
];
const roleIds = Object.fromEntries(roleNames.map((name) => [name, make.id('AROA', name)]));
export const roleArn = (role, account = main) => `arn:aws:iam::${account}:role/${role}`;

const ciAgent = 'aws-cli/2.24.7 md/awscrt#0.23.8 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.9';
export const kaliAgent = 'aws-cli/2.15.30 Python/3.11.8 Linux/6.6.9-amd64 exe/x86_64.kali.2024';
export const botoAgent = 'Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#6.6.9-amd64 lang/python#3.11.8';
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0';

export const runners = ['192.0.2.10', '192.0.2.11', '192.0.2.24', '2001:db8:c1::17'];
export const thiefAddresses = ['198.51.100.23', '198.51.100.77', '2001:db8:bad::a7'];
export const outsiderAddress = '198.51.100.140';
const adminAddress = '203.0.113.50';

const ciUser = iamUser(main, 'ci-deployer', 'AIDACKCEVSQ6C2EXAMPLE', stolenKey);

/** Who calls: an identity, where from, with what; `actor` is the truth that no log tells. */
export const ci = (runner) => ({ actor: 'owner', account: main, identity: ciUser, ip: runner, agent: ciAgent });
export const thief = (ip = thiefAddresses[0], agent = kaliAgent) => ({
  actor: 'thief',
  account: main,
  identity: ciUser,
  ip,
  agent,
});
export const thiefAsMadeUser = (ip = thiefAddresses[2]) => ({
  actor: 'thief',
  account: main,
  identity: iamUser(main, madeUser, madeUserId, madeKey),
  ip,
  agent: botoAgent,
});

/** A console session: each request is signed by a key of its own, and no event issues them. */
export const admin = (created, account = main) => ({
  actor: 'admin',
  account,
  get identity() {
    const number = (this.requests = (this.requests ?? 0) + 1);
    const accessKeyId = make.id('ASIA', `console/${account}/${created}/${number}`);
    return session('AWSReservedSSO_AdministratorAccess_0123456789abcdef', 'ops-admin', accessKeyId, created, account);
  },
  ip: adminAddress,
  agent: browser,
  console: true,
});

export const service = (name, account = main) => ({
  actor: 'aws',
  account,
  identity: awsService(name),
  ip: name,
  agent: name,
});

function session(role, name, accessKeyId, created, account = main) {
  const path = role.startsWith('AWSReservedSSO_') ? 'aws-reserved/sso.amazonaws.com/' : '';
  return assumedRole({ account, role, roleId: roleIds[role], session: name, accessKeyId, created, path });
}

/** Someone acting as a role; `like` says who, from where and with what. */
export function inRole(like, { role, name, accessKeyId, created, account = main }) {
  return { ...like, account, identity: session(role, name, accessKeyId, created, account) };
}

/** A service acting for someone: its own fresh key, the session's creation date, no address. */
export function onBehalf(who, invokedBy, time, label = '') {
  const accessKeyId = make.id('ASIA', `forwarded/${time}/${label}`);
  const sessionContext = who.identity.sessionContext ?? {
    attributes: { creationDate: time, mfaAuthenticated: 'false' },
  };
  const identity = { ...who.identity, accessKeyId, sessionContext, invokedBy };
  return { ...who, identity, ip: invokedBy, agent: invokedBy, console: false, forwarded: true };
}

/** Collects what happened: each entry is a record, whose doing it was, and what a correct report says of it. */
export function newLog() {
  const entries = [];
  const call = (who, time, serviceName, name, options = {}) => {
    const record = apiCall(make, who, time, serviceName, name, { region: home, ...options });
    entries.push({ record, actor: who.actor, forwarded: Boolean(who.forwarded), marks: options.marks ?? [] });
    return record;
  };
  const event = (time, serviceName, name, options) => {
    const record = serviceEvent(make, time, serviceName, name, options);
    entries.push({ record, actor: 'aws', forwarded: false, marks: options.marks ?? [] });
  };
  /** AssumeRole, and whoever the answer lets the caller be. */
  const assume = (who, time, { role, name, account = main, region = home, bare = false, ...options }) => {
    const accessKeyId = make.id('ASIA', `${time}/${role}/${name}`);
    const { credentials, assumedRoleUser } = assumeRoleAnswer({
      account,
      role,
      roleId: roleIds[role],
      session: name,
      accessKeyId,
      time,
    });
    const response = { credentials, ...(!bare && { assumedRoleUser }) };
    const request = { roleArn: roleArn(role, account), roleSessionName: name, ...(!bare && { durationSeconds: 3600 }) };
    const resources = [{ accountId: account, type: 'AWS::IAM::Role', ARN: roleArn(role, account) }];
    const record = call(who, time, 'sts', 'AssumeRole', { region, request, response, resources, ...options });
    return {
      record,
      request,
      response,
      resources,
      who: inRole(who, { role, name, accessKeyId, created: time, account }),
    };
  };
  return { entries, call, event, assume };
}
