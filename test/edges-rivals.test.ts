/** Innocents that stand close to an edge: those who came before, those who acted after, and those who merely bear the same name. */
import { describe, expect, it } from 'vitest';
import { admin, at, bySeed, call, edgesOf, foreign, key, own, seed, session, signIn, user } from './lineage-records.ts';
import { trace } from '../src/lineage/trace.ts';
import { type CloudTrailRecord, delivery, evidence, load } from './support.ts';

const ci = user('ci-deployer', { accessKeyId: seed });
const roleArn = (role: string): string => `arn:aws:iam::${own}:role/${role}`;

/** A caller takes a role: `response` is whatever the answer shows of it. */
const assume = (
  n: number,
  by: CloudTrailRecord,
  role: string,
  name: string,
  accessKeyId?: string,
  changes: CloudTrailRecord = {},
): CloudTrailRecord =>
  call(n, by, {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    recipientAccountId: own,
    requestParameters: { roleArn: roleArn(role), roleSessionName: name },
    responseElements: {
      ...(accessKeyId !== undefined && { credentials: { accessKeyId } }),
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLE${role.toUpperCase()}:${name}`,
        arn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
      },
    },
    ...changes,
  });

describe('a role whose trust the seed changed', () => {
  const vendor = { type: 'AWSAccount', principalId: 'AROAEXAMPLEVENDOR:probe', accountId: foreign };
  const opened = (n: number, by: CloudTrailRecord): CloudTrailRecord =>
    call(n, by, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'support' },
    });
  const comes = (n: number, issued: number): CloudTrailRecord => assume(n, vendor, 'support', 'probe', key(issued));

  it('does not make a vendor who came before the change a stranger', async () => {
    expect(await edgesOf([comes(1, 1), opened(2, ci), comes(9, 2)])).toEqual([[key(2), 1, 'role', 'weak', false]]);
  });

  it('and someone else changed after it: who let the stranger in is not known', async () => {
    expect(await edgesOf([opened(2, ci), opened(5, admin), comes(9, 2)])).toEqual([[key(2), 1, 'role', 'weak', false]]);
  });

  it('after someone else is the seed’s to answer for, and so is what came before the next change', async () => {
    expect(await edgesOf([opened(1, admin), opened(2, ci), comes(9, 2), opened(20, admin)])).toEqual([
      [key(2), 1, 'role', 'strong', true],
    ]);
  });
});

describe('a function that the seed gave code', () => {
  const put = (n: number, by: CloudTrailRecord, changes: CloudTrailRecord = {}): CloudTrailRecord =>
    call(n, by, {
      eventSource: 'lambda.amazonaws.com',
      eventName: 'UpdateFunctionCode20150331v2',
      requestParameters: { functionName: 'orders' },
      responseElements: { functionName: 'orders', role: roleArn('orders-role') },
      ...changes,
    });
  const runs = call(9, session(key(1), 'orders-role', 'orders', at(8)));
  const strong = [[key(1), 1, 'code', 'strong', true]];

  it('is repaired by someone else: what runs after that is a place to look', async () => {
    expect(await edgesOf([put(2, ci), put(5, admin), runs])).toEqual([[key(1), 1, 'code', 'weak', false]]);
    expect(await edgesOf([put(2, ci), put(20, admin), runs])).toEqual(strong);
  });

  it('has no part in a session that a caller named like it, or of another role', async () => {
    const named = assume(5, admin, 'orders-role', 'orders', key(1));
    expect(await edgesOf([put(2, ci), named, runs])).toEqual([]);
    expect(await edgesOf([put(2, ci), call(9, session(key(1), 'deploy', 'orders', at(8)))])).toEqual([]);
  });

  it.each([
    'orders',
    'orders:PROD',
    `${own}:function:orders`,
    `arn:aws:lambda:us-east-1:${own}:function:orders`,
    `arn:aws:lambda:us-east-1:${own}:function:orders:PROD`,
  ])('is found by whatever name the call gives it: %s', async (functionName) => {
    const put1 = put(2, ci, { requestParameters: { functionName }, responseElements: null });
    expect(await edgesOf([put1, runs])).toEqual(strong);
  });

  it('is unchanged by a dry run', async () => {
    const tried = put(2, ci, { requestParameters: { functionName: 'orders', dryRun: true } });
    expect(await edgesOf([tried, runs])).toEqual([]);
  });
});

describe('a machine of a group', () => {
  const machine = 'i-0123456789abcdef0';
  const made = bySeed(2, 'autoscaling', 'CreateAutoScalingGroup', {
    requestParameters: { autoScalingGroupName: 'web' },
  });
  const launched = (tags: Record<string, string>): CloudTrailRecord =>
    call(
      4,
      {
        ...session(key(3), 'AWSServiceRoleForAutoScaling', 'AutoScaling', at(3)),
        invokedBy: 'autoscaling.amazonaws.com',
      },
      {
        eventSource: 'ec2.amazonaws.com',
        eventName: 'RunInstances',
        requestParameters: {
          tagSpecificationSet: { items: [{ tags: Object.entries(tags).map(([k, value]) => ({ key: k, value })) }] },
        },
        responseElements: { instancesSet: { items: [{ instanceId: machine }] } },
      },
    );
  const works = call(9, session(key(1), 'worker', machine, at(8)));

  it('belongs to the group that AWS names, whatever its other tags say', async () => {
    const others = launched({ 'aws:autoscaling:groupName': 'prod', Name: 'web' });
    expect(await edgesOf([made, others, works])).toEqual([]);
    expect(await edgesOf([made, launched({ 'aws:autoscaling:groupName': 'web' }), works])).toEqual([
      [key(1), 1, 'host', 'strong', true],
    ]);
  });

  it('is not whoever calls a session by its name', async () => {
    const run = bySeed(2, 'ec2', 'RunInstances', {
      responseElements: { instancesSet: { items: [{ instanceId: machine }] } },
    });
    expect(await edgesOf([run, assume(8, admin, 'worker', machine, key(1)), works])).toEqual([]);
  });
});

describe('a session that two callers may have opened', () => {
  const use = (more: CloudTrailRecord = {}): CloudTrailRecord => call(9, session(key(1), 'deploy', 'run', at(2), more));

  it('is weak where one of them shows no key: a stranger or a pipeline may be meant', async () => {
    const stranger = { type: 'WebIdentityUser', principalId: 'idp.example.com:app:x' };
    expect(await edgesOf([assume(2, ci, 'deploy', 'run'), assume(2.5, stranger, 'deploy', 'run'), use()])).toEqual([
      [key(1), 1, 'session', 'weak', false],
    ]);
  });

  it('is strong where the second is the other account’s copy of the call', async () => {
    const sharedEventID = '22222222-0002-4000-8000-000000000001';
    const copy = { type: 'AWSAccount', principalId: 'AIDAEXAMPLECI-DEPLOYER', accountId: own };
    const calls = [
      assume(2, ci, 'deploy', 'run', undefined, { sharedEventID }),
      assume(2.5, copy, 'deploy', 'run', undefined, { sharedEventID, recipientAccountId: '444455556666' }),
    ];
    expect(await edgesOf([...calls, use()])).toEqual([[key(1), 1, 'session', 'strong', true]]);
  });

  it('is the one’s whose source identity it bears', async () => {
    const setting = (sourceIdentity: string) => ({ requestParameters: { sourceIdentity } });
    const two = (mine: string, theirs: string): CloudTrailRecord[] => [
      assume(2, ci, 'deploy', 'run', undefined, setting(mine)),
      assume(2.5, admin, 'deploy', 'run', undefined, setting(theirs)),
      call(9, {
        ...session(key(1), 'deploy', 'run', at(2)),
        sessionContext: {
          attributes: { creationDate: at(2) },
          sourceIdentity: 'ci',
        },
      }),
    ];
    expect(await edgesOf(two('ci', 'admin'))).toEqual([[key(1), 1, 'session', 'strong', true]]);
    expect(await edgesOf(two('admin', 'ci'))).toEqual([]);
  });
});

it('a password that two credentials set in one second leads nowhere for certain', async () => {
  const set = (n: number, by: CloudTrailRecord): CloudTrailRecord =>
    call(n, by, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateLoginProfile',
      requestParameters: { userName: 'pat' },
    });
  expect(await edgesOf([set(2, ci), set(2.5, admin), signIn(9, 'pat')])).toEqual([
    [`${own}/AIDAEXAMPLEPAT/${at(9)}`, 1, 'console', 'weak', false],
  ]);
});

it('a source identity that one credential alone ever set settles what the session leaves open', async () => {
  const setting = { requestParameters: { sourceIdentity: 'ci' } };
  const bearing = (n: number, accessKeyId: string): CloudTrailRecord =>
    call(n, {
      ...session(accessKeyId, 'deploy', 'run', at(2)),
      sessionContext: { attributes: { creationDate: at(2) }, sourceIdentity: 'ci' },
    });
  const shown = assume(2, ci, 'deploy', 'run', key(7), setting);
  expect(await edgesOf([shown, bearing(8, key(7)), bearing(9, key(1))])).toEqual([
    [key(7), 1, 'key', 'certain', true],
    [key(1), 1, 'identity', 'strong', true],
  ]);
});

describe('with a start of the window', () => {
  const from = { from: at(50), to: null };

  it('what a service signs inside it for an older session is in scope', async () => {
    const older = session(key(1), 'deploy', 'run', at(0));
    const within = call(60, older, { eventSource: 'secretsmanager.amazonaws.com', eventName: 'GetSecretValue' });
    const service = { ...older, accessKeyId: key(2), invokedBy: 'secretsmanager.amazonaws.com' };
    const decrypt = (n: number): CloudTrailRecord => call(n, service, { eventName: 'Decrypt' });
    const { db } = await load(evidence({ 'log.json': delivery(within, decrypt(60.5)) }));
    const { credentials } = await trace(db, [key(1)], from);
    expect(credentials.map((row) => [row.access_key_id, row.in_scope])).toEqual([
      [key(1), true],
      [key(2), true],
    ]);
  });

  it('what an earlier call points at is no place to look', async () => {
    const settings = (n: number): CloudTrailRecord =>
      bySeed(n, 'lambda', 'UpdateFunctionConfiguration20150331v2', { requestParameters: { functionName: 'orders' } });
    const runs = call(70, session(key(1), 'orders-role', 'orders', at(70)));
    expect(await edgesOf([settings(1), call(55, ci), runs], 'strong', from)).toEqual([]);
    expect(await edgesOf([settings(60), runs], 'strong', from)).toEqual([[key(1), 1, 'code', 'weak', false]]);
  });
});
