/** The stories of lineage in fixtures/cases: who did what, in records as CloudTrail writes them, and what a right answer holds. */
import type { CloudTrailRecord } from './support.ts';

export type Story = {
  title: string;
  /** Who did what, and why the answer is right. */
  told: string;
  arguments: string[];
  /** Records by file. */
  files: Record<string, CloudTrailRecord[]>;
  /** Credentials but the seeds, by grade; `look` are weak ones, in no count. */
  truth: { certain: string[]; strong: string[]; look: string[]; events: number };
  /** Too many records to keep as files: made anew by each test. */
  large?: true;
};

const home = '111122223333';
const second = '444455556666';
const third = '777788889999';
const outside = '999988887777';
const seed = 'AKIAIOSFODNN7EXAMPLE';
const ci = 'AKIAI44QH8DHBEXAMPLE';
const attackerAt = '198.51.100.23';
const ownerAt = '192.0.2.10';

/** `ASIA` and sixteen characters, told apart by their number. */
const key = (n: number): string => `ASIA${String(n).padStart(9, '0')}EXAMPLE`;

const start = Date.UTC(2026, 2, 25, 2, 0, 0);
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString().replace('.000Z', 'Z');
const name = (role: string): string => `AROA${role.toUpperCase().replaceAll('-', '')}EXAMPLE`;
const roleArn = (role: string, account = home): string => `arn:aws:iam::${account}:role/${role}`;

/** Numbers its records, so that every story has event ids of its own. */
const teller = (story: number) => {
  let n = 0;
  return (
    seconds: number,
    userIdentity: CloudTrailRecord,
    call: string,
    changes: CloudTrailRecord = {},
  ): CloudTrailRecord => {
    n++;
    const [service, eventName] = call.split(':');
    const id = `${String(story).padStart(4, '0')}-4000-8000-${String(n).padStart(12, '0')}`;
    return {
      eventVersion: '1.11',
      userIdentity,
      eventTime: at(seconds),
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: 'us-east-1',
      sourceIPAddress: attackerAt,
      userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 lang/python#3.13.7',
      requestParameters: null,
      responseElements: null,
      requestID: `11111111-${id}`,
      eventID: `00000000-${id}`,
      readOnly: /^(Get|List|Describe|AssumeRole)/.test(eventName!),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: userIdentity['accountId'] ?? home,
      eventCategory: 'Management',
      ...changes,
    };
  };
};

const user = (userName: string, accessKeyId?: string, more: CloudTrailRecord = {}): CloudTrailRecord => ({
  type: 'IAMUser',
  principalId: `AIDA${userName.toUpperCase().replaceAll('-', '')}EXAMPLE`,
  arn: `arn:aws:iam::${home}:user/${userName}`,
  accountId: home,
  ...(accessKeyId && { accessKeyId }),
  userName,
  ...more,
});

