/** Owner against actor: each comparison with its class; and that what cannot be told is undetermined and counted. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/report/model.ts';
import { attribution as section, attributionBasis } from '../src/report/sections/attribution.ts';
import { loadRules } from '../src/rules/packs.ts';
import { type CloudTrailRecord, delivery, evidence, record, scoped } from './support.ts';

const from = '2026-03-25T02:00:00Z';
const home = '192.0.2.10';
const away = '198.51.100.7';
const cli = 'aws-cli/2.15.0 Python/3.11 Linux/6.1';
const newer = 'aws-cli/2.31.0 Python/3.13 Darwin/24';
const boto = 'Boto3/1.34.0 md/Botocore#1.34.0';
const issued = 'ASIAZ00AAAAAAAEXAMPLE';

const use = (n: number, time: string, sourceIPAddress: string, userAgent: string, more: CloudTrailRecord = {}) =>
  record(n, { eventTime: time, sourceIPAddress, userAgent, ...more });
const before = use(1, '2026-03-20T09:00:00Z', home, cli);
const within = (n: number, address: string, agent: string, more: CloudTrailRecord = {}) =>
  use(n, `2026-03-25T03:00:${String(n).padStart(2, '0')}Z`, address, agent, more);

const rules = loadRules().filter(({ pack }) => ['new-principals', 'backdoors'].includes(pack));
const attributionOf = async (records: CloudTrailRecord[], ...args: string[]) => {
  const folder = evidence({ 'a.json': delivery(...records) });
  // Rules have a part in one total: which of the calls opened a back door. A new user is none.
  const report = await scoped(folder, ['--access-key', 'AKIAIOSFODNN7EXAMPLE', ...args], rules);
  const sum = report.attribution.totals.reduce((total, row) => total + row.events, 0);
  expect(sum).toBe(report.scope.events);
  return report;
};
const classesOf = async (records: CloudTrailRecord[]) =>
  (await attributionOf(records, '--from', from)).attribution.uses.map((row) => [
    row.class,
    row.network,
    row.agent,
    row.events,
  ]);

describe('a call is told by what its principal did before', () => {
  it.each([
    ['owner', 'the address and agent', home, cli],
    ['owner', 'the address, with another version of the agent', home, newer],
    ['undetermined', 'the address, with an agent never used from it', home, boto],
    ['undetermined', 'a neighbour of the address', '192.0.2.99', boto],
    ['undetermined', 'a new network with the very agent', away, cli],
    ['actor', 'a new network with another version of the agent', away, newer],
    ['actor', 'a new network and agent', away, boto],
  ])('%s: %s', async (expected, _how, address, agent) => {
    expect((await classesOf([before, within(2, address, agent)])).map(([of]) => of)).toEqual([expected]);
  });

  it('networks of IPv6 are /48, however the address is written', async () => {
    const earlier = use(1, '2026-03-20T09:00:00Z', '2001:db8:0:1::5', cli);
    expect(await classesOf([earlier, within(2, '2001:db8::77', boto), within(3, '2001:db8:1::77', boto)])).toEqual([
      ['actor', '2001:db8:1::/48', 'boto3', 1],
      ['undetermined', '2001:db8::/48', 'boto3', 1],
    ]);
  });
});

describe('a credential that the actor issued', () => {
  const role = 'arn:aws:sts::111122223333:assumed-role/deploy/x';
  const identity = {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:x',
    arn: role,
    accountId: '111122223333',
    accessKeyId: issued,
  };
  const issue = (n: number, address: string, agent: string) =>
    within(n, address, agent, {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      responseElements: { credentials: { accessKeyId: issued }, assumedRoleUser: { arn: role } },
    });
  it('is the actor’s, whatever the address', async () => {
    expect(
      await classesOf([before, issue(2, away, boto), within(3, '203.0.113.5', boto, { userIdentity: identity })]),
    ).toEqual([
      ['actor', '198.51.100.0/24', 'boto3', 1],
      ['actor', '203.0.113.0/24', 'boto3', 1],
    ]);
  });
  it('is undetermined where the owner issued it, and it was used from elsewhere', async () => {
    expect(await classesOf([before, issue(2, home, cli), within(3, away, boto, { userIdentity: identity })])).toEqual([
      ['owner', '192.0.2.0/24', 'aws-cli', 1],
      ['undetermined', '198.51.100.0/24', 'boto3', 1],
    ]);
  });
});

describe('what AWS services do for a credential', () => {
  const service = {
    sourceIPAddress: 'kms.amazonaws.com',
    userIdentity: { ...(before['userIdentity'] as object), invokedBy: 'kms.amazonaws.com' },
  };
  it('belongs to whoever alone used it, else to nobody', async () => {
    const call = within(9, 'kms.amazonaws.com', 'kms.amazonaws.com', service);
    expect((await classesOf([before, within(2, away, boto), call]))[1]).toEqual(['actor', null, null, 1]);
    expect(await classesOf([before, within(2, away, boto), within(3, home, cli), call])).toContainEqual([
      'undetermined',
      null,
      null,
      1,
    ]);
  });
});

describe('with nothing to compare with', () => {
  it.each([
    ['no window', [before, within(2, away, boto)], []],
    ['no use before it', [within(2, away, boto)], ['--from', from]],
  ])('%s: all is undetermined, and said', async (_why, records, args) => {
    const { attribution, scope } = await attributionOf(records, ...args);
    expect(attribution.compared).toBe(false);
    expect(attribution.totals).toContainEqual({
      class: 'undetermined',
      events: scope.events,
      created: 0,
      backdoors: 0,
      secrets: 0,
    });
  });
});

it('counts what was created and read under the class of its call, in the totals as before', async () => {
  const make = within(2, away, cli, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    requestParameters: { userName: 'svc' },
    responseElements: {
      user: { userName: 'svc', userId: 'AIDAEXAMPLESVC', arn: 'arn:aws:iam::111122223333:user/svc' },
    },
  });
  const read = within(3, home, cli, {
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    requestParameters: { secretId: 'db' },
  });
  const { attribution, principals, secrets } = await attributionOf([before, make, read], '--from', from);
  expect([principals.length, secrets.length]).toEqual([1, 1]);
  expect(attribution.totals).toEqual([
    { class: 'actor', events: 0, created: 0, backdoors: 0, secrets: 0 },
    { class: 'undetermined', events: 1, created: 1, backdoors: 0, secrets: 0 },
    { class: 'owner', events: 1, created: 0, backdoors: 0, secrets: 1 },
  ]);
});

it('the line on owner and actor says what it rests on: earlier use, the known-good file, or both', async () => {
  const basis = (compared: boolean, reason: string): string =>
    attributionBasis({ compared, totals: [], uses: [{ reason } as Report['attribution']['uses'][number]] });
  const file = 'address that the known-good file names';
  expect([basis(true, 'network and agent never used before'), basis(true, file), basis(false, file)]).toEqual([
    'inferred from earlier use',
    'inferred from earlier use and from the known-good file',
    'by the known-good file alone: there is no earlier use to compare with',
  ]);
});

it('shared addresses are shown also where no use can be put down to an operator', async () => {
  const days = [10, 11, 12, 13, 16].map((day, i) => use(20 + i, `2026-03-${day}T03:00:00Z`, home, cli));
  const colleague = within(9, home, cli, {
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDACOLLEAGUEEXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/colleague',
      accountId: '111122223333',
      accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    },
  });
  const report = await attributionOf(
    [...days, within(2, home, cli, { awsRegion: 'ap-southeast-3' }), colleague],
    '--from',
    from,
  );
  expect([report.operators.list, report.attribution.totals.find((row) => row.events > 0)?.class]).toEqual([
    [],
    'undetermined',
  ]);
  expect(JSON.stringify(section(report))).toContain('Shared addresses');
});
