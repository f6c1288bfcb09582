/** `trailscope check`: all packs over all events, for CI jobs. */
import { analyze, verdict } from '../analyze.ts';
import { openCase, recordCustody } from '../case.ts';
import type { Severity } from '../errors.ts';
import { checkPaths } from '../evidence/find.ts';
import { findingsJson, findingsText } from '../report/lists.ts';
import { onOthers } from './others.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type World } from './program.ts';
import { progressLine } from './progress.ts';

type CheckOptions = EngineOptions & LimitOptions & { case?: string; failOn: Severity; format: 'text' | 'json' };

export const check = async (world: World, paths: string[], options: CheckOptions): Promise<number> => {
  const place = options.case === undefined ? {} : { path: options.case };
  checkPaths(paths);
  const opened = await openCase({ ...place, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    const resolve = (lastEvent: string | null) => ({ from: null, to: null, asOf: lastEvent, assumedUtc: false });
    const question = { command: 'check' as const, paths, resolve, version: world.version };
    const { report } = await analyze(opened, question, {
      jobs: options.jobs,
      limits: limitsOf(options),
      onOthers: onOthers(world, options.case ?? '', true),
      onProgress: (state) => progress.show(state),
    });
    progress.clear();
    await recordCustody(opened, world);
    const { width, colour } = world;
    await world.stdout(
      options.format === 'json'
        ? findingsJson(report)
        : findingsText(report, { width, colour, failOn: options.failOn }),
    );
    return verdict(report, options.failOn);
  } finally {
    progress.clear();
    opened.close();
  }
};
