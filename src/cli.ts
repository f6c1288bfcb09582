#!/usr/bin/env node
/** Registers the commands; argv, stdout and stderr, exit codes. The only file that touches the process. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, CommanderError, Option } from 'commander';
import {
  askingOptions,
  collect,
  engineOptions,
  judgingOptions,
  readingOptions,
  seedOptions,
  type World,
} from './commands/program.ts';
import { registerNormal } from './commands/register-normal.ts';
import { exit, severities, TrailscopeError } from './errors.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const world: World = {
  stdout: async (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
  outputIsTerminal: process.stdout.isTTY,
  stderr: (text) => void process.stderr.write(text),
  width: process.stdout.columns ?? 80,
  colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  interactive: process.stderr.isTTY,
  version,
  argv: process.argv.slice(2),
  now: () => new Date(),
};
const processors = availableParallelism();

const program = new Command('trailscope')
  .description('Answers one question, offline, from exported CloudTrail logs: what did this stolen AWS credential do?')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'trailscope: ')) });

/** The command's file is loaded only when it is chosen: help is quick. Its answer is the exit code. */
const chosen =
  <Args extends unknown[]>(load: () => Promise<(world: World, ...args: Args) => Promise<number>>) =>
  async (...args: Args): Promise<void> => {
    process.exitCode = await (await load())(world, ...args);
  };

const failOn = new Option('--fail-on <severity>', 'exit 1 on findings at or above this severity').choices(severities);

engineOptions(
  askingOptions(
    judgingOptions(
      seedOptions(
        program
          .command('scope')
          .description('follow credentials through the logs and write the scope report')
          .argument('[paths...]', 'folders or files of CloudTrail logs; none where --case already holds them'),
      ),
    )
      .option('--case <file>', 'case file to load into and keep (default: trailscope.duckdb in the output folder)')
      .option('--from <time>', 'start of the window, inclusive: a time, a date (UTC), or 7d, "36 hours ago", yesterday')
      .option('--to <time>', 'end of the window, exclusive')
      .option('--as-of <time>', 'what relative times count back from (default: the last event)')
      .option('-o, --out <folder>', 'folder for the report', 'trailscope-report')
      .addOption(failOn)
      .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text')),
  ),
  processors,
)
  .addHelpText(
    'after',
    '\nExample:\n  trailscope scope ./logs --access-key AKIAIOSFODNN7EXAMPLE --from 2026-03-25T02:00:00Z -o report',
  )
  .action(chosen(async () => (await import('./commands/scope.ts')).scope));

engineOptions(
  readingOptions(
    program
      .command('ingest')
      .description('load logs into a case without asking anything yet')
      .argument('<paths...>', 'folders or files of CloudTrail logs')
      .option('--case <file>', 'case file', 'trailscope.duckdb')
      .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text')),
  ),
  processors,
)
  .addHelpText('after', '\nExample:\n  trailscope ingest ./logs --case incident.duckdb')
  .action(chosen(async () => (await import('./commands/ingest.ts')).ingestPaths));

engineOptions(
  askingOptions(
    judgingOptions(
      program
        .command('check')
        .description('run all packs over all events: the gate for CI jobs')
        .argument('<paths...>', 'folders or files of CloudTrail logs'),
    )
      .option('--case <file>', 'case file to load into and keep (default: a temporary one)')
      .option('--baseline <file>', 'report only the findings that an earlier --format json does not have')
      .addOption(
        new Option('--fail-on <severity>', 'exit 1 on findings at or above this severity')
          .choices(severities)
          .default('high'),
      )
      .addOption(
        new Option('--format <format>', 'what to print')
          .choices(['text', 'json', 'sarif', 'junit', 'github'])
          .default('text'),
      ),
  ),
  processors,
)
  .addHelpText(
    'after',
    '\nExamples:\n  trailscope check ./logs --fail-on medium --format json\n  trailscope check ./logs --rules ./my-rules --baseline known.json --format sarif > trailscope.sarif',
  )
  .action(chosen(async () => (await import('./commands/check.ts')).check));

engineOptions(
  askingOptions(
    program
      .command('summary')
      .description('list who did what, the most suspicious first: for when the key is not yet known')
      .argument('[paths...]', 'folders or files of CloudTrail logs; none where --case already holds them')
      .option('--case <file>', 'case file (default: trailscope.duckdb; a temporary one where paths are given)')
      .addOption(
        new Option('--by <group>', 'what a row stands for')
          .choices(['principal', 'credential', 'ip', 'agent', 'region', 'event-name'])
          .default('principal'),
      )
      .option('--sort <column>', 'column of --format csv to sort by', 'score')
      .addOption(new Option('--format <format>', 'what to print').choices(['table', 'csv', 'json']).default('table')),
  ),
  processors,
)
  .addHelpText('after', '\nExample:\n  trailscope summary --case incident.duckdb --by credential --sort denied')
  .action(chosen(async () => (await import('./commands/summary.ts')).summary));

engineOptions(
  program
    .command('query')
    .description('run one SQL query over a case, read-only')
    .argument('<sql>', 'a query; the tables are events, evidence, findings, credentials, … (see README)')
    .option('--case <file>', 'case file', 'trailscope.duckdb')
    .option('-o, --out <file>', 'file to write; arrow and parquet need one unless stdout is redirected')
    .addOption(
      new Option('--format <format>', 'how to write the rows')
        .choices(['table', 'json', 'csv', 'arrow', 'parquet'])
        .default('table'),
    ),
  processors,
)
  .addHelpText(
    'after',
    '\nExample:\n  trailscope query "SELECT event_name, count(*) AS calls FROM events GROUP BY event_name ORDER BY calls DESC" --format csv',
  )
  .action(chosen(async () => (await import('./commands/query.ts')).query));

