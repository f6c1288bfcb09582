/** Registers `trailscope known-good` and `trailscope baseline`: what is known to be good, and what was normal. */
import { type Command, Option } from 'commander';
import { engineOptions, readingOptions, type World } from './program.ts';

type Chosen = <Args extends unknown[]>(
  load: () => Promise<(world: World, ...args: Args) => Promise<number>>,
) => (...args: Args) => Promise<void>;

const format = (): Option =>
  new Option('--format <format>', 'what to print').choices(['table', 'json']).default('table');

export const registerNormal = (program: Command, processors: number, chosen: Chosen): void => {
  const knownGood = program.command('known-good').description('your file of what is known to be good');

  engineOptions(
    knownGood
      .command('check')
      .description('say whether the file can be used, and what each entry explains in a case')
      .argument('<file>', 'known-good file, in YAML')
      .option('--case <file>', 'case file, as its latest run left it')
      .addOption(format()),
    processors,
  )
    .addHelpText('after', '\nExample:\n  trailscope known-good check known-good.yaml --case incident.duckdb')
    .action(chosen(async () => (await import('./known-good.ts')).checkKnownGood));

  const baseline = program
    .command('baseline')
    .description('what was normal for each key, identity and role: a file that a team keeps, for --normal');

  engineOptions(
    readingOptions(
      baseline
        .command('build')
        .description('learn from logs of an ordinary time')
        .argument('<paths...>', 'folders or files of CloudTrail logs'),
    )
      .option('--from <time>', 'start of the time to learn from, inclusive')
      .option('--to <time>', 'end of it, exclusive')
      .option('-o, --out <file>', 'file to write (default: standard output)'),
    processors,
  )
    .addHelpText('after', '\nExample:\n  trailscope baseline build ./logs --to 2026-03-01 -o normal.json')
    .action(chosen(async () => (await import('./baseline.ts')).buildBaseline));

  baseline
    .command('show')
    .description('list the callers that a saved baseline knows, and how they were seen')
    .argument('<file>', 'saved baseline')
    .option('--caller <name>', 'only callers with this in their key id or ARN')
    .addOption(format())
    .addHelpText('after', '\nExample:\n  trailscope baseline show normal.json --caller ci-deployer')
    .action(chosen(async () => (await import('./baseline.ts')).showBaseline));

  baseline
    .command('diff')
    .description('list what a later baseline has that an earlier one has not, and what is gone')
    .argument('<before>', 'saved baseline')
    .argument('<after>', 'saved baseline of a later time')
    .addOption(format())
    .addHelpText('after', '\nExample:\n  trailscope baseline diff february.json march.json')
    .action(chosen(async () => (await import('./baseline.ts')).diffBaseline));

  baseline
    .command('schema')
    .description('print the JSON Schema of a saved baseline')
    .addHelpText('after', '\nExample:\n  trailscope baseline schema > baseline.schema.json')
    .action(chosen(async () => (await import('./baseline.ts')).printBaselineSchema));
};
