/** `npm run bench`: ours beside the hand-tuned load on the same made-up events, then rules, lineage and start; prints ratios and targets. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { manyCredentials } from './credentials.mjs';
import { describe, generate, layouts } from './generate.mjs';
import { removeDatabase, timed } from './measure.mjs';

/**
 * What the project set out to reach; the rules' seconds are for 8,000,000 events and grow with them,
 * down to what preparing the rules takes on few events; one rule's seconds hold at any size.
 */
const targets = {
  cpuRatio: { large: 1.1, small: 0.8 },
  wallByCpu: 0.6,
  memory: 2 ** 30,
  rules: { seconds: 30, events: 8_000_000, least: 3 },
  rule: 2,
  help: 0.2,
  lineage: 2,
  summary: 20,
};
/** For lineage and summary, which grow with credentials rather than events. */
const many = { events: 1_000_000, credentials: 100_000 };
const helpRuns = 10;
const slowest = 10;

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '800000' },
    runs: { type: 'string', default: '3' },
    layout: { type: 'string', default: 'both' },
    dir: { type: 'string', default: join(tmpdir(), 'trailscope-bench') },
    keep: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});
const events = Number(given.events);
const runs = Number(given.runs);
const chosen = given.layout === 'both' ? Object.keys(layouts) : [given.layout];
if (!(events > 0) || !(runs > 0) || !chosen.every((layout) => layout in layouts)) {
  throw new Error('Use --events N --runs R --layout large|small|both --dir FOLDER --keep --record NAME.');
}

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const output = [];
const say = (text = '') => {
  output.push(text);
  console.log(text);
};
const missed = [];
const judge = (what, value, limit, show) => {
  const reached = value <= limit;
  if (!reached) missed.push(what);
  say(`${reached ? 'reached' : 'MISSED '}  ${what}: ${show(value)}, target at most ${show(limit)}`);
};

const twoDigits = (value) => value.toFixed(2);
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
const inSeconds = (value) => `${value.toFixed(2)} s`;
const thousands = (value) => Math.round(value).toLocaleString('en');
const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor((values.length - 1) / 2)];
const spread = (values, show) => {
  const ordered = sorted(values);
  return [ordered[0], median(values), ordered.at(-1)].map(show).join(' / ');
};
const print = (head, rows) => {
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  table.push(...rows);
  say(table.toString());
};

/** Each in a process of its own, so that memory and CPU time are its own. */
const child = (script, input) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [here(script), JSON.stringify(input)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
};

const version = (name) => JSON.parse(readFileSync(here(`../../node_modules/${name}/package.json`), 'utf8')).version;

const describeMachine = () => {
  const [{ model }] = cpus();
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: here('.'),
    encoding: 'utf8',
  }).stdout?.trim();
  say(`npm run bench -- --events ${events} --runs ${runs} --layout ${given.layout}`);
  say(
    `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`,
  );
  say(`DuckDB driver ${version('@duckdb/node-api')}, trailscope ${commit || '(no commit)'}`);
};

const measures = [
  ['wall s', (run) => run.wall, twoDigits],
  ['CPU s', (run) => run.cpu, twoDigits],
  ['CPU s/GB inflated', (run, data) => run.cpu / (data.inflated / 1e9), twoDigits],
  ['events/s', (run, data) => data.events / run.wall, thousands],
  ['peak memory MiB', (run) => run.memory / 2 ** 20, thousands],
];

/** Runs take turns, so that what else the machine does falls on both; a ratio is of two neighbours. */
const compare = (layout, data) => {
  const input = { evidence: data.evidence, layout, largest: data.largest };
  const ours = { ...input, database: join(given.dir, 'ours.duckdb') };
  const baseline = { ...input, database: join(given.dir, 'baseline.duckdb') };
  const pairs = Array.from({ length: runs }, () => ({
    baseline: child('baseline.mjs', baseline),
    ours: child('ours.mjs', ours),
  }));
  for (const pair of pairs) {
    const seen = new Set([
      data.events,
      pair.baseline.events,
      pair.baseline.distinct,
      pair.ours.events,
      pair.ours.distinct,
    ]);
    if (seen.size > 1) throw new Error(`Loaded events differ: ${JSON.stringify(pair)}`);
    if (pair.ours.records !== data.records || pair.ours.events + pair.ours.duplicates !== data.records) {
      throw new Error(`Records are not all accounted for: ${JSON.stringify(pair.ours)}`);
    }
  }
  const ratios = pairs.map((pair) => pair.ours.cpu / pair.baseline.cpu);
  const rows = measures.map(([name, of, show]) => [
    name,
    spread(
      pairs.map((pair) => of(pair.ours, data)),
      show,
    ),
    spread(
      pairs.map((pair) => of(pair.baseline, data)),
      show,
    ),
  ]);
  say(`\n${layout}: ${describe(data)}`);
  print([`min / median / max of ${runs}`, 'trailscope', 'hand-tuned read_json'], rows);
  say(
    `both loaded ${thousands(data.events)} distinct events; trailscope accounts for all ${thousands(data.records)} records`,
  );
  say(`CPU, ours by hand-tuned, pair by pair: ${ratios.map(twoDigits).join(', ')}`);
  judge(`CPU on ${layout} files, of the hand-tuned`, median(ratios), targets.cpuRatio[layout], twoDigits);
  const shares = pairs.map(({ ours: run }) => run.wall / run.cpu);
  judge(`wall time on ${layout} files, of the CPU time`, median(shares), targets.wallByCpu, twoDigits);
  judge(
    `peak memory on ${layout} files`,
    Math.max(...pairs.map((pair) => pair.ours.memory)),
    targets.memory,
    mebibytes,
  );
  removeDatabase(baseline.database);
  return ours.database;
};

