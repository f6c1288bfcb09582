/** Edges that no key id proves: each kind at its grade, and the likeness that must not be taken for it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trace } from '../src/lineage/trace.ts';
import {
  at,
  bySeed,
  call,
  consoleKey,
  edgesOf,
  foreign,
  key,
  own,
  seed,
  session,
  signIn,
  user,
} from './lineage-records.ts';
import { type CloudTrailRecord, load, root } from './support.ts';

describe('edge "session"', () => {
  const assume = (n: number, by: CloudTrailRecord, accessKeyId?: string): CloudTrailRecord =>
    call(n, by, {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      requestParameters: { roleArn: `arn:aws:iam::${own}:role/deploy`, roleSessionName: 'run' },
      responseElements: {
        ...(accessKeyId !== undefined && { credentials: { accessKeyId } }),
        assumedRoleUser: { assumedRoleId: 'AROAEXAMPLEDEPLOY:run', arn: `arn:aws:sts::${own}:assumed-role/deploy/run` },
      },
    });
  const ci = user('ci-deployer', { accessKeyId: seed });
  const other = user('other', { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' });
  const use = call(9, session(key(1), 'deploy', 'run', at(2)));

  it('is strong where the call shows no key and one caller fits', async () => {
    expect(await edgesOf([assume(2, ci), use])).toEqual([[key(1), 1, 'session', 'strong', true]]);
  });

  it('is strong where the key that was shown is never used', async () => {
    expect(await edgesOf([assume(2, ci, key(7)), use])).toEqual([
      [key(7), 1, 'key', 'certain', true],
      [key(1), 1, 'session', 'strong', true],
    ]);
  });

  it('is weak, and in no count, beside a key that is in use: another may hold the same session', async () => {
    const shown = call(8, session(key(7), 'deploy', 'run', at(2)));
    expect(await edgesOf([assume(2, ci, key(7)), shown, use])).toEqual([
      [key(7), 1, 'key', 'certain', true],
      [key(1), 1, 'session', 'weak', false],
    ]);
  });

  it('is weak where two callers took the role in one second', async () => {
    expect(await edgesOf([assume(2, ci), assume(2.0001, other), use])).toEqual([[key(1), 1, 'session', 'weak', false]]);
    expect(await edgesOf([assume(2, ci), assume(2.0001, other), use], 'weak')).toEqual([
      [key(1), 1, 'session', 'weak', true],
    ]);
  });

  it('is none with the same session name a second later', async () => {
    expect(await edgesOf([assume(3, ci), use])).toEqual([]);
  });
});

describe('edge "console"', () => {
  const password = (n: number, userName: string, eventName = 'UpdateLoginProfile'): CloudTrailRecord =>
    bySeed(n, 'iam', eventName, { requestParameters: { userName }, responseElements: null });
  const opened = `${own}/AIDAEXAMPLEPAT/${at(9)}`;

  it('goes from a password to the sign-in with it, and on to each key of that session', async () => {
    const keys = [key(1), key(2)].map((one, i) => call(10 + i, consoleKey(one, 'pat', at(9))));
    expect(await edgesOf([password(2, 'pat'), signIn(9, 'pat'), ...keys])).toEqual([
      [opened, 1, 'console', 'strong', true],
      [key(1), 2, 'console', 'strong', true],
      [key(2), 2, 'console', 'strong', true],
    ]);
  });

  it('does not take a sign-in before, a failed one, or one after another set the password', async () => {
    const later = call(5, user('admin', { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }), {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateLoginProfile',
      requestParameters: { userName: 'pat' },
    });
    expect(await edgesOf([signIn(1, 'pat'), password(2, 'pat')])).toEqual([]);
    expect(await edgesOf([password(2, 'pat'), signIn(9, 'pat', 'Failure')])).toEqual([]);
    expect(
      (await edgesOf([password(2, 'pat'), later, signIn(9, 'pat')])).filter(([, , , grade]) => grade !== 'weak'),
    ).toEqual([]);
  });

  it('leaves an innocent user’s earlier session alone', async () => {
    const before = [signIn(1, 'pat'), call(3, consoleKey(key(5), 'pat', at(1)))];
    expect((await edgesOf([...before, password(2, 'pat')])).filter(([, , , , inScope]) => inScope)).toEqual([]);
  });

  it('goes from a sign-in link to the sign-in of the same session within its 15 minutes', async () => {
    const link = bySeed(2, 'signin', 'GetSigninToken', {
      requestParameters: null,
      responseElements: { GetSigninToken: 'Success' },
    });
    const same = (n: number): CloudTrailRecord => {
      const { accessKeyId: _k, ...identity } = link['userIdentity'] as CloudTrailRecord;
      return { ...signIn(n, 'x'), userIdentity: identity };
    };
    expect((await edgesOf([link, same(60)])).map(([, ...rest]) => rest)).toEqual([[1, 'console', 'strong', true]]);
    expect(await edgesOf([link, same(2 + 15 * 60 + 1)])).toEqual([]);
  });
});

describe('edge "user"', () => {
  const made = bySeed(2, 'iam', 'CreateUser', {
    requestParameters: { userName: 'ghost' },
    responseElements: {
      user: { userName: 'ghost', userId: 'AIDAEXAMPLEGHOST', arn: `arn:aws:iam::${own}:user/ghost` },
    },
  });

  it('is strong for all that a made user does, and nothing for a namesake with another id', async () => {
    const use = call(9, user('ghost', { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }));
    const namesake = call(9, user('ghost', { accessKeyId: 'AKIAI55QH8DHBEXAMPLE', principalId: 'AIDAEXAMPLEOLDER' }));
    expect(await edgesOf([made, use, namesake])).toEqual([['AKIAI44QH8DHBEXAMPLE', 1, 'user', 'strong', true]]);
  });

  it('is weak for the other keys of a user who was there before and was given one', async () => {
    const given = bySeed(2, 'iam', 'CreateAccessKey', {
      requestParameters: { userName: 'pat' },
      responseElements: { accessKey: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', userName: 'pat', status: 'Active' } },
    });
    const theirs = call(9, user('pat', { accessKeyId: 'AKIAI55QH8DHBEXAMPLE' }));
    expect(await edgesOf([given, theirs])).toEqual([
      ['AKIAI44QH8DHBEXAMPLE', 1, 'key', 'certain', true],
      ['AKIAI55QH8DHBEXAMPLE', 1, 'user', 'weak', false],
    ]);
  });
});

describe('edge "key" by UpdateAccessKey', () => {
  const theirs = 'AKIAI44QH8DHBEXAMPLE';
  const turn = (n: number, status: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
    bySeed(n, 'iam', 'UpdateAccessKey', {
      requestParameters: { userName: 'pat', accessKeyId: theirs, status },
      ...changes,
    });
  const use = (n: number): CloudTrailRecord => call(n, user('pat', { accessKeyId: theirs }));

  it('is strong for a key that was switched on and not used before, weak for one that was', async () => {
    expect(await edgesOf([turn(2, 'Active'), use(9)])).toEqual([[theirs, 1, 'key', 'strong', true]]);
    expect(await edgesOf([use(1), turn(2, 'Active'), use(9)])).toEqual([[theirs, 1, 'key', 'weak', false]]);
  });

  it('is none where the key was switched off, or the call refused', async () => {
    expect(await edgesOf([turn(2, 'Inactive'), use(9)])).toEqual([]);
    expect(await edgesOf([turn(2, 'Active', { errorCode: 'AccessDenied' }), use(9)])).toEqual([]);
  });
});

describe('edge "role" and "provider"', () => {
  const opened = (eventName: string): CloudTrailRecord =>
    bySeed(2, 'iam', eventName, { requestParameters: { roleName: 'support' }, responseElements: null });
  const entry = (n: number, account: string): CloudTrailRecord =>
    call(
      n,
      { type: 'AWSAccount', principalId: 'AIDACKCEVSQ6C2EXAMPLE', accountId: account },
      {
        eventSource: 'sts.amazonaws.com',
        eventName: 'AssumeRole',
        requestParameters: { roleArn: `arn:aws:iam::${own}:role/support`, roleSessionName: 'audit' },
        responseElements: { credentials: { accessKeyId: key(1) } },
      },
    );

  it.each(['CreateRole', 'UpdateAssumeRolePolicy'])('is strong for a foreign account after %s', async (eventName) => {
    expect(await edgesOf([opened(eventName), entry(9, foreign)])).toEqual([[key(1), 1, 'role', 'strong', true]]);
  });

  it('is weak for an account of the evidence, and none before the role was opened', async () => {
    expect(await edgesOf([opened('CreateRole'), entry(9, own)])).toEqual([[key(1), 1, 'role', 'weak', false]]);
    expect(await edgesOf([entry(1, foreign), opened('CreateRole')])).toEqual([]);
  });

  const provider = `arn:aws:iam::${own}:saml-provider/idp`;
  const entered = call(
    9,
    { type: 'SAMLUser', principalId: 'x:pat', userName: 'pat', identityProvider: 'x' },
    {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRoleWithSAML',
      requestParameters: { principalArn: provider, roleArn: `arn:aws:iam::${own}:role/admin` },
      responseElements: { credentials: { accessKeyId: key(1) } },
    },
  );

  it('is strong by an identity provider that scope made, weak by one it changed', async () => {
    const created = bySeed(2, 'iam', 'CreateSAMLProvider', {
      requestParameters: { name: 'idp' },
      responseElements: { sAMLProviderArn: provider },
    });
    const updated = bySeed(2, 'iam', 'UpdateSAMLProvider', {
      requestParameters: { sAMLProviderArn: provider },
      responseElements: null,
    });
    expect(await edgesOf([created, entered])).toEqual([[key(1), 1, 'provider', 'strong', true]]);
    expect(await edgesOf([updated, entered])).toEqual([[key(1), 1, 'provider', 'weak', false]]);
  });
});

describe('edge "host"', () => {
  const machine = 'i-0123456789abcdef0';
  const onHost = (n: number, accessKeyId: string, sourceIPAddress: string): CloudTrailRecord =>
    call(n, session(accessKeyId, 'web', machine, at(n)), { sourceIPAddress });

  it('is strong for the sessions of a machine that scope launched', async () => {
    const launched = bySeed(2, 'ec2', 'RunInstances', {
      responseElements: { instancesSet: { items: [{ instanceId: machine }, { instanceId: 'i-0fedcba9876543210' }] } },
    });
    expect(await edgesOf([launched, onHost(9, key(1), '203.0.113.80')])).toEqual([[key(1), 1, 'host', 'strong', true]]);
  });

  it('is strong for a key carried off an entered machine, weak for the machine’s own', async () => {
    const sent = bySeed(2, 'ssm', 'SendCommand', {
      sourceIPAddress: '198.51.100.23',
      requestParameters: { instanceIds: [machine], documentName: 'AWS-RunShellScript' },
      responseElements: { command: {} },
    });
    const edges = await edgesOf([
      onHost(1, key(3), '203.0.113.80'),
      sent,
      onHost(9, key(1), '198.51.100.23'),
      onHost(12, key(2), '203.0.113.80'),
    ]);
    expect(edges).toEqual([
      [key(1), 1, 'host', 'strong', true],
      [key(2), 1, 'host', 'weak', false],
    ]);
  });

  it.each([
    ['instanceIds', { instanceIds: [machine] }],
    ['targets', { targets: [{ key: 'InstanceIds', values: ['i-0fedcba9876543210', machine] }] }],
  ])('is found by the %s of a command', async (_how, requestParameters) => {
    const sent = bySeed(2, 'ssm', 'SendCommand', { requestParameters, responseElements: { command: {} } });
    expect(await edgesOf([sent, onHost(9, key(1), '203.0.113.80')])).toEqual([[key(1), 1, 'host', 'weak', false]]);
  });

  it('is never strong where the machine had called from that address before', async () => {
    const sent = bySeed(2, 'ssm', 'StartSession', {
      sourceIPAddress: '203.0.113.80',
      requestParameters: { target: machine },
      responseElements: { sessionId: 's' },
    });
    expect(await edgesOf([onHost(1, key(3), '203.0.113.80'), sent, onHost(9, key(1), '203.0.113.80')])).toEqual([
      [key(1), 1, 'host', 'weak', false],
    ]);
  });
});

describe('edge "host" of tasks and builds', () => {
  const task = '0123456789abcdef0123456789abcdef';
  const arn = `arn:aws:ecs:us-east-1:${own}:task/cluster/${task}`;
  const build = '11111111-2222-4333-8444-555555555555';
  const run = (name: string): CloudTrailRecord => call(9, session(key(1), 'worker', name, at(8)));

  it('is strong for a task or build that scope started', async () => {
    const started = bySeed(2, 'ecs', 'RunTask', { responseElements: { tasks: [{ taskArn: arn }], failures: [] } });
    const building = bySeed(2, 'codebuild', 'StartBuild', { responseElements: { build: { id: `project:${build}` } } });
    expect(await edgesOf([started, run(task)])).toEqual([[key(1), 1, 'host', 'strong', true]]);
    expect(await edgesOf([building, run(`AWSCodeBuild-${build}`)])).toEqual([[key(1), 1, 'host', 'strong', true]]);
  });

  it('is weak for a task that was entered, and none for another task', async () => {
    const entered = bySeed(2, 'ecs', 'ExecuteCommand', {
      requestParameters: { task: arn, cluster: 'cluster' },
      responseElements: { session: {} },
    });
    const elsewhere = { sourceIPAddress: '203.0.113.80' };
    expect(await edgesOf([entered, { ...run(task), ...elsewhere }])).toEqual([[key(1), 1, 'host', 'weak', false]]);
    expect(await edgesOf([entered, run('fedcba9876543210fedcba9876543210')])).toEqual([]);
    const shell = bySeed(2, 'ssm', 'StartSession', {
      requestParameters: { target: `ecs:my_cluster_${task}_${task}-123456` },
      responseElements: { sessionId: 's' },
    });
    expect(await edgesOf([shell, { ...run(task), ...elsewhere }])).toEqual([[key(1), 1, 'host', 'weak', false]]);
  });
});

describe('edge "code"', () => {
  const act = (eventName: string): CloudTrailRecord =>
    bySeed(2, 'lambda', eventName, { requestParameters: { functionName: 'orders' } });
  const run = call(9, session(key(1), 'orders-role', 'orders', at(8)));

  it('is strong for a function made or given code, weak for new settings', async () => {
    expect(await edgesOf([act('CreateFunction20150331'), run])).toEqual([[key(1), 1, 'code', 'strong', true]]);
    expect(await edgesOf([act('UpdateFunctionCode20150331v2'), run])).toEqual([[key(1), 1, 'code', 'strong', true]]);
    expect(await edgesOf([act('UpdateFunctionConfiguration20150331v2'), run])).toEqual([
      [key(1), 1, 'code', 'weak', false],
    ]);
  });

  it('is none for a session that ran before', async () => {
    expect(await edgesOf([{ ...run, eventTime: at(1) }, act('UpdateFunctionCode20150331v2')])).toEqual([]);
  });
});

describe('edge "forwarded"', () => {
  const byService = (n: number, identity: CloudTrailRecord): CloudTrailRecord =>
    call(
      n,
      { ...identity, invokedBy: 'secretsmanager.amazonaws.com' },
      { eventSource: 'kms.amazonaws.com', eventName: 'Decrypt', sourceIPAddress: 'secretsmanager.amazonaws.com' },
    );
  const ci = (accessKeyId: string, more: CloudTrailRecord = {}): CloudTrailRecord =>
    user('ci-deployer', { accessKeyId, ...more });
  const derived = (n: number, accessKeyId: string, created: string): CloudTrailRecord =>
    byService(
      n,
      ci(accessKeyId, { sessionContext: { attributes: { creationDate: created, mfaAuthenticated: 'false' } } }),
    );

  it('is strong within 2 seconds of the one long-lived key that fits, and none beyond', async () => {
    const calls = [call(10, ci(seed))];
    expect(await edgesOf([...calls, derived(11, key(1), at(12))])).toEqual([[key(1), 1, 'forwarded', 'strong', true]]);
    expect(await edgesOf([...calls, derived(13, key(1), at(13))])).toEqual([]);
  });

  it('is weak where two keys of the user fit', async () => {
    const edges = await edgesOf([
      call(10, ci(seed)),
      call(10.0001, ci('AKIAI44QH8DHBEXAMPLE')),
      derived(11, key(1), at(11)),
    ]);
    expect(edges).toEqual([[key(1), 1, 'forwarded', 'weak', false]]);
  });

  it('inherits the session of a temporary key, which wins over any time', async () => {
    const issued = bySeed(2, 'sts', 'AssumeRole', { responseElements: { credentials: { accessKeyId: key(1) } } });
    const edges = await edgesOf([
      issued,
      call(9, session(key(1), 'deploy', 'run', at(2))),
      byService(700, session(key(2), 'deploy', 'run', at(2))),
    ]);
    expect(edges).toEqual([
      [key(1), 1, 'key', 'certain', true],
      [key(2), 2, 'forwarded', 'strong', true],
    ]);
  });
});

const stratus = join(root, '../shared/data/stratus');

describe.skipIf(!existsSync(stratus))('the public logs of attack techniques (stratus)', () => {
  type Expected = Record<string, { edges: { issuer_key: string; issued_key: string; event_id: string }[] }>;

  it('have each edge of their truth as certain, and no other', { timeout: 300_000 }, async () => {
    const expected = JSON.parse(readFileSync(join(stratus, 'expected-calls.json'), 'utf8')) as Expected; // Our own count, beside the data.
    expect(Object.keys(expected).length).toBeGreaterThan(30);
    for (const [name, { edges }] of Object.entries(expected)) {
      const { db } = await load(join(stratus, `${name}.json`));
      const seeds = await db.rows<{ key: string }>(
        'SELECT DISTINCT access_key_id AS key FROM events WHERE access_key_id IS NOT NULL ORDER BY key',
      );
      const found = new Map<string, string>();
      for (const { key: one } of seeds) {
        const { credentials } = await trace(db, [one], { from: null, to: null });
        for (const row of credentials)
          if (row.confidence === 'certain' && row.hop === 1)
            found.set(row.access_key_id, `${row.issued_by} ${row.via_event_id}`);
      }
      expect([name, [...found].toSorted()]).toEqual([
        name,
        edges.map((edge) => [edge.issued_key, `${edge.issuer_key} ${edge.event_id}`]).toSorted(),
      ]);
    }
  });

  it('tie the command to the key carried off the machine, strong', async () => {
    const { db } = await load(join(stratus, 'aws.credential-access.ec2-steal-instance-credentials.json'));
    const [sender] = await db.rows<{ key: string; host: string }>(
      `SELECT any_value(access_key_id) FILTER (WHERE event_name = 'SendCommand') AS key,
         any_value(access_key_id) FILTER (WHERE principal_id LIKE '%:i-%') AS host FROM events`,
    );
    const { credentials } = await trace(db, [sender!.key], { from: null, to: null });
    expect(credentials[1]).toMatchObject({
      access_key_id: sender!.host,
      edge: 'host',
      confidence: 'strong',
      via_event_name: 'SendCommand',
    });
  });
});