const session = (accessKeyId: string, role: string, as: string, created: number, account = home): CloudTrailRecord => ({
  type: 'AssumedRole',
  principalId: `${name(role)}:${as}`,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${as}`,
  accountId: account,
  accessKeyId,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: name(role),
      arn: roleArn(role, account),
      accountId: account,
      userName: role,
    },
    attributes: { creationDate: at(created), mfaAuthenticated: 'false' },
  },
});

/** As CloudTrail writes it: Mar 25, 2026, 3:00:00 AM. The kind of space before AM is the ICU's. */
const expiry = (seconds: number): string =>
  new Date(start + seconds * 1000)
    .toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'medium' })
    .replaceAll(/\s/g, ' ');

/** Request and answer of AssumeRole. */
const assumed = (role: string, as: string, accessKeyId: string, when: number, account = home): CloudTrailRecord => ({
  requestParameters: { roleArn: roleArn(role, account), roleSessionName: as },
  responseElements: {
    credentials: { accessKeyId, sessionToken: 'HIDDEN', expiration: expiry(when + 3600) },
    assumedRoleUser: {
      assumedRoleId: `${name(role)}:${as}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${as}`,
    },
  },
});

const deployer = user('ci-deployer', seed);
const byOwner = { sourceIPAddress: ownerAt };

const fiveHops = (): Story => {
  const tell = teller(1);
  const roles = ['deploy', 'build', 'audit', 'network', 'billing'];
  const who = [deployer, ...roles.map((role, i) => session(key(i + 1), role, 'x', 60 * i))];
  const chain = roles.map((role, i) =>
    tell(60 * i, who[i]!, 'sts:AssumeRole', {
      ...assumed(role, 'x', key(i + 1), 60 * i),
      awsRegion: i % 2 === 0 ? 'us-east-1' : 'eu-west-1',
    }),
  );
  const uses = roles.map((_role, i) => tell(60 * i + 30, who[i + 1]!, 's3:ListBuckets'));
  return {
    title: 'Five hops',
    told: 'The stolen key of ci-deployer takes a role, and with that the next, five times. Each session lists the buckets. The records lie in two files by region, so that no file holds the chain.',
    arguments: ['--access-key', seed],
    files: {
      'us-east-1.json': [...chain, ...uses].filter((one) => one['awsRegion'] === 'us-east-1'),
      'eu-west-1.json': chain.filter((one) => one['awsRegion'] === 'eu-west-1'),
    },
    truth: { certain: roles.map((_role, i) => key(i + 1)), strong: [], look: [], events: 10 },
  };
};

const threeAccounts = (): Story => {
  const tell = teller(2);
  /** Both accounts log the call: the role's shows of the caller only its account and principal id. */
  const both = (
    when: number,
    caller: CloudTrailRecord,
    role: string,
    accessKeyId: string,
    account: string,
    shared: string,
  ) => {
    const sharedEventID = `22222222-0002-4000-8000-${shared.padStart(12, '0')}`;
    const seen = { type: 'AWSAccount', principalId: caller['principalId'], accountId: caller['accountId'] };
    const call = { ...assumed(role, 'x', accessKeyId, when, account), sharedEventID };
    return [
      tell(when, caller, 'sts:AssumeRole', call),
      tell(when, seen, 'sts:AssumeRole', { ...call, recipientAccountId: account }),
    ] as const;
  };
  const inSecond = session(key(1), 'ops', 'x', 0, second);
  const [mine, theirs] = both(0, deployer, 'ops', key(1), second, '1');
  const [secondCopy, thirdCopy] = both(60, inSecond, 'vault', key(2), third, '2');
  return {
    title: 'Three accounts',
    told: 'The stolen key takes a role in a second account, and with it one in a third. Each call is logged in the caller’s account and in the role’s, under two event ids: both copies say the same, and the copy that shows the caller’s key is the proof.',
    arguments: ['--access-key', seed],
    files: {
      'account-1.json': [mine],
      'account-2.json': [theirs, tell(30, inSecond, 's3:ListBuckets'), secondCopy],
      'account-3.json': [thirdCopy, tell(90, session(key(2), 'vault', 'x', 60, third), 's3:ListBuckets')],
    },
    truth: { certain: [key(1), key(2)], strong: [], look: [], events: 4 },
  };
};

const providers = (): Story => {
  const tell = teller(3);
  const saml = `arn:aws:iam::${home}:saml-provider/example`;
  const oidc = `arn:aws:iam::${home}:oidc-provider/idp.example.com`;
  const usual = `arn:aws:iam::${home}:oidc-provider/ci.example.com`;
  const web = (when: number, provider: string, role: string, accessKeyId: string, changes: CloudTrailRecord = {}) =>
    tell(
      when,
      { type: 'WebIdentityUser', principalId: `${provider}:app:x`, identityProvider: provider },
      'sts:AssumeRoleWithWebIdentity',
      {
        ...assumed(role, 'x', accessKeyId, when),
        ...changes,
      },
    );
  return {
    title: 'SAML and web identity',
    told: 'The stolen key makes a SAML provider and an OpenID Connect provider. Strangers come in by both later, with no key of the account: strong, since nobody had the providers before. The pipeline’s own sessions come by another provider and stay out.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'iam:CreateSAMLProvider', {
          requestParameters: { name: 'example' },
          responseElements: { sAMLProviderArn: saml },
        }),
        tell(10, deployer, 'iam:CreateOpenIDConnectProvider', {
          requestParameters: { url: 'https://idp.example.com' },
          responseElements: { openIDConnectProviderArn: oidc },
        }),
        tell(60, { type: 'SAMLUser', principalId: 'example:x', identityProvider: saml }, 'sts:AssumeRoleWithSAML', {
          ...assumed('admin', 'x', key(1), 60),
          requestParameters: { roleArn: roleArn('admin'), principalArn: saml },
        }),
        tell(70, session(key(1), 'admin', 'x', 60), 's3:ListBuckets'),
        web(80, oidc, 'deploy', key(2)),
        tell(90, session(key(2), 'deploy', 'x', 80), 's3:ListBuckets'),
        web(85, usual, 'deploy', key(3), byOwner),
        tell(95, session(key(3), 'deploy', 'x', 85), 's3:ListBuckets', byOwner),
      ],
    },
    truth: { certain: [], strong: [key(1), key(2)], look: [], events: 4 },
  };
};

const tokens = (): Story => {
  const tell = teller(4);
  const federated: CloudTrailRecord = {
    type: 'FederatedUser',
    principalId: `${home}:guest`,
    arn: `arn:aws:sts::${home}:federated-user/guest`,
    accountId: home,
    sessionContext: {
      sessionIssuer: { type: 'IAMUser', principalId: deployer['principalId'], arn: deployer['arn'], accountId: home },
      attributes: { creationDate: at(60), mfaAuthenticated: 'false' },
    },
  };
  const inConsole = {
    ...federated,
    sessionContext: { attributes: { creationDate: at(120), mfaAuthenticated: 'false' } },
  };
  return {
    title: 'Session token, federation token, console',
    told: 'The stolen key fetches a session token and a federation token. With the federation token a sign-in link is made and opened: no key stands in the sign-in, and the console makes a new one for each request. The tokens are certain, the sign-in and its keys strong.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'sts:GetSessionToken', {
          responseElements: { credentials: { accessKeyId: key(1), expiration: expiry(43_200) } },
        }),
        tell(
          10,
          {
            ...deployer,
            accessKeyId: key(1),
            sessionContext: { attributes: { creationDate: at(0), mfaAuthenticated: 'false' } },
          },
          's3:ListBuckets',
        ),
        tell(60, deployer, 'sts:GetFederationToken', {
          requestParameters: { name: 'guest' },
          responseElements: {
            credentials: { accessKeyId: key(2), expiration: expiry(43_260) },
            federatedUser: { federatedUserId: `${home}:guest`, arn: federated['arn'] },
          },
        }),
        tell(110, { ...federated, accessKeyId: key(2) }, 'signin:GetSigninToken', { eventType: 'AwsConsoleSignIn' }),
        tell(120, inConsole, 'signin:ConsoleLogin', {
          eventType: 'AwsConsoleSignIn',
          responseElements: { ConsoleLogin: 'Success' },
        }),
        tell(130, { ...inConsole, accessKeyId: key(3) }, 'iam:ListUsers', { sessionCredentialFromConsole: 'true' }),
        tell(131, { ...inConsole, accessKeyId: key(4) }, 'iam:ListRoles', { sessionCredentialFromConsole: 'true' }),
      ],
    },
    truth: {
      certain: [key(1), key(2)],
      strong: [`${home}/${home}:guest/${at(120)}`, key(3), key(4)],
      look: [],
      events: 7,
    },
  };
};

const oneName = (): Story => {
  const tell = teller(5);
  const colleague = user('alice', ci);
  return {
    title: 'Two users, one session name',
    told: 'The stolen key and a colleague take the same role under the same session name, minutes apart. Sessions of one name are not one: only the key that the stolen one was given is in scope.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'sts:AssumeRole', assumed('deploy', 'deploy-session', key(1), 0)),
        tell(30, session(key(1), 'deploy', 'deploy-session', 0), 's3:ListBuckets'),
        tell(300, colleague, 'sts:AssumeRole', { ...assumed('deploy', 'deploy-session', key(2), 300), ...byOwner }),
        tell(330, session(key(2), 'deploy', 'deploy-session', 300), 's3:ListBuckets', byOwner),
      ],
    },
    truth: { certain: [key(1)], strong: [], look: [], events: 2 },
  };
};

const sharedSession = (): Story => {
  const tell = teller(6);
  return {
    title: 'One session, attacker and owner',
    told: 'One role session holds two keys, as instances and repeated calls in one second make them: one was issued to the stolen key, the other shows no issue. The session is one, the credentials are two: the second is a place to look, in no count.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'sts:AssumeRole', assumed('deploy', 'job', key(1), 0)),
        tell(30, session(key(1), 'deploy', 'job', 0), 's3:ListBuckets'),
        tell(40, session(key(2), 'deploy', 'job', 0), 's3:ListBuckets', byOwner),
        tell(50, session(key(2), 'deploy', 'job', 0), 'ec2:DescribeInstances', byOwner),
      ],
    },
    truth: { certain: [key(1)], strong: [], look: [key(2)], events: 2 },
  };
};

const clockReversed = (): Story => {
  const tell = teller(7);
  return {
    title: 'Clock reversed inside a second',
    told: 'The use of a session is logged a second before the call that issued it, and stands before it in the file. Clocks of services differ: no edge asks that the issue comes first.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(9, session(key(1), 'deploy', 'x', 10), 's3:ListBuckets'),
        tell(10, session(key(2), 'build', 'x', 10), 's3:ListBuckets'),
        tell(10, session(key(1), 'deploy', 'x', 10), 'sts:AssumeRole', assumed('build', 'x', key(2), 10)),
        tell(10, deployer, 'sts:AssumeRole', assumed('deploy', 'x', key(1), 10)),
      ],
    },
    truth: { certain: [key(1), key(2)], strong: [], look: [], events: 4 },
  };
};

const missingMiddle = (): Story => {
  const tell = teller(8);
  return {
    title: 'A chain whose middle is missing',
    told: 'The stolen key took a role, that took a second, that took a third; the file with the second call is lost. The chain is not guessed across the gap: asked about too, the second session is a root of its own, and says that the log which issued it is missing.',
    arguments: ['--access-key', seed, '--access-key', key(2)],
    files: {
      'first.json': [
        tell(0, deployer, 'sts:AssumeRole', assumed('deploy', 'x', key(1), 0)),
        tell(30, session(key(1), 'deploy', 'x', 0), 's3:ListBuckets'),
      ],
      'third.json': [
        tell(120, session(key(2), 'build', 'x', 60), 'sts:AssumeRole', assumed('audit', 'x', key(3), 120)),
        tell(150, session(key(3), 'audit', 'x', 120), 's3:ListBuckets'),
      ],
    },
    truth: { certain: [key(1), key(3)], strong: [], look: [], events: 4 },
  };
};

const loop = (): Story => {
  const tell = teller(9);
  const roles = ['alpha', 'beta', 'alpha', 'beta'];
  const who = [deployer, ...roles.map((role, i) => session(key(i + 1), role, 'x', 60 * i))];
  return {
    title: 'A loop of two roles',
    told: 'To keep its session alive the stolen key takes role alpha, with it beta, with that alpha again, and beta once more. Four sessions of two roles, each listed once, under the one that issued it.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': roles.map((role, i) =>
        tell(60 * i, who[i]!, 'sts:AssumeRole', assumed(role, 'x', key(i + 1), 60 * i)),
      ),
    },
    truth: { certain: [1, 2, 3, 4].map(key), strong: [], look: [], events: 4 },
  };
};

const openedTrust = (): Story => {
  const tell = teller(10);
  const stranger = { type: 'AWSAccount', principalId: 'AIDASTRANGEREXAMPLE', accountId: outside };
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${outside}:root` }, Action: 'sts:AssumeRole' }],
  });
  return {
    title: 'A trust policy opened to a foreign account',
    told: 'The stolen key opens a role to a foreign account. That account takes the role the day after, with no key of ours: strong. The pipeline goes on using the role as it always did: a place to look, in no count.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'iam:UpdateAssumeRolePolicy', {
          requestParameters: { roleName: 'support', policyDocument: trust },
        }),
        tell(86_400, stranger, 'sts:AssumeRole', {
          ...assumed('support', 'x', key(1), 86_400),
          recipientAccountId: home,
          sourceIPAddress: '203.0.113.80',
        }),
        tell(86_430, session(key(1), 'support', 'x', 86_400), 'iam:ListUsers', { sourceIPAddress: '203.0.113.80' }),
        tell(90_000, user('alice', ci), 'sts:AssumeRole', {
          ...assumed('support', 'alice', key(2), 90_000),
          ...byOwner,
        }),
        tell(90_030, session(key(2), 'support', 'alice', 90_000), 'iam:ListUsers', byOwner),
      ],
    },
    truth: { certain: [], strong: [key(1)], look: [key(2)], events: 2 },
  };
};

