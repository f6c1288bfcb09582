/** The files of a report: whole or not at all, the same bytes every time, and readable by the tools that they are for. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exit, TrailscopeError } from '../src/errors.ts';
import { formats, terminal, writeReport } from '../src/report/index.ts';
import { reportSchema, type TimelineRow } from '../src/report/model.ts';
import { parseCsv } from './read-csv.ts';
import { rowsOf, sampleReport } from './sample-report.ts';
import { timeline } from './sample-story.ts';

const report = sampleReport();
const names = ['report.html', 'report.md', 'report.json', 'findings.csv', 'timeline.csv'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailscope-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string, inside = folder): string => readFileSync(join(inside, name), 'utf8');

describe('a report folder', () => {
  it('holds the five files and nothing else', async () => {
    const deep = join(folder, 'case 17');
    mkdirSync(deep);
    const written = await writeReport(report, rowsOf(timeline), deep);
    expect(written).toEqual(names.map((name) => join(deep, name)));
    expect(readdirSync(deep).toSorted()).toEqual(names.toSorted());
  });

  it('gets the same bytes from the same report', async () => {
    const again = join(folder, 'again');
    mkdirSync(again);
    await writeReport(report, rowsOf(timeline), folder);
    await writeReport(sampleReport(), rowsOf(timeline), again);
    for (const name of names) expect(read(name)).toBe(read(name, again));
  });

  it('keeps the file of the run before, and no half of a new one, where the timeline breaks off', async () => {
    await writeReport(report, rowsOf(timeline), folder);
    const before = read('timeline.csv');
    async function* breaking(): AsyncGenerator<TimelineRow> {
      yield* timeline;
      throw new Error('the case was closed');
    }
    await expect(writeReport(report, breaking(), folder)).rejects.toThrow('the case was closed');
    expect(read('timeline.csv')).toBe(before);
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
  });

  it('is refused in one sentence where a folder is in the way of a file', async () => {
    mkdirSync(join(folder, 'report.html'));
    const failure = await writeReport(report, rowsOf(timeline), folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrailscopeError);
    expect(failure).toMatchObject({
      exitCode: exit.cannotRun,
      message: `Could not write ${join(folder, 'report.html')}: a folder is in the way. Choose another folder with --out, or make room there.`,
    });
  });

  it('does not write through a link that someone left under the temporary name', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'keep');
    const { symlinkSync } = await import('node:fs');
    symlinkSync(victim, join(folder, '.report.html.partial'));
    await writeReport(report, rowsOf(timeline), folder);
    expect(readFileSync(victim, 'utf8')).toBe('keep');
    expect(existsSync(join(folder, '.report.html.partial'))).toBe(false);
  });
});

describe('report.json', () => {
  it('is the whole model, pretty-printed, and passes its own schema', () => {
    const text = [...formats.json.render(report)].join('');
    expect(text).toBe(`${JSON.stringify(report, null, 2)}\n`);
    expect(reportSchema.parse(JSON.parse(text))).toEqual(report);
  });
});

describe('findings.csv', () => {
  it('has a line a finding under named columns', () => {
    const [head = [], ...rows] = parseCsv([...formats.findings.render(report)].join(''));
    expect(head.slice(0, 3)).toEqual(['id', 'severity', 'outcome']);
    expect(rows).toHaveLength(report.findings.length);
    expect(rows[0]?.[head.indexOf('rule')]).toBe('secrets/secret-read');
    expect(rows[0]?.[head.indexOf('evidence')]).toMatch(/\.json\.gz#18$/);
  });
});

describe('timeline.csv', () => {
  it('has a line an event, more than the report itself shows', async () => {
    async function* many(): AsyncGenerator<TimelineRow> {
      for (let round = 0; round < 5_000; round += 1) yield* timeline;
    }
    await writeReport(report, many(), folder);
    const lines = read('timeline.csv').split('\r\n');
    expect(lines).toHaveLength(5_000 * timeline.length + 2);
    expect(parseCsv(lines.slice(0, 2).join('\r\n') + '\r\n')[1]?.slice(0, 5)).toEqual([
      '2026-03-02T08:02:00Z',
      '7f3c1e2a-0b4d-4c6e-9a18-000000000000',
      'sts.amazonaws.com',
      'GetCallerIdentity',
      'success',
    ]);
  });
});

describe('report.html and report.md', () => {
  const page = (changes = {}): string => [...formats.html.render(sampleReport(changes))].join('');
  const text = (changes = {}): string => [...formats.markdown.render(sampleReport(changes))].join('');

  it('load nothing from anywhere', () => {
    expect(page()).toContain("default-src 'none'");
    expect(page()).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page()).not.toMatch(/url\(|@import/);
  });

  it('spell out both sums of the evidence', () => {
    for (const one of [page(), text()]) {
      expect(one).toContain('26 files = 24 read + 1 partial + 1 skipped + 0 rejected');
      expect(one).toContain('2,938 records = 2,889 events + 48 duplicates + 0 conflicts + 0 ignored + 1 rejected');
    }
  });

  it('say loudly where a sum does not hold', () => {
    const evidence = { ...report.evidence, records: report.evidence.records + 1 };
    expect(page({ evidence })).toContain('These sums do not hold: evidence was lost in reading.');
  });

  it('show the first 2,000 rows of a long timeline, say so, and point at timeline.csv', () => {
    const long = Array.from({ length: 2_500 }, (_, at) =>
      Object.assign({}, timeline[0], { event_id: `event-${at}`, event_name: `Call${at}` }),
    );
    const changes = { timeline: long, timeline_total: 31_000 };
    expect(page(changes)).toContain('The first 2,000 of 31,000 notable events are shown');
    expect(page(changes)).toContain('event-1999');
    expect(page(changes)).not.toContain('event-2000');
    expect(text(changes)).toContain('timeline.csv holds every event');
  });

  it('tell equal calls in a row once, with what they were about', () => {
    const [read] = timeline;
    const rows = ['one', 'two', 'three'].map((name) => Object.assign({}, read, { event_id: name, what: [name] }));
    expect(text({ timeline: rows, timeline_total: 3 })).toMatch(
      /sts:GetCallerIdentity ×3;.*\| `one`; `two`; and 1 more \|/,
    );
    expect(page({ timeline: rows, timeline_total: 3 })).toContain(
      '<details class="more"><summary>and 2 more events</summary>',
    );
  });

  it('group unresolved keys by principal, reason and service, those that need a look first', () => {
    const [known] = report.unresolved;
    const keys = [...Array(40).keys(), 99].map((at) =>
      Object.assign({}, known, {
        access_key_id: `ASIAFORWARDED${at}`,
        services: at === 99 ? [] : ['kms.amazonaws.com'],
        reason: at === 99 ? 'console session' : 'forward access session',
      }),
    );
    const shown = text({ unresolved: keys });
    expect(shown).toContain('1 of 41 were used by others than AWS services: they stand first.');
    expect(shown.match(/^\| `ASIAFORWARDED.*/gm)?.map((line) => line.split(' | ').slice(0, 2))).toEqual([
      ['| `ASIAFORWARDED99`', '1'],
      ['| `ASIAFORWARDED0`; `ASIAFORWARDED1`; and 38 more', '40'],
    ]);
  });

  it('cut a long manifest and point at report.json', () => {
    const [file] = report.evidence.manifest;
    const manifest = Array.from({ length: 2_100 }, (_, at) => Object.assign({}, file, { path: `file-${at}.json` }));
    const long = page({ evidence: { ...report.evidence, manifest } });
    expect(long).toContain('the first 2,000, report.json holds all');
    expect(long).not.toContain('file-2000.json');
  });

  it('set each credential under the one that issued it, by its hop', () => {
    const ids = [
      ...page().matchAll(/<th scope="row"(?: class="hop hop-(\d)")?><div><code class="short">(A[KS]IA\w+)/g),
    ];
    expect(ids.slice(0, 5).map(([, hop = '0', id]) => `${hop} ${id}`)).toEqual([
      '0 AKIAIOSFODNN7EXAMPLE',
      '1 AKIAI44QH8DHBEXAMPLE',
      '1 ASIAIOSFODNN7EXAMPLE',
      '2 ASIAI44QH8DHBEXAMPLE',
      '2 ASIAEXAMPLEUNUSED001',
    ]);
  });

  it('lose no credential where issuers go round in a circle', () => {
    const [seed, ...rest] = report.credentials;
    if (seed === undefined) throw new Error('the sample has no credential');
    const round = ['ASIAROUND1', 'ASIAROUND2'].map((access_key_id, at, both) =>
      Object.assign({}, seed, { access_key_id, hop: 1, issued_by: both[1 - at] }),
    );
    const shown = text({ credentials: [seed, ...rest, ...round] });
    expect(shown).toContain('ASIAROUND1');
    expect(shown).toContain('ASIAROUND2');
  });

  it('follow the playbook: detection, analysis, containment, eradication, recovery', () => {
    const headings = text().match(/^## .*/gm);
    expect(headings).toEqual(
      ['Detection', 'Analysis', 'Containment', 'Eradication', 'Recovery', 'Evidence and limits'].map(
        (name) => `## ${name}`,
      ),
    );
  });

  it('carry the sentence on coverage with every none', () => {
    const bare = { resources: [], principals: [], secrets: [], data_access: [], findings: [], consequences: [] };
    const count = page(bare).split(report.coverage.sentence).length - 1;
    expect(count).toBeGreaterThanOrEqual(9);
  });

  it('tell a long list in lines of their own, never in one of thousands of characters', () => {
    const evidence = Array.from({ length: 20 }, (_, at) => ({
      file: `${'folder/'.repeat(20)}${at}.json`,
      record_index: at,
    }));
    const findings = report.findings.slice(0, 1).map((row) => Object.assign({}, row, { evidence }));
    const lines = text({ findings }).split('\n');
    expect(lines.filter((line) => line.startsWith('  - `folder/'))).toHaveLength(20);
  });

  it('name rules that stopped', () => {
    const changes = { stopped_rules: [{ rule: 'backdoors/slow-rule', reason: 'it ran longer than 30 seconds' }] };
    expect(page(changes)).toContain('1 rule did not run to the end.');
    expect(text(changes)).toContain('it ran longer than 30 seconds');
  });
});

