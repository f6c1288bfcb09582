/** The gate for CI jobs and packs of one's own, by the built program. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparedText } from '../src/report/words.ts';
import { parseCsv } from './read-csv.ts';
import { delivery, evidence, record, scratch, trailscope } from './support.ts';

const made = (n: number, name: string) =>
  record(n, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    requestParameters: { userName: name },
    responseElements: { user: { userName: name } },
  });
const stopped = record(3, {
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'StopLogging',
  requestParameters: { name: 'a,b: 100%<"\u0007>' },
});
const logs = () => evidence({ 'a%b: c.json': delivery(made(1, 'x'), stopped) });

const head = `-- title: A rule of one's own
-- severity: high
-- category: persistence
-- attack: {v18: [T1098], v19: [T1098]}
-- covers: []
-- why: It is here to be tested.
-- misses: All that it does not look for.
`;
const own = (rules: Record<string, string>): string => {
  const folder = scratch();
  for (const [path, text] of Object.entries(rules)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};
const anyUser = `${head}SELECT event_id, event_name AS subject, 'seen' AS summary FROM scope_events WHERE event_name = 'CreateUser' ORDER BY event_id\n`;

describe('check', () => {
  it('gives the same bytes twice in every format, and exits 1 at the bar', () => {
    const folder = logs();
    for (const format of ['text', 'json', 'sarif', 'junit', 'github']) {
      const [once, again] = [1, 2].map(() => trailscope(['check', folder, '--format', format]));
      expect([once?.code, once?.stderr]).toEqual([1, '']);
      expect(again?.stdout, format).toBe(once?.stdout);
    }
    expect(trailscope(['check', folder, '--fail-on', 'critical']).code).toBe(0);
  });

  it('writes SARIF with a rule, a level, a fingerprint and a relative place for each finding', () => {
    type Log = {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        invocations: { executionSuccessful: boolean }[];
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          message: { text: string };
          partialFingerprints: Record<string, string>;
          locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
        }[];
      }[];
    };
    const { version, runs } = JSON.parse(trailscope(['check', logs(), '--format', 'sarif']).stdout) as Log;
    const [run] = runs;
    expect([version, runs.length, run?.invocations[0]?.executionSuccessful]).toEqual(['2.1.0', 1, true]);
    const trail = run?.results.find(({ ruleId }) => ruleId === 'defense-evasion/trail-stopped');
    expect(trail?.level).toBe('error');
    expect(run?.tool.driver.rules[trail!.ruleIndex]?.id).toBe(trail?.ruleId);
    expect(trail?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'a%25b%3A%20c.json' },
      region: { startLine: 1 },
    });
    expect(Object.values(trail!.partialFingerprints)[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(trail?.message.text).toContain('\\x07');
  });

  it('writes JUnit with a case a rule: failures at the bar, output below it, errors for rules that did not run', () => {
    const rules = own({ 'mine/users.sql': anyUser, 'mine/broken.sql': `${head}SELECT * FROM events\n` });
    const { stdout, code } = trailscope(['check', logs(), '--rules', rules, '--format', 'junit']);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="trailscope check" tests="\d+"/,
    );
    expect(stdout).toMatch(
      /classname="mine\/users">\n {6}<failure type="high" message="1 finding">high, success: seen/,
    );
    expect(stdout).toMatch(/classname="mine\/broken">\n {6}<error type="stopped"/);
    expect(stdout).toContain('a,b: 100%&lt;&quot;\\x07&gt;');
  });

  it('writes workflow commands that no text of the evidence can break out of', () => {
    const { stdout } = trailscope(['check', logs(), '--format', 'github']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !/^::(error|warning|notice) /.test(line))).toEqual([]);
    expect(stdout).toMatch(/^::error file=a%25b%3A c\.json,line=1,title=high%3A Trail stopped or deleted/m);
    expect(stdout).toContain('100%25<"\\x07>');
  });

  it('names the files as the repository does, so that a code-scanning view and annotations find them', () => {
    const home = scratch();
    mkdirSync(join(home, 'ci/logs/deep'), { recursive: true });
    writeFileSync(join(home, 'ci/logs/deep/a b.json'), delivery(stopped));
    const elsewhere = logs();
    for (const [cwd, path, shown] of [
      [home, 'ci/logs', 'ci/logs/deep/a b.json'],
      [home, join(home, 'ci/logs/deep'), 'ci/logs/deep/a b.json'],
      [join(home, 'ci/logs'), '.', 'deep/a b.json'],
      [home, 'ci/logs/deep/a b.json', 'ci/logs/deep/a b.json'],
      [home, elsewhere, 'a%b: c.json'],
    ] as const) {
      const log = JSON.parse(trailscope(['check', path, '--format', 'sarif'], cwd).stdout) as {
        runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
      };
      const uri = log.runs[0]!.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri;
      expect(decodeURIComponent(uri)).toBe(shown);
    }
    expect(trailscope(['check', 'ci/logs', '--format', 'github'], home).stdout).toContain(
      'file=ci/logs/deep/a b.json,line=1',
    );
  });

  it('says what was normal and what was seen in every format', () => {
    const away = record(2, {
      sourceIPAddress: '198.51.100.9',
      userAgent: '[S3 Browser/11.5.7 (https://s3browser.com)]',
    });
    const folder = evidence({ 'a.json': delivery(record(1, { userAgent: 'kali' }), away) });
    for (const format of ['text', 'junit', 'sarif', 'github']) {
      const { stdout } = trailscope(['check', folder, '--format', format]);
      expect(stdout.replaceAll(/\s+/g, ' '), format).toContain('(normal: no baseline; seen: kali)');
    }
    const out = scratch();
    trailscope(['scope', folder, '-k', 'AKIAIOSFODNN7EXAMPLE', '-o', out]);
    const [header = [], ...rows] = parseCsv(readFileSync(join(out, 'findings.csv'), 'utf8'));
    const told = rows.map((row) => Object.fromEntries(header.map((column, at) => [column, row[at]])));
    const tools = told.filter(({ rule }) => rule === 'ip-anomalies/attack-tool-agent');
    expect(tools.map(({ normal, seen }) => [normal, seen])).toEqual([
      ['no baseline', 'kali'],
      ['no baseline', 's3-browser'],
    ]);
    expect(comparedText({ summary: 'x', details: { normal: ['a', 'b'], seen: 4 } })).toBe('x (normal: a, b; seen: 4)');
    expect(comparedText({ summary: 'x', details: { seen: 4 } })).toBe('x');
  });

  it('says of each act how it ended, where a finding has acts that ended differently', () => {
    const codes = ['AccessDenied', 'ThrottlingException', 'NoSuchEntityException', 'Client.DryRunOperation', undefined];
    const tried = codes.map((errorCode, n) => ({ ...made(n, 'x\uffff'), ...(errorCode && { errorCode }) }));
    const folder = evidence({ 'a.json': delivery(...tried) });
    const words = 'was created. Attempt to create the IAM user';
    for (const format of ['json', 'junit', 'sarif', 'github']) {
      const { stdout } = trailscope(['check', folder, '--format', format]);
      expect(stdout).toContain(words);
      expect(stdout).toContain('(denied, dry run, not found, throttled)');
      // XML has no such character, in no spelling.
      if (format !== 'json') expect(stdout).not.toContain('\uffff');
    }
  });

  it('reports beside a baseline only what is new or worse, and says what is gone', () => {
    const file = join(scratch(), 'known.json');
    writeFileSync(file, trailscope(['check', logs(), '--format', 'json']).stdout);
    const same = trailscope(['check', logs(), '--baseline', file]);
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringMatching(/^0 findings: .*\nKnown in the baseline and left out: \d+; gone since: 0\.$/m),
    ]);
    const more = evidence({ 'a.json': delivery(made(1, 'x'), made(2, 'y')) });
    const { findings, baseline } = JSON.parse(
      trailscope(['check', more, '--baseline', file, '--format', 'json']).stdout,
    ) as { findings: { summary: string }[]; baseline: { known: number; gone: number } };
    expect(findings.map(({ summary }) => summary)).toEqual(['IAM user y was created']);
    expect(baseline.gone).toBeGreaterThan(0);
    const milder = readFileSync(file, 'utf8').replaceAll('"severity": "high"', '"severity": "low"');
    writeFileSync(file, milder);
    expect(trailscope(['check', logs(), '--baseline', file]).code).toBe(1);
    for (const [bad, message] of [
      [join(scratch(), 'none.json'), 'does not exist. Make one with trailscope check ./logs --format json >'],
      [logs(), 'cannot be read'],
    ] as const)
      expect(trailscope(['check', logs(), '--baseline', bad])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message) as string,
      });
    writeFileSync(file, '[]');
    expect(trailscope(['check', logs(), '--baseline', file]).stderr).toContain('is not the output of an earlier run');
  });
});

describe('packs of one’s own', () => {
  it('run beside those shipped, from a folder of packs, a pack or a file', () => {
    const rules = own({ 'mine/users.sql': anyUser });
    for (const path of [rules, join(rules, 'mine'), join(rules, 'mine/users.sql')]) {
      const { stdout } = trailscope(['check', logs(), '--rules', path, '--format', 'json']);
      const found = JSON.parse(stdout) as { findings: { rule: string; severity: string }[] };
      expect(found.findings.filter(({ rule }) => rule === 'mine/users')).toMatchObject([{ severity: 'high' }]);
      expect(found.findings.some(({ rule }) => rule === 'new-principals/iam-user-created')).toBe(true);
    }
  });

  it('that break are named, and the others run on: exit 3', () => {
    const rules = own({
      'mine/users.sql': anyUser,
      'mine/no-metadata.sql': 'SELECT 1',
      'mine/reads.sql': `${head}SELECT event_id, 'x' AS subject, 'x' AS summary FROM read_csv('/etc/passwd') ORDER BY event_id\n`,
      'defense-evasion/trail-stopped.sql': anyUser,
    });
    const { code, stdout } = trailscope(['check', logs(), '--rules', rules, '--format', 'json']);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as {
      stopped_rules: { rule: string; reason: string }[];
      findings: { rule: string }[];
    };
    expect(report.stopped_rules.map(({ rule }) => rule)).toEqual([
      'defense-evasion/trail-stopped',
      'mine/no-metadata',
      'mine/reads',
    ]);
    expect(report.stopped_rules[0]?.reason).toContain('has the id of a shipped rule');
    expect(report.findings.filter(({ rule }) => rule === 'mine/users')).toHaveLength(1);
    expect(report.findings.filter(({ rule }) => rule === 'defense-evasion/trail-stopped')).toHaveLength(1);
  });

  it('and those shipped take other windows and numbers by --param, which the report names', () => {
    const folder = scratch();
    trailscope(['rules', 'new', join(folder, 'billing/budget-removed')]);
    const removed = (n: number) =>
      record(n, { eventSource: 'budgets.amazonaws.com', eventName: 'DeleteBudget', readOnly: false });
    const budgets = evidence({ 'a.json': delivery(removed(1), removed(2)) });
    const found = (...more: string[]): boolean => {
      const { stdout } = trailscope(['check', budgets, '--rules', folder, '--format', 'json', ...more]);
      const { generated, findings } = JSON.parse(stdout) as {
        generated: { arguments: string[] };
        findings: { rule: string }[];
      };
      expect(generated.arguments).toEqual(['check', ...more]);
      return findings.some(({ rule }) => rule === 'billing/budget-removed');
    };
    expect(found('--param', 'budget-removed.calls=2')).toBe(true);
    expect(found('--param', 'billing/budget-removed.calls=2', '--param', 'billing/budget-removed.calls=3')).toBe(false);
    for (const [bad, message] of [
      ['budget-removed', 'it is not of that form'],
      ['billing/budget-remove.calls=2', 'there is no rule billing/budget-remove, but billing/budget-removed'],
      ['budget-removed.call=2', 'billing/budget-removed has the parameters calls'],
      ['budget-removed.calls=two', 'its value must be a whole number'],
      ['payload-hidden.x=1', 'defense-evasion/payload-hidden has no parameters'],
    ] as const)
      expect(trailscope(['check', budgets, '--rules', folder, '--param', bad])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--param ${bad}: ${message}`) as string,
      });
  });

  it('that do not end are stopped after --rule-timeout', () => {
    const cross = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      .map((name) => `scope_events AS ${name}`)
      .join(' CROSS JOIN ');
    const where = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name}.event_id`).join(' || ');
    const rules = own({
      'mine/endless.sql': `${head}SELECT min(a.event_id) AS event_id, 'x' AS subject, 'x' AS summary FROM ${cross} WHERE ${where} = 'x' GROUP BY a.event_id ORDER BY event_id\n`,
    });
    const many = evidence({ 'a.json': delivery(...Array.from({ length: 60 }, (_, n) => made(n, `u${n}`))) });
    const { code, stdout } = trailscope(['check', many, '--rules', rules, '--rule-timeout', '1']);
    expect(code).toBe(3);
    expect(stdout).toContain('rule stopped: mine/endless: stopped after 1 s');
  });

  it('that are not there end the run', () => {
    for (const [path, message] of [
      ['/nowhere/at/all', 'there is no such folder'],
      [scratch(), 'holds no rule'],
    ] as const)
      expect(trailscope(['check', logs(), '--rules', path])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(message) as string,
      });
  });
});

describe('rules', () => {
  it('new writes a rule that passes lint and test, and never over another', () => {
    const folder = scratch();
    const path = join(folder, 'billing/budget-removed');
    expect(trailscope(['rules', 'new', path]).stdout).toBe(`${path}.sql\n${path}.json\n`);
    expect(trailscope(['rules', 'lint', '--rules', folder])).toMatchObject({
      code: 0,
      stdout: '1 rule: nothing to complain of.\n',
    });
    expect(trailscope(['rules', 'test', '--rules', folder])).toMatchObject({
      code: 0,
      stdout: '2 cases of 1 rule: all as expected.\n',
    });
    expect(trailscope(['rules', 'new', path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already') as string,
    });
    expect(trailscope(['rules', 'new', 'x/My Rule']).code).toBe(2);
  });

  it('lint names file and line', () => {
    const folder = own({
      'mine/wide.sql': `${head}SELECT\n  event_id, event_name AS subject, even_name AS summary\nFROM scope_events\nORDER BY event_id\n`,
      'mine/star.sql': `${head}SELECT\n  *\nFROM events\nORDER BY event_id\n`,
      'mine/typo.sql': `${head}SELECT event_id\nFRO events\n`,
      'mine/key.sql': `-- titel: x\n${anyUser}`,
    });
    const { code, stdout } = trailscope(['rules', 'lint', '--rules', folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/wide\.sql:9: does not fit the tables: .*"even_name".*event_name/);
    expect(stdout).toMatch(/star\.sql:9: SELECT \* is not allowed/);
    expect(stdout).toMatch(/typo\.sql:\d+: is not one SELECT/);
    expect(stdout).toMatch(/key\.sql, line 1: titel: Unrecognized key/);
    expect(stdout).toMatch(/wide\.sql:1: has no fixture wide\.json/);
    const rows = JSON.parse(trailscope(['rules', 'lint', '--rules', folder, '--format', 'json']).stdout) as {
      complaints: { rule: string }[];
    };
    expect(rows.complaints.map(({ rule }) => rule)).toEqual(['mine/star', 'mine/typo', 'mine/wide']);
  });

  it('that are no text, have no metadata or a mistyped name are told so; a mark of UTF-8 is none of the rule', () => {
    const folder = own({
      'mine/marked.sql': `\ufeff${anyUser}`,
      'mine/empty.sql': '',
      'mine/key.sql': `-- titel: x\n${anyUser}`,
      'mine/short.sql': anyUser.replace(/-- why.*\n/, ''),
    });
    writeFileSync(join(folder, 'mine/wide.sql'), Buffer.from(`\ufeff${anyUser}`, 'utf16le'));
    writeFileSync(join(folder, 'mine/latin.sql'), Buffer.from(anyUser.replace('seen', 's\u00e9en'), 'latin1'));
    writeFileSync(join(folder, 'latin.yml'), Buffer.from('title: caf\u00e9', 'latin1'));
    const { stdout } = trailscope(['rules', 'lint', '--rules', folder]);
    expect(stdout).toContain('mine/wide.sql, line 1: is not UTF-8 text');
    expect(stdout).toContain('mine/latin.sql, line 1: is not UTF-8 text');
    expect(stdout).toContain('latin.yml: is not UTF-8 text');
    expect(stdout).toContain('mine/empty.sql, line 1: has no metadata');
    expect(stdout).toMatch(/mine\/key\.sql, line 1: titel: .*did you mean title\?/);
    expect(stdout).toContain('mine/short.sql, line 1: why: is missing.');
    expect(stdout).toMatch(/marked\.sql:1: has no fixture/);
    expect(trailscope(['rules', 'show', 'recon/denials-brst']).stderr).toContain('did you mean recon/denials-burst?');
    expect(trailscope(['rules', 'test', 'reconn']).stderr).toContain('did you mean recon?');
  });

  it('lint wants a hit and a miss, and test names what differs', () => {
    const hit = { name: 'hit', events: [made(1, 'x')], expect: [{ subject: 'CreateUser', severity: 'low' }] };
    const folder = own({ 'mine/users.sql': anyUser, 'mine/users.json': JSON.stringify({ cases: [hit] }) });
    expect(trailscope(['rules', 'lint', '--rules', folder]).stdout).toContain(
      'users.sql:1: its fixture users.json has no miss',
    );
    const table = trailscope(['rules', 'test', '--rules', folder]);
    expect([table.code, table.stdout]).toEqual([1, expect.stringContaining("severity is 'high', expected 'low'")]);
    const junit = trailscope(['rules', 'test', '--rules', folder, '--format', 'junit']).stdout;
    expect(junit).toContain('<failure type="mismatch"');
    expect(trailscope(['rules', 'test', 'no-such', '--rules', folder]).code).toBe(2);
  });

  it('show prints a rule whole, and names near ones for one that is none', () => {
    const { stdout } = trailscope(['rules', 'show', 'defense-evasion/trail-stopped']);
    expect(stdout).toContain('covers    A8.01');
    expect(stdout).toContain('FROM scope_events');
    expect(trailscope(['rules', 'show', 'trail-stopped']).stderr).toContain(
      'did you mean defense-evasion/trail-stopped?',
    );
  });
});