const doubleAssume = (): Story => {
  const tell = teller(11);
  const colleague = user('alice', ci);
  return {
    title: 'Two AssumeRole in one second',
    told: 'In one second the stolen key and a colleague take the same role under the same name, so that role id, session name and creation date are equal. The key ids are not: each session stays with its caller.',
    arguments: ['--access-key', seed],
    files: {
      'log.json': [
        tell(0, deployer, 'sts:AssumeRole', assumed('deploy', 'job', key(1), 0)),
        tell(0, colleague, 'sts:AssumeRole', { ...assumed('deploy', 'job', key(2), 0), ...byOwner }),
        tell(30, session(key(1), 'deploy', 'job', 0), 's3:ListBuckets'),
        tell(31, session(key(2), 'deploy', 'job', 0), 's3:ListBuckets', byOwner),
      ],
    },
    truth: { certain: [key(1)], strong: [], look: [], events: 2 },
  };
};

const day = 86_400;

const monthsBefore = (): Story => {
  const tell = teller(12);
  const days = 90;
  const normal = Array.from({ length: days }, (_, i) => i - days).flatMap((d, i) => [
    tell(d * day, deployer, 'sts:AssumeRole', { ...assumed('deploy', `build-${i}`, key(i + 1), d * day), ...byOwner }),
    tell(d * day + 60, session(key(i + 1), 'deploy', `build-${i}`, d * day), 's3:ListBuckets', byOwner),
  ]);
  return {
    title: 'Months of normal use before the window',
    told: 'A pipeline takes a role every day for three months. Then the key is stolen and takes the role once. With --from only what was issued since is in scope; the earlier sessions are listed, each marked as issued before the window, and count nowhere.',
    arguments: ['--access-key', seed, '--from', at(0)],
    files: {
      'before.json': normal,
      'after.json': [
        tell(60, deployer, 'sts:AssumeRole', assumed('deploy', 'build-x', key(500), 60)),
        tell(90, session(key(500), 'deploy', 'build-x', 60), 'iam:ListUsers'),
      ],
    },
    truth: { certain: [key(500)], strong: [], look: [], events: 2 },
    large: true,
  };
};

