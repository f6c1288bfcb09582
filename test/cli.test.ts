/** The built program as a user runs it: one sentence for each thing that is wrong, the exit code of the README, nothing else on stdout. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type CloudTrailRecord,
  delivery,
  evidence,
  evidenceOnce,
  leftBehind,
  record,
  root,
  scratch,
  trailscope,
} from './support.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const scope = (folder: string, ...more: string[]) => trailscope(['scope', folder, '--access-key', seed, ...more]);

const createUser = (n: number): CloudTrailRecord =>
  record(n, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    readOnly: false,
    requestParameters: { userName: 'svc-backup-sync' },
    responseElements: {
      user: {
        userName: 'svc-backup-sync',
        arn: 'arn:aws:iam::111122223333:user/svc-backup-sync',
        userId: 'AIDAI44QH8DHBEXAMPLE',
        path: '/',
      },
    },
  });

const stopLogging = (n: number): CloudTrailRecord =>
  record(n, {
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    readOnly: false,
    requestParameters: { name: 'org-trail' },
  });

/** Exit 2 or another, one line on stderr, nothing on stdout. */
const refused = (ran: { code: number | null; stdout: string; stderr: string }, sentence: RegExp, code = 2): void => {
  expect(ran.stderr).toMatch(sentence);
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(ran.stdout).toBe('');
  expect(ran.code).toBe(code);
};

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
    ['no key', ['scope', logs], /^trailscope: required option '-k, --access-key <id>' not specified/],
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
      /^trailscope: None of the 2 files holds a CloudTrail event\. For example b\.txt: not JSON/,
    );
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
      'evidence',
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

  it('shows no colour and no progress where there is no terminal', () => {
    const { stdout, stderr } = scope(evidence({ 'log.json': delivery(record(1)) }), '--out', join(scratch(), 'r'));
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});

describe('a query', () => {
  const logs = evidenceOnce({ 'log.json': delivery(record(1), createUser(2)) });
  const folder = join(logs, '..');
  const query = (sql: string, ...more: string[]) =>
    trailscope(['query', sql, '--case', join(folder, 'q.duckdb'), ...more], folder);
  trailscope(['ingest', logs, '--case', 'q.duckdb'], folder);
  const sql = 'SELECT event_name, event_time, read_only, request_parameters FROM events ORDER BY event_time';

  it('prints a table, JSON with nested parameters, or CSV', () => {
    expect(query(sql).stdout).toContain('CreateUser');
    expect((JSON.parse(query(sql, '--format', 'json').stdout) as object[])[1]).toEqual({
      ...{ event_name: 'CreateUser', event_time: '2026-03-25T02:00:02Z', read_only: false },
      request_parameters: { userName: 'svc-backup-sync' },
    });
    expect(query(sql, '--format', 'csv').stdout.split('\r\n')[0]).toBe(
      'event_name,event_time,read_only,request_parameters',
    );
  });

  it('writes Arrow files that apache-arrow reads', async () => {
    expect(query(sql, '--format', 'arrow', '--out', 'q.arrow').code).toBe(0);
    const { tableFromIPC } = await import('apache-arrow');
    const table = tableFromIPC(readFileSync(join(folder, 'q.arrow')));
    expect(table.numRows).toBe(2);
    expect(table.get(1)!.toJSON()).toMatchObject({
      event_name: 'CreateUser',
      event_time: Date.UTC(2026, 2, 25, 2, 0, 2),
    });
  });

  it('writes Parquet', () => {
    expect(query(sql, '--format', 'parquet', '--out', 'q.parquet').code).toBe(0);
    expect(readFileSync(join(folder, 'q.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it.each([
    ['changes the case', 'DELETE FROM events', /only SELECT/i],
    ['reads a file', `SELECT * FROM read_csv('/etc/passwd')`, /Permission Error/],
    ['writes a file', `COPY events TO 'x.csv'`, /only SELECT/i],
    ['names no column', 'SELECT nothing FROM events', /nothing/],
    ['is several', 'SELECT 1; SELECT 2', /exactly one SELECT/],
    ['is no SQL', 'SELEC', /syntax error/],
  ])('that %s is refused with one sentence', (_, text, sentence) => {
    refused(query(text), sentence);
  });
});

it('survives a reader that has seen enough', () => {
  const logs = evidence({ 'log.json': delivery(...Array.from({ length: 3000 }, (_, n) => record(n))) });
  const folder = scratch();
  trailscope(['ingest', logs, '--case', 'c.duckdb'], folder);
  const command = `node ${join(root, 'dist/cli.js')} query 'SELECT * FROM events' --format csv --case c.duckdb | head -1`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it('leaves no evidence beside the case when it is stopped', async () => {
  const folder = scratch();
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const records = Array.from({ length: 4000 }, (_, n) =>
    record(n, { requestParameters: { padding: 'x'.repeat(2000) } }),
  );
  for (let i = 0; i < 40; i++)
    writeFileSync(
      join(logs, `${i}.json`),
      delivery(...records.map((one) => ({ ...one, eventID: `${i}-${String(one['eventID'])}` }))),
    );
  const child = spawn('node', [join(root, 'dist/cli.js'), 'ingest', logs, '--case', 'c.duckdb'], { cwd: folder });
  await new Promise((resolve) => setTimeout(resolve, 900));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.on('exit', resolve));
  expect(code).toBe(130);
  expect(leftBehind(folder)).toEqual([]);
  const again = trailscope(['ingest', logs, '--case', 'c.duckdb', '--format', 'json'], folder);
  expect((JSON.parse(again.stdout) as { events: number }).events).toBe(160_000);
});

it('tells a second process on one case in one sentence', async () => {
  const folder = scratch();
  const { openCase } = await import('../src/case.ts');
  const opened = await openCase({ path: join(folder, 'c.duckdb'), threads: 1, memoryMB: 700 });
  refused(
    trailscope(['query', 'SELECT 1', '--case', 'c.duckdb'], folder),
    /^trailscope: The case .* is in use by another process/,
  );
  opened.close();
});

it('loads neither the engine nor a command before one is chosen, so that help is quick', () => {
  const imports = readFileSync(join(root, 'src/cli.ts'), 'utf8').match(/^import .* from '(.*)';$/gm)!;
  expect(imports.map((line) => line.replace(/^.* from '(.*)';$/, '$1')).toSorted()).toEqual([
    './commands/program.ts',
    './errors.ts',
    'commander',
    'node:fs',
    'node:os',
  ]);
});

it('packs only what runs', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const tops = [...new Set(files.map(({ path }) => path.split('/')[0]))].toSorted();
  expect(tops).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'queries']);
  expect(existsSync(join(root, 'dist/cli.js'))).toBe(true);
  expect(readdirSync(join(root, 'queries')).toSorted()).toEqual(['catalog', 'packs', 'steps', 'tables']);
});

it('has a lock file that names the packages of every platform, or npm ci refuses it elsewhere', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))).toEqual(
    [],
  );
});
