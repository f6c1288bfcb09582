/** Rules are strangers' code: what is not a plain question is refused before it is prepared, what does not end is stopped, the others run on. */
import { describe, expect, it } from 'vitest';
import { parseRule, type Rule } from '../src/rules/rule.ts';
import { runRules } from '../src/rules/run.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { delivery, evidence, load, record } from './support.ts';

const head = [
  '-- title: A rule of a stranger',
  '-- severity: low',
  '-- category: discovery',
  '-- attack: {v18: [T1087.004], v19: [T1087.004]}',
  '-- covers: []',
  '-- why: It tests what a rule may do.',
  '-- misses: Everything else there is to find.',
].join('\n');

const rule = (sql: string, name = 'stranger', meta = head): Rule =>
  parseRule(`packs/test/${name}.sql`, `${meta}\n${sql}\n`);
const honest = rule(
  `SELECT event_id, event_name AS subject, 'seen' AS summary FROM scope_events ORDER BY event_id`,
  'honest',
);
const question = (from: string, where = 'true'): string =>
  `SELECT event_id, event_name AS subject, 'x' AS summary FROM ${from} WHERE ${where} ORDER BY event_id`;

/** Replacements within one another, each making a text a hundred times as long. */
const grown = (times: number): string =>
  Array.from({ length: times }).reduce<string>((inner) => `replace(${inner}, 'a', '${'a'.repeat(100)}')`, `'a'`);

const run = async (sql: string, timeoutMs = 500) => {
  const { db } = await load(
    evidence({ 'log.json': delivery(...Array.from({ length: 400 }, (_, n) => record(n, { eventName: `Call${n}` }))) }),
  );
  await scopeToAll(db);
  const outcome = await runRules(db, [rule(sql), honest], { timeoutMs });
  expect(outcome.findings.filter((finding) => finding.rule.id === 'test/honest')).toHaveLength(400);
  expect(outcome.findings.filter((finding) => finding.rule.id === 'test/stranger')).toHaveLength(0);
  return outcome.stopped.map(({ reason }) => reason).join('; ');
};

