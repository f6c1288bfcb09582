/** `trailscope scope`: from logs and access keys to the report. */
import { join } from 'node:path';
import { analyze, verdict } from '../analyze.ts';
import { makeFolder, openCase, recordCustody } from '../case.ts';
import { type Severity, TrailscopeError } from '../errors.ts';
import { type AddressOptions, readAddressFiles } from '../events/address-files.ts';
import { checkPaths } from '../evidence/find.ts';
import type { Grade } from '../lineage/walk.ts';
import { allPacks } from '../rules/packs.ts';
import { withParams } from '../rules/params.ts';
import { formats, terminal, writeReport } from '../report/index.ts';
import { onOthers } from './others.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type RuleOptions, type World } from './program.ts';
import { progressLine } from './progress.ts';
import { type NormalOptions, normalGiven, readNormalOptions } from './normal-options.ts';
import { givenOf, type KnownGoodOption, readKnownGoodOption } from './known-good-option.ts';
import { askedOf, type SeedOptions, type WindowOptions, windowOf } from './question.ts';

type ScopeOptions = EngineOptions &
  LimitOptions &
  AddressOptions &
  KnownGoodOption &
  NormalOptions &
  WindowOptions &
  SeedOptions &
  RuleOptions & {
    minConfidence: Grade;
    case?: string;
    out: string;
    failOn?: Severity;
    format: 'text' | 'json';
  };

export const scope = async (world: World, paths: string[], options: ScopeOptions): Promise<number> => {
  const resolve = windowOf(options);
  if (paths.length === 0 && options.case === undefined) {
    throw new TrailscopeError('Nothing to look at: give the folder of logs, or --case with a case that holds them.');
  }
  const asked = askedOf(options);
  const packs = withParams(allPacks(options.rules), options.param);
  const path = options.case ?? join(options.out, 'trailscope.duckdb');
  checkPaths(paths);
  const addressFiles = readAddressFiles(options);
  const knownGood = readKnownGoodOption(world, options);
  makeFolder(options.out, '--out');
  const saved = await readNormalOptions(world, options, addressFiles);
  const opened = await openCase({ path, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    const question = {
      command: 'scope' as const,
      paths,
      asked,
      weakest: options.minConfidence,
      resolve,
      version: world.version,
      packs,
      params: options.param ?? [],
      knownGood,
      saved,
      ruleTimeoutMs: options.ruleTimeout * 1000,
    };
    const { report, timeline } = await analyze(opened, question, {
      jobs: options.jobs,
      limits: limitsOf(options),
      addressFiles,
      onOthers: onOthers(world, path, options.case !== undefined),
      onProgress: (state) => progress.show(state),
    });
    progress.clear();
    const files = await writeReport(report, timeline, options.out);
    await recordCustody(opened, world, { ...givenOf(knownGood), ...normalGiven(saved) });
    if (options.format === 'json') for (const piece of formats.json.render(report)) await world.stdout(piece);
    else await world.stdout(terminal(report, { width: world.width, colour: world.colour, files, kept: path }));
    return verdict(report, options.failOn);
  } finally {
    progress.clear();
    opened.close();
  }
};
