/** What was normal: learned from logs, kept in a file, shown, compared, and used by scope and check. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Baseline } from '../src/lineage/normal.ts';
import { type CloudTrailRecord, delivery, evidence, record, refused, scratch, trailscope } from './support.ts';

const key = 'AKIAIOSFODNN7EXAMPLE';
const on = (day: number, n: number, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, {
    eventTime: `2026-03-${String(day).padStart(2, '0')}T09:00:${String(n % 60).padStart(2, '0')}Z`,
    ...changes,
  });
const ordinary = [on(2, 1), on(3, 2), on(3, 3, { sourceIPAddress: '192.0.2.8', userAgent: 'Boto3/1.34.40' }), on(4, 4)];
const odd = [on(20, 5, { sourceIPAddress: '203.0.113.9', eventSource: 's3.amazonaws.com', eventName: 'ListBuckets' })];
const parse = (text: string): Baseline => JSON.parse(text) as Baseline;

it('build learns who calls, from where, with what, when and how often, and the same logs give the same bytes', () => {
  const logs = evidence({ 'a.json': delivery(...ordinary), 'b.json': delivery(...odd) });
  const args = ['baseline', 'build', logs, '--to', '2026-03-10'];
  const { stdout, stderr, code } = trailscope(args);
  expect([stderr, code]).toEqual(['', 0]);
  expect(trailscope([...args, '--jobs', '1']).stdout).toBe(stdout);
  const { callers, to } = parse(stdout);
  expect(to).toBe('2026-03-10T00:00:00Z');
  expect(callers.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    `credential ${key}`,
    'identity arn:aws:iam::111122223333:user/ci-deployer',
  ]);
  const [own] = callers;
  expect(own!.use).toEqual({
    calls: 4,
    days: 3,
    first_seen: '2026-03-02T09:00:01Z',
    last_seen: '2026-03-04T09:00:04Z',
  });
  expect(own!.busiest_hour).toEqual({ calls: 2, hours: 3 });
  const values = Object.fromEntries(
    Object.entries(own!.aspects).map(([aspect, seen]) => [aspect, (seen ?? []).map((row) => row.value)]),
  );
  expect(values).toMatchObject({
    address: ['192.0.2.8', '198.51.100.23'],
    network: ['192.0.2.0/24', '198.51.100.0/24'],
    agent: ['aws-cli', 'boto3'],
    agent_version: ['aws-cli/2.15.30', 'boto3/1.34.40'],
    call: ['sts.amazonaws.com:GetCallerIdentity'],
    hour: ['9'],
    region: ['us-east-1'],
    weekday: ['1', '2', '3'],
  });
});

it('a call belongs to the hour, weekday and day that it was made in, to the last second', () => {
  const last = on(2, 1, { eventTime: '2026-03-02T23:59:59Z' });
  const early = on(2, 2, { eventTime: '2026-03-02T23:00:00Z' });
  const { callers } = parse(trailscope(['baseline', 'build', evidence({ 'a.json': delivery(last, early) })]).stdout);
  const [own] = callers;
  expect(own!.aspects.hour).toMatchObject([{ value: '23', calls: 2, days: 1 }]);
  expect(own!.aspects.weekday).toMatchObject([{ value: '1', calls: 2, days: 1 }]);
  expect(own!.busiest_hour).toEqual({ calls: 2, hours: 1 });
});

it('show lists the callers, and diff what came and what went', () => {
  const folder = scratch();
  const logs = evidence({ 'a.json': delivery(...ordinary), 'b.json': delivery(...odd) });
  for (const [name, ...span] of [
    ['before.json', '--to', '2026-03-10'],
    ['after.json', '--from', '2026-03-10'],
  ]) {
    expect(trailscope(['baseline', 'build', logs, ...span, '-o', name!], folder).code).toBe(0);
  }
  const shown = trailscope(['baseline', 'show', 'before.json', '--caller', 'AKIA'], folder).stdout;
  expect(shown).toContain(key);
  expect(shown.replaceAll(/\s+/g, ' ')).toContain(
    `${key} kind: credential calls: 4 days: 3 seen: 2026-03-02 09:00:01 to 2026-03-04 09:00:04 busiest hour: 2 addresses: 2`,
  );
  expect(shown).toContain('1 caller, of the time before 2026-03-10T00:00:00Z.');
  // Countries and networks are as the data of that day had them.
  expect(shown).toMatch(/Addresses by geoip-lite \S+ \(of [\d-]+\)/);
  const { changes } = JSON.parse(
    trailscope(['baseline', 'diff', 'before.json', 'after.json', '--format', 'json'], folder).stdout,
  ) as { changes: { kind: string; change: string; aspect: string; values: string[] }[] };
  expect(changes).toContainEqual({
    kind: 'credential',
    id: key,
    change: 'new',
    aspect: 'address',
    values: ['203.0.113.9'],
  });
  expect(changes).toContainEqual({ kind: 'credential', id: key, change: 'gone', aspect: 'agent', values: ['boto3'] });
  expect(trailscope(['baseline', 'diff', 'before.json', 'before.json'], folder).stdout).toBe(
    'The two baselines know the same.\n',
  );
});

it('a report says what its baseline tells of, and that there is none where nothing lies before the window', () => {
  const folder = scratch();
  const before = evidence({ 'a.json': delivery(...ordinary) });
  const logs = evidence({ 'b.json': delivery(...odd) });
  type Generated = { generated: { baseline: unknown; arguments: string[] }; limits: string[] };
  const ask = (...args: string[]): Generated =>
    JSON.parse(
      trailscope(['scope', logs, '-k', key, '--from', '2026-03-10', '-o', 'r', '--format', 'json', ...args], folder)
        .stdout,
    ) as Generated;
  const none = ask();
  expect(none.generated.baseline).toBeNull();
  expect(none.limits.filter((limit) => limit.startsWith('No baseline'))).toHaveLength(1);
  expect(none.limits.join('\n')).toContain('no call of these principals from before the window, and');
  const elsewhere = ask('--baseline-from', '2025-01-01', '--baseline-to', '2025-02-01');
  expect(elsewhere.limits.join('\n')).toContain(
    'no call of these principals from the time asked for (from 2025-01-01T00:00:00Z to 2025-02-01T00:00:00Z), and',
  );
  const learned = ask('--baseline-logs', before);
  expect(learned.generated.baseline).toEqual({
    callers: 2,
    first_event: '2026-03-02T09:00:01Z',
    last_event: '2026-03-04T09:00:04Z',
    saved: [expect.stringMatching(/^[0-9a-f]{64}$/)],
  });
  expect(learned.limits.filter((limit) => limit.startsWith('No baseline'))).toEqual([]);
  trailscope(['baseline', 'build', before, '-o', 'normal.json'], folder);
  expect(ask('--normal', 'normal.json').generated.baseline).toEqual(learned.generated.baseline);
});

it('a file that is no baseline is refused with what to do', () => {
  const folder = scratch();
  const logs = evidence({ 'a.json': delivery(...ordinary) });
  writeFileSync(join(folder, 'broken.json'), '{"trailscope_baseline": 1,');
  writeFileSync(join(folder, 'other.json'), '{"findings": []}');
  trailscope(['baseline', 'build', logs, '-o', 'good.json'], folder);
  const negative = readFileSync(join(folder, 'good.json'), 'utf8').replace('"calls": 4', '"calls": -4');
  writeFileSync(join(folder, 'negative.json'), negative);
  refused(
    trailscope(['check', logs, '--normal', 'broken.json'], folder),
    /broken\.json is no JSON\. Make one with trailscope baseline build/,
  );
  refused(
    trailscope(['check', logs, '--normal', 'none.json'], folder),
    /none\.json cannot be read: there is no such file/,
  );
  refused(trailscope(['baseline', 'show', 'other.json'], folder), /other\.json is no saved baseline/);
  refused(
    trailscope(['baseline', 'show', 'negative.json'], folder),
    /negative\.json is no saved baseline: .* at callers\.0/,
  );
  // Edited by hand: what the engine would choke on is told before it starts.
  const edited = (aspect: string, was: string, is: string): string => {
    const text = readFileSync(join(folder, 'good.json'), 'utf8');
    writeFileSync(
      join(folder, 'edited.json'),
      text.replace(new RegExp(`("${aspect}": \\[\\s*\\{\\s*"value": )"${was}"`), `$1"${is}"`),
    );
    return 'edited.json';
  };
  refused(
    trailscope(['check', logs, '--normal', edited('hour', '9', '99x')], folder),
    /edited\.json is no saved baseline: must be an hour of the day, 0 to 23, as text at callers\.0\.aspects\.hour\.0\.value/,
  );
  refused(
    trailscope(['baseline', 'show', edited('week_hour', '33', '168')], folder),
    /must be an hour of the week, 0 to 167/,
  );
  refused(trailscope(['baseline', 'show', edited('weekday', '1', '0')], folder), /must be a day of the week, 1 to 7/);
});

it('a time to learn from that reaches into the window, or has no end, is refused', () => {
  const logs = evidence({ 'a.json': delivery(...ordinary, ...odd) });
  const scope = ['scope', logs, '-k', key];
  refused(
    trailscope([...scope, '--from', '2026-03-10', '--baseline-to', '2026-03-12']),
    /--baseline-to 2026-03-12T00:00:00Z lies after --from/,
  );
  refused(trailscope([...scope, '--baseline-from', '2026-03-01']), /--baseline-from needs an end/);
});

it('the form of a saved baseline is published, and what build writes keeps to it', () => {
  type Schema = { required: string[]; properties: { callers: { items: { properties: Record<string, unknown> } } } };
  const { stdout, code } = trailscope(['baseline', 'schema']);
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as Schema;
  const built = parse(trailscope(['baseline', 'build', evidence({ 'a.json': delivery(...ordinary) })]).stdout);
  expect(Object.keys(built).toSorted()).toEqual(schema.required.toSorted());
  expect(Object.keys(built.callers[0]!).toSorted()).toEqual(
    Object.keys(schema.properties.callers.items.properties).toSorted(),
  );
});

it('two saved baselines add up, and one that reaches into the window is said to', () => {
  const folder = scratch();
  const early = evidence({ 'a.json': delivery(...ordinary) });
  const late = evidence({ 'b.json': delivery(...odd) });
  trailscope(['baseline', 'build', early, '-o', 'early.json'], folder);
  trailscope(['baseline', 'build', late, '-o', 'late.json'], folder);
  type Told = {
    generated: { baseline: { first_event: string; last_event: string; saved: string[] } };
    attribution: { totals: { class: string; events: number }[] };
    findings: { summary: string }[];
    limits: string[];
  };
  const ask = (...args: string[]): Told =>
    JSON.parse(
      trailscope(
        [
          'scope',
          late,
          '-k',
          key,
          '--from',
          '2026-03-10',
          '-o',
          'r',
          '--format',
          'json',
          '--normal',
          'early.json',
          ...args,
        ],
        folder,
      ).stdout,
    ) as Told;
  const poisoned = (told: Told): string[] => told.limits.filter((limit) => limit.includes('reaches into the window'));
  expect(poisoned(ask())).toEqual([]);
  const both = ask('--normal', 'late.json');
  expect(both.generated.baseline.saved).toHaveLength(2);
  expect(both.generated.baseline).toMatchObject({
    first_event: '2026-03-02T09:00:01Z',
    last_event: '2026-03-20T09:00:05Z',
  });
  expect(poisoned(both)).toHaveLength(1);
  // What was first seen in the window is nobody's normal use, whoever saved it.
  const sides = (told: Told): string[] => told.attribution.totals.map((row) => `${row.class} ${row.events}`);
  expect(sides(both)).toEqual(sides(ask()));
  expect(both.findings.map(({ summary }) => summary)).toEqual(ask().findings.map(({ summary }) => summary));
});

it('a session that is seen on one day only is known by its role', () => {
  const session = (day: number, name: string): CloudTrailRecord =>
    on(day, day, {
      userIdentity: {
        type: 'AssumedRole',
        principalId: `AROADEPLOYEXAMPLE:${name}`,
        arn: `arn:aws:sts::111122223333:assumed-role/deploy/${name}`,
        accountId: '111122223333',
        accessKeyId: `ASIAEXAMPLE0000000${day}`,
        sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/deploy' } },
      },
    });
  const logs = evidence({
    'a.json': delivery(session(2, 'run-1'), session(3, 'run-2'), session(4, 'jo'), session(5, 'jo')),
  });
  const { callers } = parse(trailscope(['baseline', 'build', logs]).stdout);
  expect(callers.map(({ kind, id, use }) => [kind, id.split(/[/:]/).at(-1), use.days])).toEqual([
    ['identity', 'jo', 2],
    ['role', 'deploy', 4],
  ]);
});

const supplier = (day: number, n: number, role = 'supplier'): CloudTrailRecord =>
  on(day, n, {
    // Of a caller of another account the log names that account, and no ARN.
    userIdentity: { type: 'AWSAccount', principalId: 'AROAFOREIGNROLEXAMPLE:far', accountId: '999988887777' },
    eventName: 'AssumeRole',
    requestParameters: { roleArn: `arn:aws:iam::111122223333:role/${role}`, roleSessionName: 'far' },
    responseElements: {
      credentials: {
        accessKeyId: `ASIASUPPLIER${n}EXAMPLE`,
        sessionToken: 'x',
        expiration: 'Mar 30, 2026, 9:00:00 AM',
      },
      assumedRoleUser: {
        assumedRoleId: 'AROASUPPLIEREXAMPLE:far',
        arn: `arn:aws:sts::111122223333:assumed-role/${role}/far`,
      },
    },
    resources: [{ ARN: `arn:aws:iam::111122223333:role/${role}`, accountId: '111122223333', type: 'AWS::IAM::Role' }],
  });
const opened = (day: number, n: number): CloudTrailRecord =>
  on(day, n, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'UpdateAssumeRolePolicy',
    readOnly: false,
    requestParameters: {
      roleName: 'supplier',
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' },
        ],
      }),
    },
  });
type Told = { findings: { rule: string; severity: string; summary: string; details: { normal?: string } }[] };
const told = (rule: string, args: string[], folder: string): string[] =>
  (JSON.parse(trailscope([...args, '--format', 'json'], folder).stdout) as Told).findings
    .filter((finding) => finding.rule === `ip-anomalies/${rule}`)
    .map(({ severity, summary, details }) => `${severity}: ${summary} (${details.normal})`);

it('a foreign account that took the role before its trust was changed was not let in by the change', () => {
  const foreign = (...records: CloudTrailRecord[]): string[] => {
    const logs = evidence({ 'a.json': delivery(...ordinary, ...records) });
    return told('foreign-account-calls', ['scope', logs, '-k', key, '--from', '2026-03-10', '-o', 'r'], scratch());
  };
  expect(foreign(supplier(3, 11), supplier(4, 12), opened(11, 13), supplier(12, 14))).toEqual([
    'low: Foreign account 999988887777 made 1 call: AssumeRole; it did so before the scope opened anything to it (called since 2026-03-03 at the latest)',
  ]);
  expect(foreign(supplier(3, 11, 'reports'), opened(11, 13), supplier(12, 14))).toEqual([
    'high: Foreign account 999988887777 made 1 call: AssumeRole; something the scope had opened let it in (called since 2026-03-03 at the latest)',
  ]);
  expect(foreign(opened(11, 13), supplier(12, 14))).toEqual([
    'high: Foreign account 999988887777 made 1 call: AssumeRole; something the scope had opened let it in (never called before)',
  ]);
});

it('a foreign account that the baseline knows is no stranger, learned or saved, though the log names no ARN of it', () => {
  const folder = scratch();
  const before = evidence({ 'a.json': delivery(...ordinary, supplier(3, 11)) });
  const logs = evidence({ 'b.json': delivery(...odd, supplier(20, 12)) });
  trailscope(['baseline', 'build', before, '-o', 'normal.json'], folder);
  const { callers } = parse(readFileSync(join(folder, 'normal.json'), 'utf8'));
  expect(callers.filter(({ kind }) => kind === 'account').map(({ id }) => id)).toEqual(['999988887777']);
  expect(told('foreign-account-calls', ['check', logs, '--normal', 'normal.json'], folder)).toEqual([]);
  expect(told('foreign-account-calls', ['check', before, logs, '--baseline-to', '2026-03-10'], folder)).toEqual([]);
  expect(told('foreign-account-calls', ['check', logs], folder)).toEqual([
    'low: Foreign account 999988887777 made 1 call: AssumeRole (no baseline)',
  ]);
});

it('a region that a saved baseline knows is none that was never used before', () => {
  const folder = scratch();
  const launch = (day: number, n: number): CloudTrailRecord =>
    on(day, n, {
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      awsRegion: 'us-west-2',
      readOnly: false,
    });
  const before = evidence({ 'a.json': delivery(...ordinary, launch(4, 11)) });
  const logs = evidence({ 'b.json': delivery(...ordinary, launch(20, 12)) });
  trailscope(['baseline', 'build', before, '-o', 'normal.json'], folder);
  const asked = ['scope', logs, '-k', key, '--from', '2026-03-10', '-o', 'r'];
  expect(told('region-first-seen', asked, folder)).toHaveLength(1);
  expect(told('region-first-seen', [...asked, '--normal', 'normal.json'], folder)).toEqual([]);
  expect(told('region-first-seen', [...asked, '--baseline-logs', before], folder)).toEqual([]);
});

it('a saved baseline of the time that the evidence tells of counts no call twice; of another time it adds up', () => {
  const folder = scratch();
  const logs = evidence({ 'a.json': delivery(...ordinary, ...odd) });
  trailscope(['baseline', 'build', logs, '--to', '2026-03-10', '-o', 'same.json'], folder);
  const earlier = evidence({ 'b.json': delivery(on(1, 21), on(1, 22)) });
  const calls = (...args: string[]): number => {
    const { stdout } = trailscope(
      ['scope', logs, '-k', key, '--from', '2026-03-10', '-o', 'r', '--format', 'json', ...args],
      folder,
    );
    const { hours } = JSON.parse(stdout) as { hours: { normal: number[] } };
    return hours.normal.reduce((sum, hour) => sum + hour, 0);
  };
  expect(calls()).toBe(4);
  expect(calls('--normal', 'same.json')).toBe(4);
  expect(calls('--baseline-logs', earlier)).toBe(6);
});

it('the terminal says what was normal and what was seen, and that a limit of age is no baseline', () => {
  const old = on(1, 1, { eventTime: '2025-11-01T09:00:00Z' });
  const logs = evidence({ 'a.json': delivery(old, on(20, 2)) });
  const words = (...args: string[]): string => trailscope([...args], scratch()).stdout.replaceAll(/\s+/g, ' ');
  expect(words('check', logs)).toContain(
    '139 days before its last call (normal: no baseline; the bar is 90 days; seen: 139 days)',
  );
  expect(words('scope', logs, '-k', key, '--from', '2026-03-10', '-o', 'r')).toContain(
    '(normal: used since 2025-11-01; the bar is 90 days; seen: 139 days)',
  );
});

it('a VPC endpoint that a credential never used is told by check too', () => {
  const through = (endpoint: string, record: CloudTrailRecord): CloudTrailRecord => ({
    ...record,
    sourceIPAddress: '10.0.0.5',
    vpcEndpointId: endpoint,
  });
  const usual = Array.from({ length: 12 }, (_, n) => through('vpce-0aaaaaaaaaaaaaaaa', on(2 + (n % 5), n + 1)));
  const logs = evidence({ 'a.json': delivery(...usual, through('vpce-0bbbbbbbbbbbbbbbb', on(20, 20))) });
  const args = ['check', logs, '--baseline-to', '2026-03-15'];
  expect(told('unusual-use', args, scratch()).join()).toMatch(
    /^low: .*endpoint vpce-0aaaaaaaaaaaaaaaa → vpce-0bbbbbbbbbbbbbbbb/,
  );
});
