/** `trailscope baseline build|show|diff`: what was normal, learned from logs and kept in a file. */
import { writeFileSync } from 'node:fs';
import { nothingRead } from '../analyze.ts';
import { openCase } from '../case.ts';
import { exit, refusal, TrailscopeError } from '../errors.ts';
import { type AddressFile, type AddressOptions, readAddressFiles } from '../events/address-files.ts';
import { ingest } from '../events/ingest.ts';
import { checkPaths } from '../evidence/find.ts';
import { type Baseline, baselineJson, baselineSchema, readBaselineFile, readNormal } from '../lineage/normal.ts';
import { scopeToAll } from '../lineage/scope.ts';
import { readAddressData, readLedger } from '../rules/ledger.ts';
import { diffBaselines, normalDiffText, normalText } from '../report/normal.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type World } from './program.ts';
import { progressLine } from './progress.ts';
import { windowOf } from './question.ts';

type Reading = EngineOptions & LimitOptions & { addressFiles: AddressFile[] };
type Learned = { baseline: Baseline; complete: boolean };

/**
 * Learns from all that the logs hold of the time asked about, in a case that is gone afterwards.
 * @throws TrailscopeError (exit 2) where they hold nothing to learn from
 */
export const learnFrom = async (
  world: World,
  paths: string[],
  { from, to, ...options }: Reading & { from?: string | undefined; to?: string | undefined },
): Promise<Learned> => {
  const resolve = windowOf({ ...(from && { from }), ...(to && { to }) });
  const opened = await openCase({ threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    await ingest(opened, paths, {
      jobs: options.jobs,
      limits: limitsOf(options),
      addressFiles: options.addressFiles,
      onProgress: (state) => progress.show(state),
    });
    const evidence = await readLedger(opened.db);
    if (evidence.events === 0) throw nothingRead(evidence);
    const window = resolve(evidence.last_event);
    await scopeToAll(opened.db, { from: window.from, to: window.to });
    const learned = await readNormal(opened.db, { from: window.from, to: window.to });
    const data = await readAddressData(opened.db);
    const baseline = { ...learned, address_data: data.map(({ kind, name, built }) => ({ kind, name, built })) };
    if (baseline.callers.length === 0)
      throw new TrailscopeError(
        'These logs hold no call of that time that a caller made itself from an address, so nothing can be learned. Give logs of an ordinary time.',
      );
    return { baseline, complete: evidence.files_rejected + evidence.files_partial + evidence.rejected === 0 };
  } finally {
    progress.clear();
    opened.close();
  }
};

type BuildOptions = EngineOptions & LimitOptions & AddressOptions & { from?: string; to?: string; out?: string };

export const buildBaseline = async (world: World, paths: string[], options: BuildOptions): Promise<number> => {
  checkPaths(paths);
  const { baseline, complete } = await learnFrom(world, paths, { ...options, addressFiles: readAddressFiles(options) });
  if (options.out === undefined) await world.stdout(baselineJson(baseline));
  else {
    try {
      writeFileSync(options.out, baselineJson(baseline));
    } catch (error) {
      const why = refusal(error);
      if (why === undefined) throw error;
      throw new TrailscopeError(`${options.out} cannot be written: ${why}. Name another place with --out.`);
    }
  }
  return complete ? exit.ok : exit.incomplete;
};

export const showBaseline = async (
  world: World,
  file: string,
  options: { caller?: string; format: 'table' | 'json' },
): Promise<number> => {
  const whole = readBaselineFile(file);
  const wanted = options.caller;
  const callers = whole.callers.filter(({ id }) => wanted === undefined || id.includes(wanted));
  if (callers.length === 0 && wanted !== undefined)
    throw new TrailscopeError(
      `The baseline knows no caller with ${wanted} in its name. Without --caller all of them are listed.`,
    );
  const baseline = { ...whole, callers };
  const { width, colour } = world;
  await world.stdout(options.format === 'json' ? baselineJson(baseline) : normalText(baseline, { width, colour }));
  return exit.ok;
};

export const printBaselineSchema = async (world: World): Promise<number> => {
  await world.stdout(baselineSchema());
  return exit.ok;
};

export const diffBaseline = async (
  world: World,
  before: string,
  after: string,
  options: { format: 'table' | 'json' },
): Promise<number> => {
  const changes = diffBaselines(readBaselineFile(before), readBaselineFile(after));
  const { width, colour } = world;
  await world.stdout(
    options.format === 'json'
      ? `${JSON.stringify({ changes }, null, 2)}\n`
      : normalDiffText(changes, { width, colour }),
  );
  return exit.ok;
};