engineOptions(
  program
    .command('evidence')
    .description('list the ledger of a case: every file, its hashes, and what became of its records')
    .option('--case <file>', 'case file', 'trailscope.duckdb')
    .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json', 'csv']).default('text')),
  processors,
)
  .addHelpText('after', '\nExample:\n  trailscope evidence --case incident.duckdb --format csv')
  .action(chosen(async () => (await import('./commands/evidence.ts')).listEvidence));

engineOptions(
  program
    .command('event')
    .description('print one record as it stands in its evidence file, and where it lies')
    .argument('<eventID>', 'eventID of the record')
    .option('--case <file>', 'case file', 'trailscope.duckdb')
    .option('--evidence <folder>', 'where the evidence lies now, if it was moved; files are found by their hash')
    .addOption(new Option('--format <format>', 'what to print').choices(['record', 'json']).default('record')),
  processors,
)
  .addHelpText('after', '\nExample:\n  trailscope event 3038ebd2-c98a-4c65-9b6e-e22506292313 --case incident.duckdb')
  .action(chosen(async () => (await import('./commands/event.ts')).printEvent));

engineOptions(
  seedOptions(
    program
      .command('lineage')
      .description(
        'print the tree of credentials that those asked about turned into, each with the event that proves it',
      ),
  )
    .option('--case <file>', 'case file', 'trailscope.duckdb')
    .option('--from <time>', 'start of the window, inclusive')
    .option('--to <time>', 'end of the window, exclusive')
    .option('--as-of <time>', 'what relative times count back from (default: the last event)')
    .addOption(
      new Option('--format <format>', 'what to print').choices(['text', 'json', 'dot', 'mermaid']).default('text'),
    ),
  processors,
)
  .addHelpText(
    'after',
    '\nExample:\n  trailscope lineage --case incident.duckdb --access-key AKIAIOSFODNN7EXAMPLE --format dot | dot -Tsvg -o lineage.svg',
  )
  .action(chosen(async () => (await import('./commands/lineage.ts')).lineage));

registerNormal(program, processors, chosen);

const rules = program.command('rules').description('the rules that scope and check run, and packs of your own');
const ownRules = (command: Command): Command =>
  command.option('--rules <path>', 'packs of your own, or Sigma rules; may be repeated', collect);

ownRules(rules.command('list').description('list all rules: id, severity, title, ATT&CK, what each covers'))
  .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json']).default('table'))
  .addHelpText('after', '\nExample:\n  trailscope rules list --format json')
  .action(chosen(async () => (await import('./commands/rules.ts')).listRules));

ownRules(rules.command('show').description('print one rule: what it finds, what it misses, and its SQL'))
  .argument('<rule>', 'id of the rule, as pack/name')
  .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text'))
  .addHelpText('after', '\nExample:\n  trailscope rules show defense-evasion/trail-stopped')
  .action(chosen(async () => (await import('./commands/rules.ts')).showRule));

rules
  .command('new')
  .description('write a rule to begin with, and its fixture')
  .argument('<path>', 'folder/pack/name of the rule')
  .addHelpText('after', '\nExample:\n  trailscope rules new my-rules/billing/budget-removed')
  .action(chosen(async () => (await import('./commands/rules.ts')).newRule));

rules
  .command('import')
  .description(
    'bring in Sigma rules of CloudTrail, and name each one refused with the reason (exit 3 where one is); --rules also takes Sigma files as they are',
  )
  .argument('<path>', 'a Sigma file, or a folder of them at any depth')
  .option('-o, --out <folder>', 'folder to write the rules to, as sigma/<rule>.sql (default: nothing is written)')
  .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json']).default('table'))
  .addHelpText('after', '\nExample:\n  trailscope rules import ./sigma/rules/cloud/aws -o my-rules')
  .action(chosen(async () => (await import('./commands/import-sigma.ts')).importSigma));

ownRules(rules.command('lint').description('check rules without any evidence: metadata, SQL, columns, fixtures'))
  .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text'))
  .addHelpText('after', '\nExample:\n  trailscope rules lint --rules ./my-rules')
  .action(chosen(async () => (await import('./commands/rules.ts')).lintRules));

ownRules(rules.command('test').description('run the fixtures of rules and compare the findings'))
  .argument('[rules...]', 'ids of rules or packs; all where none is given')
  .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json', 'junit']).default('table'))
  .addHelpText('after', '\nExample:\n  trailscope rules test --rules ./my-rules --format junit > junit.xml')
  .action(chosen(async () => (await import('./commands/rules.ts')).testRules));

// A reader that closes the pipe (`| head`) has seen enough: no crash, no message.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** Evidence in clear text does not outlive the run; the case stays as after its last whole batch. */
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    world.stderr('\ntrailscope: stopped; what was loaded is kept, and the same command goes on from there.\n');
    void import('./case.ts').then(({ abandonCases }) => {
      abandonCases();
      process.exit(code);
    });
  });
}

const fail = (error: unknown): void => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exit.ok : exit.cannotRun;
  } else if (error instanceof TrailscopeError) {
    world.stderr(`trailscope: ${error.message}\n`);
    process.exitCode = error.exitCode;
  } else {
    const stack = error instanceof Error ? error.stack : String(error);
    world.stderr(`trailscope: this is a bug in trailscope ${version}; please report it with these lines.\n${stack}\n`);
    process.exitCode = exit.cannotRun;
  }
};

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
