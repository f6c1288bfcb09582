/** Correlations of Sigma: counts, values and sequences within a span of time, by group, and of other correlations. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Case, openCase } from '../src/case.ts';
import { ingest } from '../src/events/ingest.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { readPacks } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import { delivery, evidenceOnce, record, scratch } from './support.ts';

const user = (userName: string) => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::111122223333:user/${userName}`,
  accountId: '111122223333',
  userName,
});

/** What somebody called, so many minutes after two o'clock. */
const call = (n: number, minute: number, who: string, eventName: string, more: Record<string, unknown> = {}) =>
  record(n, {
    eventTime: new Date(Date.UTC(2026, 2, 25, 2, minute)).toISOString().replace('.000Z', 'Z'),
    eventName,
    userIdentity: user(who),
    ...more,
  });
const bytes = (size: number) => ({ additionalEventData: { bytes: size } });

const events = [
  // alice reads a secret at 0, 2, 4 and 30; bob twice, an hour apart.
  call(1, 0, 'alice', 'Read', { requestParameters: { id: 'one' }, ...bytes(10) }),
  call(2, 2, 'alice', 'Read', { requestParameters: { id: 'one' }, ...bytes(20) }),
  call(3, 4, 'alice', 'Read', { requestParameters: { id: 'two' }, ...bytes(90) }),
  call(4, 30, 'alice', 'Read', { requestParameters: { id: 'three' }, ...bytes(40) }),
  call(5, 0, 'bob', 'Read', { requestParameters: { id: 'one' }, ...bytes(5) }),
  call(6, 60, 'bob', 'Read', { requestParameters: { id: 'two' } }),
  // alice makes carol, arms her and uses her; bob does it in another order.
  call(7, 10, 'alice', 'Make', { requestParameters: { userName: 'carol' } }),
  call(8, 12, 'alice', 'Arm', { requestParameters: { userName: 'carol' } }),
  call(9, 14, 'carol', 'Use'),
  call(10, 10, 'bob', 'Arm', { requestParameters: { userName: 'dave' } }),
  call(11, 12, 'bob', 'Make', { requestParameters: { userName: 'dave' } }),
  // Nobody's name: in no group.
  call(12, 1, 'x', 'Read', { userIdentity: { type: 'AWSAccount', accountId: '444455556666' } }),
];

let opened: Case;
const logs = evidenceOnce({ 'log.json': delivery(...events) });
beforeAll(async () => {
  opened = await openCase({ threads: 1, memoryMB: 1000 });
  await ingest(opened, [logs], { jobs: 1 });
  await scopeToAll(opened.db);
  return () => opened.close();
});

const base = (name: string): string =>
  `title: ${name} is called\nname: ${name}\nlevel: low\ntags: [attack.t1098, attack.persistence]\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName: ${name}}, condition: s}\n`;
const bases = ['Read', 'Make', 'Arm', 'Use'].map(base).join('---\n');
const correlation = (body: string, more = ''): string =>
  `title: Together\nlevel: high\n${more}correlation:\n${body.trim().replace(/^/gm, '  ')}\n`;

/** Rules and what each found: group and the numbers of the records. */
const run = async (text: string) => {
  const folder = scratch();
  writeFileSync(join(folder, 'rules.yml'), text);
  const { rules, refused } = readPacks([folder]);
  const { findings, stopped } = await runRules(opened.db, rules);
  const found = findings
    .filter(({ rule }) => !rule.title.endsWith(' is called'))
    .map(({ subject, all_event_ids }) => [
      subject.replace('arn:aws:iam::111122223333:user/', ''),
      ...[...all_event_ids].map((id) => Number(id.slice(-12))).toSorted((a, b) => a - b),
    ]);
  return { found, rules, reasons: [...refused, ...stopped].map(({ reason }) => reason.replaceAll(folder, '')) };
};

/** A correlation beside the base rules. */
const finds = async (body: string) => {
  const { found, reasons } = await run(`${bases}---\n${correlation(body)}`);
  return reasons.length > 0 ? reasons.join('\n') : found.toSorted();
};

const by = 'group-by: [userIdentity.userName]';

