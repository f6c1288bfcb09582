/** The console makes a key a request, and shows now and then none: all of them belong to the sign-in or the switch that opened the session. */
import { describe, expect, it } from 'vitest';
import { at, bySeed, call, consoleKey, edgesOf, key, own, seed, session, signIn, user } from './lineage-records.ts';
import { trace } from '../src/lineage/trace.ts';
import { type CloudTrailRecord, delivery, evidence, load } from './support.ts';

const ci = user('ci-deployer', { accessKeyId: seed });
const fromConsole = { sessionCredentialFromConsole: 'true' };
const password = bySeed(1, 'iam', 'CreateLoginProfile', { requestParameters: { userName: 'pat' } });
const opened = `${own}/AIDAEXAMPLEPAT/${at(2)}`;

const assume = (n: number, by: CloudTrailRecord, issued: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  call(n, by, {
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    requestParameters: { roleArn: `arn:aws:iam::${own}:role/ops`, roleSessionName: 'pat' },
    responseElements: {
      credentials: { accessKeyId: issued },
      assumedRoleUser: { assumedRoleId: 'AROAEXAMPLEOPS:pat', arn: `arn:aws:sts::${own}:assumed-role/ops/pat` },
    },
    ...changes,
  });
const asOps = (n: number, accessKeyId: string, changes: CloudTrailRecord): CloudTrailRecord =>
  call(n, session(accessKeyId, 'ops', 'pat', at(4)), { eventSource: 'ec2.amazonaws.com', ...changes });

describe('a role switched to in the console', () => {
  const before = [password, signIn(2, 'pat'), assume(4, consoleKey(key(5), 'pat', at(2), {}), key(6))];

  it('takes in all keys that the console made for it', async () => {
    const keys = [6, 7, 8].map((one) => asOps(one, key(one), fromConsole));
    expect(await edgesOf([...before, ...keys])).toEqual([
      [opened, 1, 'console', 'strong', true],
      [key(5), 2, 'console', 'strong', true],
      [key(6), 3, 'key', 'strong', true],
      [key(7), 4, 'console', 'strong', true],
      [key(8), 4, 'console', 'strong', true],
    ]);
  });

  it('does not take in a key of the same session that was used elsewhere', async () => {
    const edges = await edgesOf([...before, asOps(6, key(6), fromConsole), asOps(7, key(7), {})]);
    expect(edges).toContainEqual([key(7), 3, 'session', 'weak', false]);
  });

  it('follows from the sign-in where the call shows an empty key', async () => {
    const switched = assume(4, consoleKey('', 'pat', at(2)), key(6));
    expect(await edgesOf([password, signIn(2, 'pat'), switched, asOps(6, key(6), fromConsole)])).toEqual([
      [opened, 1, 'console', 'strong', true],
      [key(6), 2, 'key', 'strong', true],
    ]);
  });
});

it('a sign-in link for a role session leads to console keys of that very session', async () => {
  const link = call(5, session(key(6), 'ops', 'pat', at(4)), {
    eventSource: 'signin.amazonaws.com',
    eventName: 'GetSigninToken',
  });
  expect(await edgesOf([assume(4, ci, key(6)), link, asOps(9, key(7), fromConsole)])).toEqual([
    [key(6), 1, 'key', 'certain', true],
    [key(7), 2, 'console', 'strong', true],
  ]);
});

it('a call without a key is the session’s, and one under a masked key nobody’s', async () => {
  const masked = call(6, consoleKey('ASIA****************', 'pat', at(2)), fromConsole);
  const empty = call(7, consoleKey('', 'pat', at(2)), fromConsole);
  const { db } = await load(evidence({ 'log.json': delivery(password, signIn(2, 'pat'), masked, empty) }));
  const { credentials } = await trace(db, [seed], { from: null, to: null });
  expect(credentials.map((row) => [row.access_key_id, row.events])).toEqual([
    [seed, 1],
    [opened, 2],
  ]);
});

describe.each([
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-iso-b', 'us-isob-east-1'],
])('in the partition %s', (partition, awsRegion) => {
  const there = (one: CloudTrailRecord): CloudTrailRecord =>
    JSON.parse(JSON.stringify({ ...one, awsRegion }).replaceAll('arn:aws:', `arn:${partition}:`)) as CloudTrailRecord;

  it('a password leads to the sign-in with it, an opened role to the stranger, a made credential to its use', async () => {
    const bearer = bySeed(11, 'iam', 'CreateServiceSpecificCredential', { requestParameters: { userName: 'sam' } });
    const trust = bySeed(12, 'iam', 'UpdateAssumeRolePolicy', { requestParameters: { roleName: 'ops' } });
    const stranger = { type: 'AWSAccount', principalId: 'AIDAEXAMPLEELSE', accountId: '999988887777' };
    const found = await edgesOf(
      [
        password,
        signIn(2, 'pat'),
        bearer,
        call(13, user('sam'), { additionalEventData: { callWithBearerToken: true } }),
        trust,
        assume(14, stranger, key(6)),
      ].map(there),
    );
    expect(found).toEqual([
      [opened, 1, 'console', 'strong', true],
      [`${own}/AIDAEXAMPLESAM/bearer`, 1, 'bearer', 'strong', true],
      [key(6), 1, 'role', 'strong', true],
    ]);
  });
});
