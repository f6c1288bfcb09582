/** The administrator's days: single sign-on, console, and now and then a change. */
import { awsDate, plusSeconds } from '../records.mjs';
import {
  accountTrail,
  admin,
  backupRegion,
  global,
  home,
  main,
  make,
  second,
  trailBucket,
  webInstance,
} from './people.mjs';

const signInProvider = `arn:aws:iam::${main}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;

export function adminDays(log) {
  const plans = [
    ['2026-02-26', review],
    ['2026-03-03', operations],
    ['2026-03-05', newColleague],
    ['2026-03-09', backups],
    ['2026-03-12', operations],
    ['2026-03-17', review],
    ['2026-03-19', backups],
    ['2026-03-20', operations],
    ['2026-03-24', newTrail],
  ];
  for (const [date, plan] of plans)
    plan(log, `${date}T08:${String(4 + make.below(`admin/${date}`, 40)).padStart(2, '0')}:00Z`);
}

/** Single sign-on: a SAML call that issues a key nobody uses, and a console whose keys nothing issued. */
export function signIn(log, time, account = main, region = home) {
  const who = admin(time, account);
  const { identity } = who;
  const { sessionIssuer } = identity.sessionContext;
  const response = {
    credentials: {
      accessKeyId: make.id('ASIA', `saml/${account}/${time}`),
      sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
      expiration: awsDate(plusSeconds(time, 3600), ','),
    },
    assumedRoleUser: { assumedRoleId: identity.principalId, arn: identity.arn },
    subject: 'ops-admin',
    subjectType: 'persistent',
    nameQualifier: 'EXAMPLEQUALIFIER=',
    audience: 'https://signin.aws.amazon.com/saml',
  };
  const saml = {
    type: 'SAMLUser',
    principalId: 'EXAMPLEQUALIFIER=:ops-admin',
    userName: 'ops-admin',
    identityProvider: 'EXAMPLEQUALIFIER=',
  };
  log.call({ ...who, identity: saml, console: false }, time, 'sts', 'AssumeRoleWithSAML', {
    region,
    account,
    agent: 'aws-internal/3',
    response,
    request: {
      principalArn: signInProvider.replace(main, account),
      roleArn: sessionIssuer.arn,
      roleSessionName: 'ops-admin',
      durationSeconds: 3600,
    },
  });
  const { accessKeyId: _, ...keyless } = identity;
  log.call({ ...who, identity: keyless, console: false }, plusSeconds(time, 2), 'signin', 'ConsoleLogin', {
    region: global,
    account,
    readOnly: false,
    type: 'AwsConsoleSignIn',
    response: { ConsoleLogin: 'Success' },
    more: {
      additionalEventData: {
        MobileVersion: 'No',
        MFAUsed: 'No',
        SamlProviderArn: signInProvider.replace(main, account),
      },
    },
  });
  return who;
}

/** Reads of users and roles: all in the region of the global services. */
function review(log, time) {
  const who = signIn(log, time);
  const calls = ['ListUsers', 'ListRoles', 'GetAccountSummary', 'ListAccountAliases', 'GetCredentialReport'];
  for (const [i, name] of calls.entries())
    log.call(who, plusSeconds(time, 20 + 9 * i), 'iam', name, { region: global });
}

export function operations(log, time) {
  const who = signIn(log, time);
  log.call(who, plusSeconds(time, 25), 'monitoring', 'DescribeAlarms', {
    request: { maxRecords: 100 },
    agent: 'AWS Internal',
  });
  log.call(who, plusSeconds(time, 41), 'ec2', 'DescribeInstances', { request: { instancesSet: {}, filterSet: {} } });
  log.call(who, plusSeconds(time, 58), 'logs', 'DescribeLogGroups', { request: { limit: 50 } });
  log.call(who, plusSeconds(time, 140), 'ec2', 'RebootInstances', {
    request: { instancesSet: { items: [{ instanceId: webInstance }] } },
    response: { _return: true },
  });
}

function newColleague(log, time) {
  const who = signIn(log, time);
  const userName = 'audit-reader';
  log.call(who, plusSeconds(time, 70), 'iam', 'CreateUser', {
    region: global,
    request: { userName },
    response: {
      user: {
        path: '/',
        userName,
        userId: make.id('AIDA', userName),
        arn: `arn:aws:iam::${main}:user/${userName}`,
        createDate: awsDate(plusSeconds(time, 70)),
      },
    },
  });
  log.call(who, plusSeconds(time, 95), 'iam', 'AttachUserPolicy', {
    region: global,
    request: { userName, policyArn: 'arn:aws:iam::aws:policy/SecurityAudit' },
  });
}

function backups(log, time) {
  const who = signIn(log, time, second, backupRegion);
  const volumeId = 'vol-0a1b2c3d4e5f60718';
  const region = backupRegion;
  log.call(who, plusSeconds(time, 30), 'ec2', 'DescribeVolumes', { region, request: { volumeSet: {}, filterSet: {} } });
  log.call(who, plusSeconds(time, 64), 'ec2', 'CreateSnapshot', {
    region,
    request: { volumeId, description: 'weekly' },
    response: {
      snapshotId: `snap-${make.hex(`weekly/${time}`, 17)}`,
      volumeId,
      status: 'pending',
      ownerId: second,
      volumeSize: '200',
      encrypted: false,
    },
  });
  log.call(who, plusSeconds(time, 90), 'ec2', 'DescribeSnapshots', {
    region,
    request: { snapshotSet: {}, ownersSet: { items: [{ owner: 'self' }] } },
  });
}

/** The day before the theft: a second trail, of this account and region alone, begins to deliver copies. */
function newTrail(log, time) {
  const who = signIn(log, time);
  const trailARN = `arn:aws:cloudtrail:${home}:${main}:trail/${accountTrail}`;
  log.call(who, plusSeconds(time, 50), 'cloudtrail', 'CreateTrail', {
    request: {
      name: accountTrail,
      s3BucketName: trailBucket,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
    },
    response: {
      name: accountTrail,
      s3BucketName: trailBucket,
      trailARN,
      isMultiRegionTrail: false,
      logFileValidationEnabled: false,
    },
  });
  log.call(who, plusSeconds(time, 52), 'cloudtrail', 'StartLogging', { request: { name: trailARN } });
}
