/** What the evidence covers, how the scope is named, and what a report says it cannot say. */
import { describe, expect, it } from 'vitest';
import { coverageSentence, limits, scopeLabel, terminal } from '../src/report/index.ts';
import { html } from '../src/report/html.ts';
import { evidenceText } from '../src/report/lists.ts';
import { manifestText } from '../src/report/manifest.ts';
import { markdown } from '../src/report/markdown.ts';
import type { Report } from '../src/report/model.ts';
import { sampleReport } from './sample-report.ts';

const report = sampleReport();
const { sentence, ...coverage } = report.coverage;

describe('the sentence on coverage', () => {
  it('says how many events, of which accounts and regions, from when to when, and which data events', () => {
    expect(sentence).toBe(
      'The evidence holds 3,301 events of account 111122223333 in 2 regions from 2026-02-24 00:00:12 to 2026-03-02 09:58:00 UTC; data events are recorded for s3 only; events delivered later are not in it.',
    );
  });

  it('says that no data events are recorded, and that management and read-only events are missing', () => {
    const bare = { ...coverage, data_events: [], read_events: false };
    expect(coverageSentence(bare)).toContain(
      'no data events are recorded (reads of S3 objects and the like leave no trace in it); it has no read-only events',
    );
    const data = { ...coverage, management_events: 0 };
    expect(coverageSentence(data)).toContain('it has no management events');
  });

  it('counts accounts and does not list dozens', () => {
    const [first] = coverage.regions;
    if (first === undefined) throw new Error('the sample has no region');
    const accounts = ['111122223333', '444455556666', '777788889999', '999988887777', '123456789012'];
    const regions = accounts.map((account) => Object.assign({}, first, { account }));
    expect(coverageSentence({ ...coverage, regions })).toContain(
      'of accounts 111122223333, 444455556666, 777788889999 and 2 more accounts in eu-west-1 from',
    );
  });

  it('holds for evidence without a single event', () => {
    expect(coverageSentence({ ...coverage, management_events: 0, data_events: [] })).toBe(
      'The evidence holds no event; events delivered later are not in it.',
    );
  });
});

describe('the name of the scope', () => {
  it('is the window, where one begins', () => {
    expect(scopeLabel({ from: '2026-03-02T08:00:00Z', to: null })).toBe('use from 2026-03-02 08:00:00 UTC on');
    expect(scopeLabel({ from: '2026-03-02T08:00:00Z', to: '2026-03-03T00:00:00Z' })).toBe(
      'use from 2026-03-02 08:00:00 UTC on and before 2026-03-03 00:00:00 UTC',
    );
  });

  it('includes the owner, where no window begins', () => {
    expect(scopeLabel({ from: null, to: null })).toBe("all recorded use, the owner's included");
    expect(scopeLabel({ from: null, to: '2026-03-03T00:00:00Z' })).toBe(
      "all recorded use before 2026-03-03 00:00:00 UTC, the owner's included",
    );
  });

  it('says attacker nowhere, in no format', () => {
    const window = { from: null, to: null, note: 'No window was given.' };
    const open = sampleReport({ window, scope_label: scopeLabel(window) });
    const options = { width: 80, colour: false, files: [] };
    const all = [...html(open), ...markdown(open), terminal(open, options)].join('');
    expect(all).not.toMatch(/attacker|thief|stolen key/i);
    expect(all).toContain("all recorded use, the owner's included");
  });
});

