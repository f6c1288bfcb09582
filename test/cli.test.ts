/** The built program as a user runs it: one sentence for each thing that is wrong, the exit code of the README, nothing else on stdout. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type CloudTrailRecord,
  createUser,
  delivery,
  evidence,
  evidenceOnce,
  record,
  refused,
  scratch,
  trailscope,
} from './support.ts';
import { rulesText } from '../src/report/rules.ts';
import type { Report } from '../src/report/model.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const scope = (folder: string, ...more: string[]) => trailscope(['scope', folder, '--access-key', seed, ...more]);

const stopLogging = (n: number): CloudTrailRecord =>
  record(n, {
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    readOnly: false,
    requestParameters: { name: 'org-trail' },
  });

describe('what cannot run says why and ends with 2', () => {
  const logs = evidenceOnce({ 'log.json': delivery(record(1)) });

  it.each([
    [
      'a path that does not exist',
      ['scope', 'nowhere', '-k', seed],
      /^trailscope: The path nowhere does not exist\. Give the folder/,
    ],
    [
      'a key that never occurs',
      ['scope', logs, '-k', 'AKIAI44QH8DHBEXAMPLE'],
      /^trailscope: No event names the access key AKIAI44QH8DHBEXAMPLE\./,
    ],
    ['no paths and no case', ['scope', '-k', seed], /^trailscope: Nothing to look at/],
    ['a time that is none', ['scope', logs, '-k', seed, '--from', 'soon'], /^trailscope: --from soon is no time/],
    [
      'an empty window',
      ['scope', logs, '-k', seed, '--from', '2026-03-26', '--to', '2026-03-25'],
      /^trailscope: --from 2026-03-26T00:00:00Z is not before --to/,
    ],
    ['an unknown option', ['scope', logs, '-k', seed, '--colour'], /^trailscope: unknown option '--colour'/],
    [
      'nothing to follow',
      ['scope', logs],
      /^trailscope: Nothing to follow: give --access-key, --principal, --event or --ip\./,
    ],
    [
      'a severity that is none',
      ['check', logs, '--fail-on', 'bad'],
      /^trailscope: option '--fail-on <severity>' argument 'bad' is invalid\. Allowed choices/,
    ],
    [
      'a case that does not exist',
      ['query', 'SELECT 1', '--case', 'none.duckdb'],
      /^trailscope: The case none\.duckdb does not exist/,
    ],
    ['an empty key', ['scope', logs, '-k', ' '], /^trailscope: --access-key is empty/],
    [
      'two keys in one option',
      ['scope', logs, '-k', `${seed},AKIAI44QH8DHBEXAMPLE`],
      /^trailscope: --access-key \S+ holds several words\. Give --access-key once for each id/,
    ],
    [
      'a window after the evidence',
      ['scope', logs, '-k', seed, '--from', '2030-01-01'],
      /^trailscope: No event of the evidence lies in the window: it spans 2026-\S+ to 2026-\S+\. Give --from and --to/,
    ],
    [
      'a window before the evidence',
      ['scope', logs, '-k', seed, '--to', '2020-01-01'],
      /^trailscope: No event of the evidence lies in the window/,
    ],
    ['an empty time', ['scope', logs, '-k', seed, '--from', ''], /^trailscope: --from is empty/],
    [
      'a report folder that is a file',
      ['scope', logs, '-k', seed, '--out', join(logs, 'log.json')],
      /^trailscope: The folder .*log\.json cannot be made: a file is in the way\. Name another place with --out/,
    ],
    [
      'a report folder below a file',
      ['scope', logs, '-k', seed, '--out', join(logs, 'log.json/report')],
      /cannot be made: a part of the path is a file/,
    ],
    [
      'a report folder that no one can make',
      ['scope', logs, '-k', seed, '--out', '/proc/report/deep'],
      /cannot be made: /,
    ],
    ['a case in such a folder', ['ingest', logs, '--case', '/proc/deep/c.duckdb'], /cannot be made: .* with --case/],
    ['too little memory', ['check', logs, '--memory', '10MB'], /Give a size of 1GB or more/],
  ])('%s', (_, args, sentence) => {
    refused(trailscope(args), sentence);
  });

  it('an empty folder', () => {
    const folder = scratch();
    refused(scope(folder), /^trailscope: No file lies under /);
  });

  it('a folder without a single event, with an example of what lies there', () => {
    refused(
      scope(evidence({ 'a.json': '{"Records":[]}', 'b.txt': 'notes' })),
      /^trailscope: None of the 2 files holds a CloudTrail event that can be read\. For example b\.txt: not JSON/,
    );
  });

  it('a file none of whose records can be read, with what is wrong with one', () => {
    refused(
      scope(evidence({ 'a.json': String.raw`{"Records":[{"eventID":"a","eventName":"\ud800"}]}` })),
      /^trailscope: The one file holds no .* For example a\.json: a record is not readable/,
    );
  });

  it('nothing but an export that is not read yet, which is named: that run is incomplete', () => {
    const folder = evidence({ 'a.txt': 'notes', 'z.7z': Buffer.from('377abcaf271c0004', 'hex') });
    const sentence = /^trailscope: None of the 2 files .* For example z\.7z: 7z archive/;
    refused(scope(folder), sentence, 3);
    const ingested = trailscope(['ingest', folder]);
    expect(ingested.stderr).toMatch(sentence);
    expect(ingested.code).toBe(3);
  });

  it('leaves no case where there was nothing to put in one', () => {
    const folder = scratch();
    mkdirSync(join(folder, 'empty'));
    refused(trailscope(['ingest', 'empty', '--case', 'c.duckdb'], folder), /^trailscope: No file lies under empty/);
    expect(readdirSync(folder)).toEqual(['empty']);
  });

  it('a case that is something else, which stays as it was', () => {
    const folder = evidence({ 'notes.duckdb': 'my notes', 'logs/log.json': delivery(record(1)) });
    refused(
      trailscope(['scope', join(folder, 'logs'), '-k', seed, '--case', 'notes.duckdb'], folder),
      /^trailscope: notes\.duckdb.*is not a trailscope case|^trailscope: .*notes\.duckdb is not a trailscope case/,
    );
    expect(readFileSync(join(folder, 'notes.duckdb'), 'utf8')).toBe('my notes');
  });
});

describe('what ran on less than everything ends with 3 and names it', () => {
  it.each([
    ['a truncated gzip', gzipSync(delivery(record(2))).subarray(0, 40), 'rejected'],
    ['not gzip', Buffer.from('hello'), 'rejected'],
    ['not JSON', Buffer.from('{"Records":[{]}'), 'rejected'],
    ['no Records', Buffer.from('{}'), 'rejected'],
    ['lookup-events output', Buffer.from('{"Events":[{"CloudTrailEvent":"{}"}]}'), 'rejected'],
    ['a truncated log', Buffer.from(delivery(record(2), record(3)).slice(0, -200)), 'partial'],
  ])('%s', (_, content, status) => {
    const { code, stdout } = trailscope([
      'check',
      evidence({ 'good.json': delivery(record(1)), 'other.json.gz': content }),
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain(`${status}: other.json.gz: `);
  });
});

describe('the gate', () => {
  it('passes quiet logs with 0', () => {
    expect(trailscope(['check', evidence({ 'log.json': delivery(record(1), record(2)) })]).code).toBe(0);
  });

  it('fails with 1 at or above --fail-on, and only there', () => {
    const logs = evidence({ 'log.json': delivery(record(1), stopLogging(2)) });
    expect(trailscope(['check', logs]).code).toBe(1);
    expect(trailscope(['check', logs, '--fail-on', 'critical']).code).toBe(0);
  });

  it('prints JSON of the report’s own shape, the same twice', () => {
    const logs = evidence({ 'log.json': delivery(record(1), createUser(2)) });
    const [first, second] = [1, 2].map(() => trailscope(['check', logs, '--format', 'json']).stdout);
    expect(second).toBe(first);
    const printed = JSON.parse(first!) as { schema_version: string; findings: { rule: string; evidence: object[] }[] };
    expect(Object.keys(printed)).toEqual([
      'schema_version',
      'tool',
      'generated',
      'evidence',
      'address_data',
      'coverage',
      'findings',
      'stopped_rules',
    ]);
    expect(printed.findings.find(({ rule }) => rule === 'new-principals/iam-user-created')!.evidence).toEqual([
      { file: 'log.json', record_index: 1 },
    ]);
  });
});

describe('a scope run', () => {
  it('says "all recorded use" without --from, and calls nobody an attacker', () => {
    const out = scratch();
    const { code, stdout } = trailscope(
      ['scope', evidence({ 'log.json': delivery(record(1), createUser(2)) }), '-k', seed, '--out', 'r'],
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/all recorded use, the owner's included/i);
    for (const file of ['report.md', 'report.html']) {
      const headings =
        readFileSync(join(out, 'r', file), 'utf8').match(/^#.*$|<(h\d|title|caption)[^>]*>.*?<\/\1>/gim) ?? [];
      expect(headings.length).toBeGreaterThan(5);
      expect(headings.join('\n')).not.toMatch(/attacker|thief|adversary/i);
    }
  });

  it('says "not recorded", never "none", of data where the evidence holds no data events', () => {
    const { stdout } = scope(
      evidence({ 'log.json': delivery(record(1)) }),
      '--format',
      'json',
      '--out',
      join(scratch(), 'r'),
    );
    const { answers } = JSON.parse(stdout) as {
      answers: { id: string; state: string; headline: string; notes: string[] }[];
    };
    expect(answers.find(({ id }) => id === 'data')!.state).toBe('not_recorded');
    for (const { state, headline, notes } of answers)
      if (state === 'none') expect([headline, ...notes].join(' ')).toMatch(/The evidence holds 1 event/);
  });

  it('lets no text of the evidence reach the terminal, the page or the tables as anything but text', () => {
    const nasty = '<script>document.title="owned"</script>\u001b[31m=HYPERLINK("http://example.com")|`x`\u202e';
    const formula = '=HYPERLINK("http://example.com","x")';
    const hostile = (n: number): CloudTrailRecord => ({
      ...createUser(n),
      userAgent: n % 2 ? nasty : formula,
      awsRegion: nasty,
      sourceIPAddress: nasty,
      errorMessage: nasty,
      requestParameters: { userName: n % 2 ? nasty : formula },
      responseElements: null,
      errorCode: 'AccessDenied',
    });
    const out = scratch();
    const folder = evidence({
      'log.json': delivery(record(1), hostile(2), hostile(3)),
      ['<img src=x onerror=alert(1)>.txt']: 'x',
    });
    const { stdout } = trailscope(['scope', folder, '-k', seed, '--out', 'r'], out);
    const file = (name: string): string => readFileSync(join(out, 'r', name), 'utf8');
    const check = trailscope(['check', folder]).stdout;
    for (const text of [
      stdout,
      check,
      file('report.md'),
      file('report.html'),
      file('findings.csv'),
      file('timeline.csv'),
    ]) {
      expect(text).not.toContain('\u001b[31m');
      expect(text).not.toContain('\u202e');
    }
    for (const name of ['report.html', 'report.md']) {
      // In Markdown what stands between backticks is text already.
      const text = name === 'report.md' ? file(name).replace(/`[^`\n]*`/g, '') : file(name);
      expect(text).not.toContain('<script>document');
      expect(text).not.toContain('<img src=x');
    }
    for (const name of ['findings.csv', 'timeline.csv']) expect(file(name)).not.toMatch(/(^|,)"?=HYPER/m);
  });

  it('loads once, and again only what is new', () => {
    const out = scratch();
    const folder = evidence({ 'a.json': delivery(record(1)) });
    expect(trailscope(['ingest', folder, '--case', 'c.duckdb'], out).stdout).toMatch(/^1 new file/);
    writeFileSync(join(folder, 'b.json'), delivery(createUser(2)));
    const again = trailscope(
      ['scope', folder, '-k', seed, '--case', 'c.duckdb', '--format', 'json', '--out', 'r'],
      out,
    );
    expect((JSON.parse(again.stdout) as { evidence: { events: number } }).evidence.events).toBe(2);
    const { stdout } = trailscope(
      ['query', 'SELECT count(*) AS n FROM custody_log', '--case', 'c.duckdb', '--format', 'csv'],
      out,
    );
    expect(stdout.trim().split(/\r?\n/)).toEqual(['n', '2']);
  });

  it('keeps one customer’s evidence out of another’s report, unless the case is named', () => {
    const folder = scratch();
    const [a, b] = [evidence({ 'a.json': delivery(record(1)) }), evidence({ 'b.json': delivery(createUser(2)) })];
    const run = (logs: string, ...more: string[]) => trailscope(['scope', logs, '-k', seed, ...more], folder);
    expect(run(a).code).toBe(0);
    const before = readFileSync(join(folder, 'trailscope-report/report.json'));
    refused(
      run(b),
      /^trailscope: The case \S+ holds a file that is not under the paths given, or changed since loading \(a\.json\)\. Give another folder with --out/,
    );
    expect(readFileSync(join(folder, 'trailscope-report/report.json')).equals(before)).toBe(true);
    expect(run(a).code).toBe(0);
    const both = run(b, '--case', 'trailscope-report/trailscope.duckdb', '--format', 'json');
    expect(both.stderr).toMatch(/^trailscope: The case \S+ holds a file .*\(a\.json\); the answer covers it too\.\n$/);
    expect((JSON.parse(both.stdout) as { evidence: { events: number } }).evidence.events).toBe(2);
  });

  it('refuses to mix what a file held with what it holds now', () => {
    const folder = scratch();
    const logs = evidence({ 'a.json': delivery(record(1)) });
    const run = () => trailscope(['scope', logs, '-k', seed], folder);
    expect(run().code).toBe(0);
    writeFileSync(join(logs, 'a.json'), delivery(record(1), createUser(2)));
    refused(run(), /changed since loading \(a\.json\)/);
  });

  it('shows no colour and no progress where there is no terminal', () => {
    const { stdout, stderr } = scope(evidence({ 'log.json': delivery(record(1)) }), '--out', join(scratch(), 'r'));
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});

it('says in the terminal and in the report which key asked for is not in the evidence', () => {
  const out = scratch();
  const folder = evidence({ 'a.json': delivery(record(1)) });
  const ran = trailscope([
    'scope',
    folder,
    '-k',
    seed,
    '-k',
    'AKIAI44QH8DHBEXAMPLE',
    '--from',
    '2020-01-01',
    '-o',
    out,
  ]);
  expect(ran.stdout).toContain('Not in the evidence: AKIAI44QH8DHBEXAMPLE. Check the id.');
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  expect(report.credentials.map(({ access_key_id, note }) => [access_key_id, note])).toContainEqual([
    'AKIAI44QH8DHBEXAMPLE',
    'not_in_evidence',
  ]);
  expect(report.containment.find(({ subject }) => subject === 'AKIAI44QH8DHBEXAMPLE')?.what).toMatch(
    /nothing in the evidence names it: check the id first/,
  );
  expect(report.rotation.map(({ subject }) => subject)).not.toContain('AKIAI44QH8DHBEXAMPLE');
  expect(report.limits.join(' ')).toMatch(/The window begins before the first event of the evidence/);
});

it.each([80, 100, 120])('breaks no rule id at %i columns', (width) => {
  const rules = [
    {
      id: 'backdoors/resource-policy-admits-outsiders',
      pack: 'backdoors',
      title: 'A title of some words to wrap',
      severity: 'high',
      category: 'x',
      attack: { v18: ['T1098'], v19: [] },
      covers: ['A1.01'],
      why: '',
      misses: '',
    },
  ];
  const text = rulesText(rules, { width, colour: false });
  expect(text).toContain('backdoors/resource-policy-admits-outsiders');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
});

it('cuts names that no page can hold, and says how long they are; report.json has them whole', () => {
  const out = scratch();
  const name = 'x'.repeat(200_000);
  const made = createUser(1);
  const folder = evidence({
    'a.json': delivery({
      ...made,
      requestParameters: { userName: name },
      responseElements: { user: { userName: name } },
      userAgent: name,
    }),
  });
  expect(trailscope(['scope', folder, '-k', seed, '-o', out]).code).toBe(0);
  const read = (file: string): string => readFileSync(join(out, file), 'utf8');
  expect(read('report.json')).toContain(name);
  expect(read('report.md')).toContain('… (200,000 characters)');
  // Commands are to be copied, so they stay whole.
  const lines = read('report.md')
    .split('\n')
    .filter((line) => !line.startsWith('aws '));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30_000);
  for (const file of ['findings.csv', 'timeline.csv'])
    for (const cell of read(file).split(/,|\r\n/)) expect(cell.length).toBeLessThanOrEqual(32_767);
});
