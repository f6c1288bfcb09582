/** The events of a made-up organisation, block by block: a block is what CloudTrail would deliver as one small file. */
import { accounts, createServiceActor, createSession, createUsers, regions, roles, vendor } from './actors.mjs';
import { pickNotable } from './notable.mjs';
import { awsDate, createRandom, iso, weighted } from './random.mjs';
import { reads } from './reads.mjs';
import { writes } from './writes.mjs';

export const eventsInBlock = 40;
export const blocksInStretch = 50;
/** Raised whenever the events change, so that no older data set is reused. */
export const trafficVersion = 2;

const start = Date.UTC(2024, 2, 1) / 1000;
const days = 30;
const sessionsAtOnce = 24;
const redelivered = 0.03;
const readCall = /^(Get|List|Describe|Head|Lookup|BatchGet|Decrypt|GenerateDataKey|AssumeRole)/;
const pickRole = weighted(roles);
const pickVersion = weighted([
  [2, '1.08'],
  [3, '1.09'],
  [3, '1.10'],
  [2, '1.11'],
]);

/** [share of errors, code, message] */
const pickError = weighted([
  [
    4,
    'AccessDenied',
    (who, call) =>
      `User: ${who} is not authorized to perform: ${call} because no identity-based policy allows the ${call} action`,
  ],
  [
    2,
    'Client.UnauthorizedOperation',
    (who, call) =>
      `You are not authorized to perform this operation. User: ${who} is not authorized to perform: ${call}`,
  ],
  [3, 'ThrottlingException', () => 'Rate exceeded'],
  [1, 'ResourceNotFoundException', () => 'The requested resource was not found.'],
  [1, 'ValidationException', () => '1 validation error detected: a value failed to satisfy a constraint'],
]);

/** What each kind of caller calls, and which share of its calls changes something. */
const habit = (services, changes, { data = false } = {}) => {
  const fits = ([, service, , , , options]) => services.includes(service) && (data || !options?.data);
  return { changes, read: weighted(reads.filter(fits)), write: weighted(changes > 0 ? writes.filter(fits) : writes) };
};
const inventory = [
  'ec2',
  's3',
  'iam',
  'kms',
  'rds',
  'cloudtrail',
  'lambda',
  'cloudwatch',
  'autoscaling',
  'elasticloadbalancing',
];
const habits = {
  machine: habit(['s3', 'ssm', 'kms', 'dynamodb', 'sts', 'ec2'], 0.01, { data: true }),
  function: habit(['logs', 's3', 'kms', 'dynamodb', 'secretsmanager', 'ssm'], 0, { data: true }),
  cluster: habit(['ec2', 'autoscaling', 'elasticloadbalancing', 'ecr'], 0.1),
  pipeline: habit([...inventory, 'ssm', 'sts', 'logs', 'ecr', 'health'], 0.2),
  person: habit([...inventory, 'ssm', 'sts', 'logs', 'dynamodb', 'secretsmanager', 'health'], 0.02),
  scanner: habit(inventory, 0),
  backup: habit(['ec2', 'kms', 'rds'], 0.05),
};

const tls = (host) => ({
  tlsVersion: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  clientProvidedHostHeader: host,
});

const transfer = (random) => ({
  SignatureVersion: 'SigV4',
  CipherSuite: 'TLS_AES_128_GCM_SHA256',
  bytesTransferredIn: 0,
  AuthenticationMethod: 'AuthHeader',
  'x-amz-id-2': `${random.base62(75)}=`,
  bytesTransferredOut: random.below(90_000),
});