describe('the limits', () => {
  const saying = (changes: Partial<Report>): string => limits({ ...report, ...changes }).join('\n');

  it.each<[string, Partial<Report>, string]>([
    ['digests were not checked', {}, 'digest files of CloudTrail were not checked'],
    [
      'a file could be read in part only',
      {},
      '1 evidence file could be read only in part; the rest of it is missing here',
    ],
    ['a record was rejected', {}, '1 record could not be read and is in no count of events'],
    ['events have no time', {}, '2 events without a readable time'],
    ['services have no data events', {}, 'No data events of dynamodb or lambda'],
    ['days are without events', {}, '1 of 2 pairs of account and region has days without any event'],
    ['an issue is not in the evidence', {}, 'The issue of 1 credential is not in the evidence'],
    ['keys stayed unresolved', {}, '1 further credential of the same principals'],
    [
      "use may be the owner's",
      { credentials: report.credentials.slice(0, 1).map((row) => Object.assign({}, row, { known_before: 12 })) },
      "12 of the 435 events came from addresses that the same principal used before the window: they, and what they made, may be the owner's own work",
    ],
    ['dates have no zone', {}, 'given without a zone and read as UTC'],
    ['some edges are not followed', {}, 'Session tags lead nowhere'],
    ['places are approximate', {}, 'geoip-lite'],
    [
      'there is no window',
      { window: { from: null, to: null, note: '' } },
      'are not told apart, and there is no baseline',
    ],
    ['there are no read-only events', { coverage: { ...report.coverage, read_events: false } }, 'AssumeRole is one'],
    [
      'keys are masked',
      { evidence: { ...report.evidence, events_with_masked_key: 1 } },
      '1 event bears a masked access key id',
    ],
    [
      'calls were logged again',
      { evidence: { ...report.evidence, addenda: 3, addenda_without_original: 1 } },
      '3 events are addenda: calls that AWS logged again because data of the first record was missing or wrong. Original and addendum are both kept, and counted as two events; of 1 the original is not in the evidence.',
    ],
    ['events came late', { evidence: { ...report.evidence, late_events: 1 } }, '1 event came late, as AWS notes on it'],
    [
      'a rule stopped',
      { stopped_rules: [{ rule: 'secrets/read', reason: 'slow' }] },
      '1 rule did not run to the end (secrets/read)',
    ],
    [
      'a seed does not occur',
      { seeds: [{ access_key_id: 'AKIAEXAMPLE', occurs: false, principal: null }] },
      '1 key asked for does not occur',
    ],
  ])('say when %s', (_, changes, said) => {
    expect(saying(changes)).toContain(said);
  });

  it('say nothing that does not hold', () => {
    const whole = { ...report.evidence, files_partial: 0, rejected: 0, events_without_time: 0 };
    const said = saying({ evidence: whole, unresolved: [], ips: [], window: { from: null, to: null, note: '' } });
    expect(said).not.toMatch(
      /only in part|could not be read|without a readable time|further credential|geoip|zone|own work/,
    );
  });
});

describe('what is there once is counted as one', () => {
  const file = {
    ...report.evidence.manifest[0]!,
    status: 'partial' as const,
    reason: 'cut',
    bytes: 1,
    inflated_bytes: 1,
    records: 1,
    events: 1,
    duplicates: 1,
    conflicts: 1,
    ignored: 1,
    rejected: 7,
    partial_events: 1,
    rejects: Array.from({ length: 6 }, (_, n) => ({ record_index: n, byte_offset: 1, reason: 'cut' })),
  };
  const numbers = Object.entries(report.evidence).filter(([, value]) => typeof value === 'number');
  const one: Report['evidence'] = {
    ...report.evidence,
    ...Object.fromEntries(numbers.map(([name]) => [name, 1])),
    manifest: [file],
  };
  const said: [string, string][] = [
    ['ingest and check', evidenceText(one, 1)],
    ['evidence', manifestText([file])],
    ['the limits', limits({ ...report, evidence: one }).join('\n')],
    ['the terminal', terminal({ ...report, evidence: one }, { colour: false, width: 200, files: [] })],
    ['report.md', [...markdown({ ...report, evidence: one })].join('')],
    ['report.html', [...html({ ...report, evidence: one })].join('')],
  ];

  it.each(said)('by %s', (_, text) => {
    expect(text).toMatch(/\b1 (new |evidence )?(file|record|event)\b/);
    const nouns = 'files|records|events|duplicates|conflicts|bytes|rejects|addenda|fields';
    expect(text).not.toMatch(new RegExp(`(?<![\\d,.])1 ([a-z]+ )?(${nouns})\\b`));
    expect(text).not.toMatch(/(?<![\d,.])1 (evidence file|record|event) (were|are|come|bear|carry|have)\b/);
  });
});

it('the ledger says once what is wrong with a file as a whole, and apart what is wrong with its records', () => {
  const [file] = report.evidence.manifest;
  const whole = { record_index: null, byte_offset: 9, reason: 'the file ends early' };
  const one = { record_index: 1, byte_offset: 7, reason: 'the file ends in the middle of this record' };
  const told = {
    ...file!,
    status: 'partial' as const,
    reason: 'the file ends early, at byte 9 of the content',
    rejects: [whole, one],
  };
  const text = manifestText([{ ...told, rejected: 1 }]);
  expect(text.match(/the file ends early/g)).toHaveLength(1);
  expect(text).toContain('  rejected record 1 at byte 7: the file ends in the middle of this record\n');
});