describe('a correlation', () => {
  it.each([
    ['event_count', `type: event_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: 3}`, [['alice', 1, 2, 3]]],
    [
      'event_count, its ends included',
      `type: event_count\nrules: Read\n${by}\ntimespan: 4m\ncondition: {gt: 2}`,
      [['alice', 1, 2, 3]],
    ],
    [
      'event_count in too short a time',
      `type: event_count\nrules: [Read]\n${by}\ntimespan: 239s\ncondition: {gte: 3}`,
      [],
    ],
    [
      'event_count of several rules',
      `type: event_count\nrules: [Make, Arm]\n${by}\ntimespan: 1h\ncondition: {gte: 2}`,
      [
        ['alice', 7, 8],
        ['bob', 10, 11],
      ],
    ],
    [
      'event_count in a range',
      `type: event_count\nrules: [Read]\n${by}\ntimespan: 1d\ncondition: {gte: 2, lt: 3}`,
      [
        ['alice', 1, 2],
        ['bob', 5, 6],
      ],
    ],
    [
      'event_count equal',
      `type: event_count\nrules: [Read]\n${by}\ntimespan: 1d\ncondition: {eq: 4}`,
      [['alice', 1, 2, 3, 4]],
    ],
    ['event_count unequal', `type: event_count\nrules: [Make]\n${by}\ntimespan: 1d\ncondition: {neq: 1}`, []],
    [
      'event_count of all, without groups',
      'type: event_count\nrules: [Read]\ntimespan: 1d\ncondition: {gte: 7}',
      [['all events', 1, 2, 3, 4, 5, 6, 12]],
    ],
    [
      'value_count',
      `type: value_count\nrules: [Read]\n${by}\ntimespan: 1h\ncondition: {field: requestParameters.id, gte: 2}`,
      [
        ['alice', 1, 2, 3, 4],
        ['bob', 5, 6],
      ],
    ],
    [
      'value_count of pairs',
      `type: value_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: [requestParameters.id, eventName], gte: 2}`,
      [['alice', 1, 2, 3]],
    ],
    [
      'value_sum',
      `type: value_sum\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: additionalEventData.bytes, gte: 120}`,
      [['alice', 1, 2, 3]],
    ],
    [
      'value_avg',
      `type: value_avg\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: additionalEventData.bytes, eq: 15}`,
      [['alice', 1, 2]],
    ],
    [
      'value_min',
      `type: value_min\nrules: [Read]\n${by}\ntimespan: 1m\ncondition: {field: additionalEventData.bytes, gt: 80}`,
      [['alice', 3]],
    ],
    [
      'value_max',
      `type: value_max\nrules: [Read]\n${by}\ntimespan: 1h\ncondition: {field: additionalEventData.bytes, lte: 5}`,
      [['bob', 5, 6]],
    ],
    [
      'value_median',
      `type: value_median\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: additionalEventData.bytes, eq: 20}`,
      [['alice', 1, 2, 3]],
    ],
    [
      'value_percentile',
      `type: value_percentile\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: additionalEventData.bytes, percentile: 95, gt: 80}`,
      [['alice', 1, 2, 3]],
    ],
    [
      'temporal, in any order',
      `type: temporal\nrules: [Make, Arm]\n${by}\ntimespan: 5m`,
      [
        ['alice', 7, 8],
        ['bob', 10, 11],
      ],
    ],
    ['temporal, too far apart', `type: temporal\nrules: [Make, Arm]\n${by}\ntimespan: 1m`, []],
    [
      'temporal by number of rules',
      `type: temporal\nrules: [Make, Arm, Read]\n${by}\ntimespan: 5m\ncondition: {gte: 2}`,
      [
        ['alice', 7, 8],
        ['bob', 10, 11],
      ],
    ],
    [
      'temporal by names',
      `type: temporal\nrules: [Make, Arm, Read]\n${by}\ntimespan: 10m\ncondition: Make and (Arm or Use_) and not Read`,
      'none of its rules',
    ],
    [
      'temporal by names that it has',
      `type: temporal\nrules: [Make, Arm, Read]\n${by}\ntimespan: 3m\ncondition: (Make or Read) and Arm and not Read`,
      [
        ['alice', 7, 8],
        ['bob', 10, 11],
      ],
    ],
    ['temporal_ordered', `type: temporal_ordered\nrules: [Make, Arm]\n${by}\ntimespan: 5m`, [['alice', 7, 8]]],
    [
      'temporal_ordered, of three, under an alias',
      'type: temporal_ordered\nrules: [Make, Arm, Use]\ngroup-by: [whom]\ntimespan: 5m\naliases:\n  whom: {Make: requestParameters.userName, Arm: requestParameters.userName, Use: userIdentity.userName}',
      [['carol', 7, 8, 9]],
    ],
    [
      'temporal_ordered, too slow',
      'type: temporal_ordered\nrules: [Make, Arm, Use]\ngroup-by: [whom]\ntimespan: 3m\naliases:\n  whom: {Make: requestParameters.userName, Arm: requestParameters.userName, Use: userIdentity.userName}',
      [],
    ],
  ])('%s', async (_, body, wanted) => {
    const found = await finds(body);
    if (typeof wanted === 'string') expect(found).toContain(wanted);
    else expect(found).toEqual(wanted);
  });

  it('may be made of correlations, whose events it tells too', async () => {
    const inner = correlation(
      `type: event_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: 3}`,
      'name: many_reads\n',
    );
    const outer = correlation(`type: temporal_ordered\nrules: [many_reads, Make]\n${by}\ntimespan: 10m`);
    const { found, reasons, rules } = await run([bases, inner, outer].join('---\n'));
    expect(reasons).toEqual([]);
    expect(found).toEqual([['alice', 1, 2, 3, 7]]);
    // Parts are no rules by themselves.
    expect(rules.map(({ id }) => id).filter((id) => /read|make/.test(id))).toEqual([]);
  });

  it('leaves its parts rules of their own where it says generate, and has their tags', async () => {
    const body = `type: event_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: 3}\ngenerate: true`;
    const { rules } = await run(`${base('Read')}---\n${correlation(body)}`);
    expect(rules.map(({ id, severity, attack }) => [id, severity, attack.v18])).toEqual([
      ['sigma/rules-read-is-called', 'low', ['T1098']],
      ['sigma/rules-together', 'high', ['T1098']],
    ]);
  });

  it('is also read in the old form, with a timeframe or over all time', async () => {
    const old = (condition: string, more = ''): string =>
      base('Read').replace('is called', 'often').replace('condition: s}', `condition: '${condition}'${more}}`);
    expect((await run(old('s | count() by userIdentity.userName > 3'))).found).toEqual([['alice', 1, 2, 3, 4]]);
    expect(
      (await run(old('s | count(requestParameters.id) by userIdentity.userName >= 2', ', timeframe: 5m'))).found,
    ).toEqual([['alice', 1, 2, 3]]);
    expect((await run(`${old('s | count() by userIdentity.userName >= 3')}timeframe: 5m\n`)).found).toEqual([
      ['alice', 1, 2, 3],
    ]);
    expect((await run(old('s | sum(additionalEventData.bytes) by userIdentity.userName == 160'))).found).toEqual([
      ['alice', 1, 2, 3, 4],
    ]);
  });

  it.each([
    ['an unknown type', `type: event_sum\nrules: [Read]\n${by}\ntimespan: 5m`, /correlation\.type/],
    [
      'an unknown key',
      `type: temporal\nrules: [Read]\n${by}\ntimespan: 5m\nordered: true`,
      /has the key ordered, which is not known/,
    ],
    ['no timespan', `type: temporal\nrules: [Read]\n${by}`, /correlation\.timespan/],
    ['a strange timespan', `type: temporal\nrules: [Read]\n${by}\ntimespan: 5 minutes`, /5 minutes is no span of time/],
    ['no condition', `type: event_count\nrules: [Read]\n${by}\ntimespan: 5m`, /event_count has no condition/],
    [
      'no field',
      `type: value_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: 3}`,
      /value_count has no field/,
    ],
    [
      'no percentile',
      `type: value_percentile\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {field: a, gte: 3}`,
      /which percentile/,
    ],
    [
      'SQL for a number',
      `type: event_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: "1 OR 1=1"}`,
      /must be a number/,
    ],
    [
      'a rule that is not there',
      `type: temporal\nrules: [Read, Nothing]\n${by}\ntimespan: 5m`,
      /refers to the rule Nothing, which is not among those given/,
    ],
    [
      'an alias without its rule',
      'type: temporal\nrules: [Make, Arm]\ngroup-by: [a]\ntimespan: 5m\naliases: {a: {Make: eventName}}',
      /the alias a names no field for the rule Arm/,
    ],
  ])('with %s is refused', async (_, body, reason) => {
    expect(await finds(body)).toMatch(reason);
  });

  it('of itself, or of a rule that cannot be run, is refused', async () => {
    const loop = (name: string, of: string): string =>
      correlation(`type: temporal\nrules: [${of}]\n${by}\ntimespan: 5m\ngenerate: true`, `name: ${name}\n`);
    expect((await run(`${loop('a', 'b')}---\n${loop('b', 'a')}`)).reasons.join()).toMatch(/refers to itself by way of/);
    const broken = base('Read').replace('eventName:', 'eventName|nonsense:');
    const { reasons, found } = await run(
      `${broken}---\n${correlation(`type: event_count\nrules: [Read]\n${by}\ntimespan: 5m\ncondition: {gte: 1}`)}`,
    );
    expect([reasons.join(), found]).toEqual([
      expect.stringMatching(/refers to the rule Read, which cannot be run: the modifier nonsense/),
      [],
    ]);
  });
});