/** One API call as CloudTrail writes it, its fields in CloudTrail's order. */
const apiCall = (random, { account, region, time }, actor, [, service, name, request, response, options = {}]) => {
  const place = { account, region };
  const call = `${service}:${name}`;
  const failed = random.chance(options.error ? 0.3 : 0.03);
  const [, code, message] = pickError(random);
  const requestID = service === 's3' ? random.base32(16) : random.uuid();
  const answer = failed ? null : (response?.(random, place) ?? null);
  const { identity, ip, agent } = actor;
  const host = service === 'iam' ? 'iam.amazonaws.com' : `${service}.${region}.amazonaws.com`;
  return {
    eventVersion: pickVersion(random)[1],
    userIdentity:
      actor.service && identity.type !== 'AWSService' ? { ...identity, invokedBy: actor.service } : identity,
    eventTime: iso(time),
    eventSource: service === 'cloudwatch' ? 'monitoring.amazonaws.com' : `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: service === 'iam' ? 'us-east-1' : region,
    sourceIPAddress: ip,
    userAgent: service === 's3' && !actor.service ? `[${agent}]` : agent,
    ...(failed && {
      errorCode: options.error ?? code,
      errorMessage: options.error
        ? `The call ${name} found nothing to act on`
        : message(identity.arn ?? identity.invokedBy, call),
    }),
    requestParameters: request?.(random, place) ?? null,
    responseElements: service === 'ec2' && answer ? { requestId: requestID, ...answer } : answer,
    ...(service === 's3' && { additionalEventData: transfer(random) }),
    requestID,
    eventID: random.uuid(),
    readOnly: readCall.test(name),
    ...(options.resources && { resources: options.resources(random, place) }),
    eventType: 'AwsApiCall',
    ...(options.apiVersion && { apiVersion: options.apiVersion }),
    managementEvent: !options.data,
    recipientAccountId: account,
    ...(random.chance(0.05) && { vpcEndpointId: `vpce-0${random.hex(16)}`, vpcEndpointAccountId: account }),
    eventCategory: options.data ? 'Data' : 'Management',
    ...(!actor.service && random.chance(0.5) && { tlsDetails: tls(host) }),
    ...(actor.console && { sessionCredentialFromConsole: 'true' }),
  };
};

/** What AWS did by itself, without a call. */
const serviceEvent = (random, { account, region, time }) => ({
  eventVersion: '1.08',
  userIdentity: { accountId: account, invokedBy: 'secretsmanager.amazonaws.com' },
  eventTime: iso(time),
  eventSource: 'secretsmanager.amazonaws.com',
  eventName: random.pick(['RotationStarted', 'RotationSucceeded', 'EndSecretVersionDelete']),
  awsRegion: region,
  sourceIPAddress: 'secretsmanager.amazonaws.com',
  userAgent: 'secretsmanager.amazonaws.com',
  requestParameters: null,
  responseElements: null,
  additionalEventData: {
    SecretId: `arn:aws:secretsmanager:${region}:${account}:secret:orders-${random.below(40)}-AbCdEf`,
  },
  eventID: random.uuid(),
  readOnly: false,
  eventType: 'AwsServiceEvent',
  managementEvent: true,
  recipientAccountId: account,
  eventCategory: 'Management',
});

const consoleLogin = (random, place, actor) => ({
  ...apiCall(random, place, actor, [0, 'signin', 'ConsoleLogin']),
  ...(random.chance(0.1) && { errorMessage: 'Failed authentication' }),
  responseElements: { ConsoleLogin: random.chance(0.1) ? 'Failure' : 'Success' },
  additionalEventData: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'Yes' },
  readOnly: false,
  eventType: 'AwsConsoleSignIn',
});

/** AssumeRole: the session it starts makes later calls with the key it issues. */
const assumeRole = (random, place, world) => {
  const row = pickRole(random);
  const key = random.id('ASIA');
  const created = place.time - (place.time % 60);
  const session = createSession(random, { account: place.account, roleIds: world.roleIds, row, key, created });
  const { arn, principalId, sessionContext } = session.identity;
  const caller = random.below(100);
  const actor =
    caller < 60
      ? createServiceActor(random.pick(['ec2.amazonaws.com', 'lambda.amazonaws.com', 'backup.amazonaws.com']))
      : caller < 75
        ? random.pick(world.sessions)
        : caller < 90
          ? random.pick(world.users)
          : vendor(random);
  const record = apiCall(random, place, actor, [
    0,
    'sts',
    'AssumeRole',
    () => ({
      roleArn: sessionContext.sessionIssuer.arn,
      roleSessionName: principalId.slice(principalId.indexOf(':') + 1),
      durationSeconds: 3600,
    }),
    () => ({
      credentials: { accessKeyId: key, sessionToken: random.base62(100), expiration: awsDate(created + 3600) },
      assumedRoleUser: { assumedRoleId: principalId, arn },
    }),
    {
      resources: (_, { account }) => [
        { accountId: account, type: 'AWS::IAM::Role', ARN: sessionContext.sessionIssuer.arn },
      ],
    },
  ]);
  if (record.responseElements) world.sessions[random.below(world.sessions.length)] = session;
  return { ...record, ...(actor.identity.type !== 'IAMUser' && { sharedEventID: random.uuid() }) };
};

const event = (random, place, world) => {
  const what = random.below(1000);
  if (what < 70) return assumeRole(random, place, world);
  if (what < 85) return serviceEvent(random, place);
  const actor = random.chance(0.3) ? random.pick(world.users) : random.pick(world.sessions);
  if (actor.habit === 'person' && random.chance(0.02)) return consoleLogin(random, place, actor);
  if (/person|pipeline/.test(actor.habit) && random.chance(0.01))
    return apiCall(random, place, actor, pickNotable(random));
  const { changes, read, write } = habits[actor.habit];
  return apiCall(random, place, actor, random.chance(changes) ? write(random) : read(random));
};

/** One account in one region, so that its sessions live in order of time. */
const createWorld = (random, { account, users, roleIds }) => {
  const session = () =>
    createSession(random, { account, roleIds, row: pickRole(random), key: random.id('ASIA'), created: start - 600 });
  return { users, sessions: Array.from({ length: sessionsAtOnce }, session), roleIds };
};

/**
 * Yields {account, region, time, records}: records as JSON text, `eventsInBlock` new events and about 3 % delivered a second time.
 * A stretch is `blocksInStretch` blocks of one account and region; copies come in the next stretch of the same place, in another file
 * whatever the layout.
 */
export const blocks = function* (events, seed = 1) {
  const random = createRandom(seed);
  const roleIds = new Map();
  const places = accounts.flatMap((account) => {
    const users = createUsers(random, account);
    return regions.map((region) => ({ account, region, world: createWorld(random, { account, users, roleIds }) }));
  });
  const total = Math.ceil(events / eventsInBlock);
  const secondsInBlock = (days * 86_400) / Math.ceil(total / places.length);
  const waiting = places.map(() => []);
  for (let b = 0; b < total; b++) {
    const stretch = Math.floor(b / blocksInStretch);
    const at = stretch % places.length;
    const { account, region, world } = places[at];
    const round = Math.floor(stretch / places.length);
    const first = start + (round * blocksInStretch + (b % blocksInStretch)) * secondsInBlock;
    const count = Math.min(eventsInBlock, events - b * eventsInBlock);
    const records = [];
    for (let i = 0; i < count; i++) {
      const time = Math.floor(first + (i * secondsInBlock) / count);
      records.push(JSON.stringify(event(random, { account, region, time }, world)));
    }
    const copies = waiting[at].filter((copy) => copy.round < round && copy.slot === b % blocksInStretch);
    waiting[at] = waiting[at].filter((copy) => !copies.includes(copy));
    for (const text of records)
      if (random.chance(redelivered)) waiting[at].push({ round, slot: b % blocksInStretch, text });
    yield { account, region, time: Math.floor(first), records: [...records, ...copies.map(({ text }) => text)] };
  }
};