const measureRules = (database, data) => {
  const {
    all,
    failed,
    findings = 0,
    stopped,
    each,
    lineage,
    memory,
  } = child('rules.mjs', { database, seed: data.seed });
  say(
    `\nrules: ${each.length} over ${thousands(data.events)} events, ${thousands(findings)} findings, peak memory ${mebibytes(memory)}`,
  );
  const slow = each.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowest);
  print(
    [`slowest ${slow.length}, each alone`, 'ms', 'findings'],
    slow.map((one) => [one.rule, thousands(one.seconds * 1000), thousands(one.findings)]),
  );
  for (const { rule, reason } of stopped) say(`stopped: ${rule}: ${reason}`);
  if (failed) say(`all packs failed after ${inSeconds(all)}: ${failed}`);
  const { rules } = targets;
  const limit = Math.max(rules.least, (rules.seconds * data.events) / rules.events);
  judge('all packs', failed ? Infinity : all, limit, inSeconds);
  judge('slowest rule alone', Math.max(...each.map(({ seconds }) => seconds)), targets.rule, inSeconds);
  judge('peak memory of rules and lineage', memory, targets.memory, mebibytes);
  say(
    `lineage of one seed: ${thousands(lineage.credentials)} credentials, ${lineage.hops} hops, ${thousands(lineage.seconds * 1000)} ms`,
  );
};

/** The built program as a user runs it, starting included. */
const measureCredentials = async () => {
  const program = here('../../dist/cli.js');
  const { folder, seed } = manyCredentials({ ...many, dir: given.dir });
  const database = join(given.dir, 'credentials.duckdb');
  const run = (...args) =>
    timed(() => execFileSync(process.execPath, [program, ...args, '--case', database], { maxBuffer: 1 << 28 }));
  execFileSync(process.execPath, [program, 'ingest', folder, '--case', database], { stdio: 'ignore' });
  say(`\n${thousands(many.events)} events with ${thousands(many.credentials)} credentials:`);
  judge('lineage of one seed', (await run('lineage', '--access-key', seed)).seconds, targets.lineage, inSeconds);
  judge('summary by principal', (await run('summary')).seconds, targets.summary, inSeconds);
  judge('summary by credential', (await run('summary', '--by', 'credential')).seconds, targets.summary, inSeconds);
  removeDatabase(database);
  if (!given.keep) rmSync(folder, { recursive: true });
};

const measureHelp = async () => {
  const program = here('../../dist/cli.js');
  if (!existsSync(program)) return say('\ntrailscope --help: not measured, there is no dist/cli.js yet');
  const times = [];
  for (let i = 0; i < helpRuns; i++) {
    times.push((await timed(() => execFileSync(process.execPath, [program, '--help'], { stdio: 'ignore' }))).seconds);
  }
  say();
  judge(`trailscope --help, median of ${helpRuns}`, median(times), targets.help, inSeconds);
};

mkdirSync(given.dir, { recursive: true });
describeMachine();
let loaded;
for (const layout of chosen) {
  const data = generate({ events, layout, dir: given.dir });
  loaded = { database: compare(layout, data), data };
  if (!given.keep && !data.reused) rmSync(data.folder, { recursive: true });
}
measureRules(loaded.database, loaded.data);
await measureCredentials();
await measureHelp();
removeDatabase(loaded.database);
say(missed.length === 0 ? '\nEvery target is reached.' : `\nMissed: ${missed.join('; ')}.`);
if (given.record) {
  mkdirSync(here('results'), { recursive: true });
  writeFileSync(here(`results/${given.record}.txt`), `${output.join('\n')}\n`);
}