const tenThousand = (): Story => {
  const tell = teller(13);
  const stolen = 7_321;
  const provider = `arn:aws:iam::${home}:oidc-provider/ci.example.com`;
  const sessions = Array.from({ length: 10_000 }, (_, i) => i).flatMap((i) => [
    tell(
      i * 30,
      { type: 'WebIdentityUser', principalId: `${provider}:app:x`, identityProvider: provider },
      'sts:AssumeRoleWithWebIdentity',
      {
        ...assumed('pipeline', `run-${i}`, key(i + 1), i * 30),
        ...byOwner,
      },
    ),
    tell(i * 30 + 5, session(key(i + 1), 'pipeline', `run-${i}`, i * 30), 's3:ListBuckets', byOwner),
  ]);
  const taken = session(key(stolen + 1), 'pipeline', `run-${stolen}`, stolen * 30);
  const when = stolen * 30 + 20;
  return {
    title: 'One of ten thousand sessions',
    told: 'A pipeline’s role has 10,000 sessions; the key of one leaked in a build log. It took another role within the minute. The answer is that session and what it issued, and none of the other 9,999.',
    arguments: ['--access-key', key(stolen + 1)],
    files: {
      'pipeline.json': sessions,
      'taken.json': [
        tell(when, taken, 'sts:AssumeRole', assumed('deploy', 'x', key(20_000), when)),
        tell(when + 10, session(key(20_000), 'deploy', 'x', when), 'iam:ListUsers'),
      ],
    },
    truth: { certain: [key(20_000)], strong: [], look: [], events: 3 },
    large: true,
  };
};

export const stories: Record<string, () => Story> = {
  'five-hop-chain': fiveHops,
  'three-accounts': threeAccounts,
  'saml-and-web-identity': providers,
  'session-and-federation-tokens': tokens,
  'two-users-one-session-name': oneName,
  'session-of-attacker-and-owner': sharedSession,
  'clock-reversed': clockReversed,
  'missing-middle': missingMiddle,
  'role-loop': loop,
  'trust-opened': openedTrust,
  'two-assume-role-in-one-second': doubleAssume,
  'months-before-the-window': monthsBefore,
  'one-of-ten-thousand-sessions': tenThousand,
};
