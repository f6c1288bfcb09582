/** `trailscope scope`: from logs and access keys to the report. */
import { join } from 'node:path';
import { analyze, verdict } from '../analyze.ts';
import { makeFolder, openCase, recordCustody } from '../case.ts';
import { type Severity, TrailscopeError } from '../errors.ts';
import { checkPaths } from '../evidence/find.ts';
import { formats, terminal, writeReport } from '../report/index.ts';
import { onOthers } from './others.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type World } from './program.ts';
import { progressLine } from './progress.ts';
import { parseTime, type TimeWord, toUtcText } from './times.ts';

type ScopeOptions = EngineOptions &
  LimitOptions & {
    accessKey: string[];
    case?: string;
    from?: string;
    to?: string;
    asOf?: string;
    out: string;
    failOn?: Severity;
    format: 'text' | 'json';
  };

/** Words are understood before anything is loaded; what they mean may hang on the last event. */
const windowOf = (options: ScopeOptions) => {
  const word = (option: string, text: string | undefined): TimeWord | undefined =>
    text === undefined ? undefined : parseTime(option, text);
  const words = {
    from: word('--from', options.from),
    to: word('--to', options.to),
    asOf: word('--as-of', options.asOf),
  };
  return (lastEvent: string | null) => {
    const last = lastEvent === null ? undefined : new Date(lastEvent);
    const asOf = words.asOf?.resolve(last) ?? last;
    const text = (time: TimeWord | undefined): string | null => (time ? toUtcText(time.resolve(asOf)) : null);
    const window = {
      from: text(words.from),
      to: text(words.to),
      asOf: asOf ? toUtcText(asOf) : null,
      assumedUtc: words.from?.zoned === false || words.to?.zoned === false,
    };
    if (window.from !== null && window.to !== null && window.from >= window.to) {
      throw new TrailscopeError(
        `--from ${window.from} is not before --to ${window.to}, so the window is empty. Swap or widen them.`,
      );
    }
    return window;
  };
};

/** Each id once, as typed: a key may look odd and still be the one in the logs. */
const accessKeys = (typed: string[]): string[] => {
  const ids = [...new Set(typed.map((id) => id.trim()))];
  if (ids.includes(''))
    throw new TrailscopeError('--access-key is empty. Give an access key id, as AKIAIOSFODNN7EXAMPLE.');
  const several = ids.find((id) => /[\s,;]/.test(id));
  if (several !== undefined)
    throw new TrailscopeError(`--access-key ${several} holds several words. Give --access-key once for each id.`);
  return ids;
};

export const scope = async (world: World, paths: string[], options: ScopeOptions): Promise<number> => {
  const resolve = windowOf(options);
  if (paths.length === 0 && options.case === undefined) {
    throw new TrailscopeError('Nothing to look at: give the folder of logs, or --case with a case that holds them.');
  }
  const seeds = accessKeys(options.accessKey);
  const path = options.case ?? join(options.out, 'trailscope.duckdb');
  checkPaths(paths);
  makeFolder(options.out, '--out');
  const opened = await openCase({ path, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    const question = { command: 'scope' as const, paths, seeds, resolve, version: world.version };
    const { report, timeline } = await analyze(opened, question, {
      jobs: options.jobs,
      limits: limitsOf(options),
      onOthers: onOthers(world, path, options.case !== undefined),
      onProgress: (state) => progress.show(state),
    });
    progress.clear();
    const files = await writeReport(report, timeline, options.out);
    await recordCustody(opened, world);
    if (options.format === 'json') for (const piece of formats.json.render(report)) await world.stdout(piece);
    else await world.stdout(terminal(report, { width: world.width, colour: world.colour, files, kept: path }));
    return verdict(report, options.failOn);
  } finally {
    progress.clear();
    opened.close();
  }
};