describe('the short version', () => {
  const written = ['out/report.html', 'out/findings.csv'];
  const shown = terminal(report, { width: 80, colour: false, files: written, kept: 'out/trailscope.duckdb' });

  it('has the four answers, the sums of the evidence, the worst findings first, and where the files are', () => {
    for (const { question, headline } of report.answers) {
      expect(shown).toContain(question);
      expect(shown.replace(/\s+/g, ' ')).toContain(headline);
    }
    expect(shown).toContain('26 files = 24 read + 1 partial + 1 skipped + 0 rejected');
    expect(shown.indexOf('critical')).toBeLessThan(shown.indexOf('medium '));
    expect(shown.split('\n').slice(-4)).toEqual([
      'Open out/report.html',
      '  Beside it: findings.csv',
      '  Case file: out/trailscope.duckdb',
      '',
    ]);
  });

  it.each([60, 80, 120, 200])('fits %i columns, in plain ASCII without colour', (width) => {
    const lines = terminal(report, { width, colour: false, files: [] }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(width, 120));
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  it('gives findings a table where there is room, else lines of their own', () => {
    expect(shown).toContain('\n  critical  2026-03-02 08:06:00  succeeded\n    ');
    expect(terminal(report, { width: 110, colour: false, files: [] })).toMatch(/outcome +first seen +what/);
  });

  it('says under the headline, in every format, what is not recorded', () => {
    const coverage = { ...report.coverage, data_events: [] };
    const silent = sampleReport({ coverage });
    const said = 'Not recorded: the evidence holds no data events';
    const all = [...formats.html.render(silent)].join('').replaceAll('</p>\n<p class="warning">', '</p>');
    expect(all).toMatch(new RegExp(`<p class="headline">[^<]*</p>${said}`));
    expect([...formats.markdown.render(silent)].join('')).toMatch(
      new RegExp(`Found, reads not recorded\\.\\*\\*.*\\n\\n\\*\\*${said}`),
    );
    const short = terminal(silent, { width: 80, colour: false, files: [] });
    expect(short).toContain('What data was touched? found, reads not recorded');
    expect(short.replace(/\s+/g, ' ')).toContain(said);
  });

  it('has colour only where asked', () => {
    expect(shown).not.toContain('\x1b');
    expect(terminal(report, { width: 80, colour: true, files: [] })).toContain('\x1b[31mfound\x1b[0m');
  });
});
