/** `trailscope check`: all packs over all events, for CI jobs. */
import { analyze, verdict } from '../analyze.ts';
import { openCase, recordCustody } from '../case.ts';
import type { Severity } from '../errors.ts';
import { type AddressOptions, readAddressFiles } from '../events/address-files.ts';
import { checkPaths, seenFromHere } from '../evidence/find.ts';
import { againstBaseline, readBaseline } from '../report/baseline.ts';
import { githubCommands } from '../report/github.ts';
import { findingsJunit } from '../report/junit.ts';
import { findingsJson, findingsText } from '../report/lists.ts';
import { sarif } from '../report/sarif.ts';
import { allPacks } from '../rules/packs.ts';
import { withParams } from '../rules/params.ts';
import { onOthers } from './others.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type RuleOptions, type World } from './program.ts';
import { progressLine } from './progress.ts';
import { type NormalOptions, normalGiven, readNormalOptions } from './normal-options.ts';
import { type NormalSpan, windowOf } from './question.ts';
import { givenOf, type KnownGoodOption, readKnownGoodOption } from './known-good-option.ts';

type CheckOptions = EngineOptions &
  LimitOptions &
  AddressOptions &
  KnownGoodOption &
  NormalOptions &
  NormalSpan &
  RuleOptions & {
    case?: string;
    baseline?: string;
    failOn: Severity;
    format: 'text' | 'json' | 'sarif' | 'junit' | 'github';
  };

export const check = async (world: World, paths: string[], options: CheckOptions): Promise<number> => {
  const place = options.case === undefined ? {} : { path: options.case };
  const { baselineFrom, baselineTo } = options;
  const resolve = windowOf({ ...(baselineFrom && { baselineFrom }), ...(baselineTo && { baselineTo }) });
  checkPaths(paths);
  const addressFiles = readAddressFiles(options);
  const knownGood = readKnownGoodOption(world, options);
  const packs = withParams(allPacks(options.rules), options.param);
  const known = options.baseline === undefined ? undefined : readBaseline(options.baseline);
  const saved = await readNormalOptions(world, options, addressFiles);
  const opened = await openCase({ ...place, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    const question = {
      command: 'check' as const,
      paths,
      resolve,
      version: world.version,
      packs,
      params: options.param ?? [],
      knownGood,
      saved,
      ruleTimeoutMs: options.ruleTimeout * 1000,
    };
    const { report: whole } = await analyze(opened, question, {
      jobs: options.jobs,
      limits: limitsOf(options),
      addressFiles,
      onOthers: onOthers(world, options.case ?? '', true),
      onProgress: (state) => progress.show(state),
    });
    progress.clear();
    await recordCustody(opened, world, { ...givenOf(knownGood), ...normalGiven(saved) });
    const { report, left } = againstBaseline(whole, known);
    const { width, colour } = world;
    const { failOn } = options;
    const written = {
      text: () => findingsText(report, { width, colour, failOn, left }),
      json: () => findingsJson(report, left),
      sarif: () => sarif(report, packs.rules, seenFromHere(paths)),
      junit: () => findingsJunit(report, packs.rules, failOn),
      github: () => githubCommands(report, failOn, seenFromHere(paths)),
    }[options.format]();
    await world.stdout(written);
    return verdict(report, failOn);
  } finally {
    progress.clear();
    opened.close();
  }
};