describe('a rule that', () => {
  it.each([
    [
      'switches on logging to a file',
      question(`scope_events, enable_logging(storage = 'file', storage_path = '/tmp/x')`),
      /not run: .*enable_logging|FROM table function/,
    ],
    ['checkpoints', question('scope_events, checkpoint()'), /not run: .*checkpoint|FROM table function/],
    [
      'is folded without end while it is prepared',
      question('scope_events', 'list_sum(range(2000000000)) > 0'),
      /not run: the function (list_sum|range)/,
    ],
    [
      'grows a constant without measure while it is prepared',
      question('scope_events', `length(${grown(4)}) > 3`),
      /not run: its replacements may make a text 100000000 times as long/,
    ],
    [
      'grows it through the columns of named queries',
      `WITH a AS (SELECT replace('a', 'a', '${'a'.repeat(50)}') AS x), b AS (SELECT regexp_replace(x, '', '${'a'.repeat(50)}', 'g') AS x FROM a)
        SELECT event_id, x AS subject, 'x' AS summary FROM scope_events CROSS JOIN b ORDER BY event_id`,
      /not run: its replacements may make a text 2550 times as long/,
    ],
    [
      'grows it by a text that is not written out',
      question('scope_events', `replace(event_name, 'a', event_name || event_name) = 'x'`),
      /not run: replace may only put in a text that the rule writes out/,
    ],
    [
      'unfolds without end while it is prepared',
      question('scope_events', `${'address_key('.repeat(10)}'192.0.2.1'${')'.repeat(10)} IS NOT NULL`),
      /not run: the function address_key stands within itself/,
    ],
    [
      'asks for a type larger than any memory',
      question('scope_events', 'CAST(NULL AS VARCHAR[100000][100000]) IS NULL'),
      /not run: does not fit the tables: INTERNAL Error: Requested allocation size of \d+ is out of range[^/]*$/,
    ],
    ['reads a file', question(`read_csv('/etc/passwd')`), /not run/],
    [
      'reads a file by its name',
      question(`'/etc/passwd'`),
      /not run: the table \/etc\/passwd is none that rules may read/,
    ],
    [
      'reads the account of the evidence, which is not about events',
      question('evidence'),
      /not run: the table evidence is none/,
    ],
    ['reads the engine’s own tables', question('duckdb_settings()'), /not run/],
    [
      'asks for a variable of the environment',
      question('scope_events', `getenv('HOME') <> ''`),
      /not run: the function getenv/,
    ],
    ['attaches', `ATTACH '/tmp/x.duckdb'`, /not run: is not one SELECT/],
    ['installs', 'INSTALL httpfs', /not run: is not one SELECT/],
    ['sets', `SET memory_limit = '1GB'`, /not run: is not one SELECT/],
    ['deletes', 'DELETE FROM events', /not run: is not one SELECT/],
    ['writes', `COPY (SELECT 1) TO '/tmp/x'`, /not run: is not one SELECT/],
    ['is several statements', `${question('scope_events')}; SELECT 1`, /not run: has 2 statements/],
    [
      'recurses',
      `WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) ${question('scope_events, r')}`,
      /not run: recursive cte node/,
    ],
    [
      'takes all columns',
      `SELECT *, 'a' AS subject, 'b' AS summary FROM scope_events ORDER BY event_id`,
      /not run: SELECT \* is not allowed/,
    ],
    [
      'leaves the order to chance',
      `SELECT event_id, 'a' AS subject, 'b' AS summary FROM scope_events`,
      /not run: has no ORDER BY/,
    ],
    [
      'returns no subject',
      `SELECT event_id, 'b' AS summary FROM scope_events ORDER BY event_id`,
      /not run: returns no column subject/,
    ],
    [
      'names a column that is none',
      question('scope_events', `even_name = 'x'`),
      /not run: does not fit the tables: .*even_name.*event_name/,
    ],
    [
      'uses a parameter it does not declare',
      question('scope_events', 'record_index > $limit::INTEGER'),
      /not run: uses the parameter \$limit/,
    ],
    [
      'names events that are none',
      `SELECT 'forged' AS event_id, 'a' AS subject, 'b' AS summary FROM scope_events ORDER BY event_id`,
      /names no event of the evidence/,
    ],
  ])('%s is refused', async (_, sql, reason) => {
    expect(await run(sql)).toMatch(reason);
  });

  it('does not end is stopped in time', async () => {
    const cross = ['a', 'b', 'c', 'd', 'e'].map((name) => `scope_events AS ${name}`).join(' CROSS JOIN ');
    const sql = `SELECT min(a.event_id) AS event_id, 'a' AS subject, 'b' AS summary FROM ${cross} WHERE a.event_name || b.event_name || c.event_name || d.event_name || e.event_name = 'x' GROUP BY a.event_id ORDER BY event_id`;
    const started = Date.now();
    expect(await run(sql)).toBe('stopped after 0.5 s; narrow the window or raise the limit');
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('floods is stopped', async () => {
    const sql = `SELECT a.event_id, a.event_id || b.event_id AS subject, 'b' AS summary FROM scope_events AS a CROSS JOIN scope_events AS b ORDER BY a.event_id`;
    expect(await run(sql, 60_000)).toMatch(/it returns more than 100000 rows/);
  });
});

it('names what goes by an empty name, and leaves out what a list does not tell', async () => {
  const { db } = await load(evidence({ 'log.json': delivery(record(1)) }));
  await scopeToAll(db);
  const sql = `SELECT event_id, ' ' AS subject, 'x' AS summary, array_agg(error_code ORDER BY error_code) AS codes, array_agg(event_name ORDER BY event_name) AS names
    FROM scope_events GROUP BY event_id ORDER BY event_id`;
  const { findings } = await runRules(db, [rule(sql)]);
  expect(findings.map(({ subject, details }) => [subject, Object.keys(details)])).toEqual([
    ['(empty name)', ['names']],
  ]);
});

it('refuses a rule of more than a megabyte', () => {
  expect(() => rule(question('scope_events', `event_name <> '${'a'.repeat(1 << 20)}'`))).toThrow(
    'test/stranger.sql, line 1: the file is larger than 1 MB.',
  );
});

describe('metadata', () => {
  const broken = (change: (text: string) => string) => () => rule('SELECT 1', 'stranger', change(head));

  it.each([
    [
      'an unknown key',
      (text: string) => `${text}\n-- author: someone`,
      /test\/stranger\.sql, line 8: author: Unrecognized key/,
    ],
    ['a severity that is none', (text: string) => text.replace('low', 'bad'), /line 2: severity: Invalid option/],
    [
      'a technique that is none',
      (text: string) => text.replace('[T1087.004]', '[X1087]'),
      /line 4: attack\.v18\.0: must be an ATT&CK technique id/,
    ],
    [
      'no word on what it misses',
      (text: string) => text.replace(/\n-- misses.*$/, ''),
      /stranger\.sql, line \d+: misses: is missing\./,
    ],
    [
      'a coverage row that is none',
      (text: string) => text.replace('covers: []', 'covers: [B1]'),
      /line 5: covers\.0: must be a row/,
    ],
    ['no YAML', (text: string) => text.replace('title: A', 'title: [A'), /metadata is not YAML/],
  ])('with %s is refused with file and line', (_, change, message) => {
    expect(broken(change)).toThrow(message);
  });

  it('and SQL of more than 60 lines are refused', () => {
    expect(() => rule(`SELECT 1${'\n'.repeat(60)}FROM x`)).toThrow(/line 61: a rule has at most 60 lines/);
  });
});

it('a table that could not be filled stops the rules that read it, and no others', async () => {
  const { db } = await load(evidence({ 'log.json': delivery(record(1)) }));
  await scopeToAll(db);
  await db.run('DROP TABLE policy_grants');
  const grants = rule(
    `SELECT event_id, bearer AS subject, whom AS summary FROM policy_grants ORDER BY event_id`,
    'grants',
  );
  const { findings, stopped } = await runRules(db, [grants, honest]);
  expect(findings.map((finding) => finding.rule.id)).toEqual(['test/honest']);
  expect(stopped).toEqual([{ rule: 'test/grants', reason: expect.stringMatching(/^failed: .*policy_grants/) }]);
});

it('a rule that writes a table’s name in capitals reads the same table', async () => {
  const { db } = await load(evidence({ 'log.json': delivery(record(1)) }));
  await scopeToAll(db);
  const sql = (table: string): string =>
    `SELECT event_id, principal AS subject, event_name AS summary FROM ${table} ORDER BY event_id`;
  const { findings } = await runRules(db, [rule(sql('QUESTIONS'), 'loud')]);
  expect(findings.map(({ summary }) => summary)).toEqual(['GetCallerIdentity']);
});
