/** `trailscope summary`: who did what, for when the key is not yet known. */
import { nothingRead } from '../analyze.ts';
import { type Case, openCase, recordCustody } from '../case.ts';
import { exit, TrailscopeError } from '../errors.ts';
import { checkPaths } from '../evidence/find.ts';
import { type AddressOptions, readAddressFiles } from '../events/address-files.ts';
import { describeAnew, ingest } from '../events/ingest.ts';
import { readAddressData, readLedger } from '../rules/ledger.ts';
import { useKnownGood } from '../rules/known-good.ts';
import { type SummaryQuestion, openSummary } from '../rules/summary.ts';
import { rowsCsv, rowsJson } from '../report/rows.ts';
import { mostShown, type SummaryRow, summaryText } from '../report/summary.ts';
import { openExisting, requireCase } from './existing.ts';
import { onOthers } from './others.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type World } from './program.ts';
import { progressLine } from './progress.ts';
import { givenOf, type KnownGoodOption, readKnownGoodOption } from './known-good-option.ts';

type SummaryOptions = EngineOptions &
  LimitOptions &
  AddressOptions &
  KnownGoodOption &
  SummaryQuestion & { case?: string; format: 'table' | 'csv' | 'json' };

/** Without paths a case is only looked into, unless its addresses are to be described anew; with paths they are loaded first, into a case that is gone afterwards unless one is named. */
const opened = async (
  world: World,
  paths: string[],
  options: SummaryOptions,
  given: Record<string, string>,
): Promise<Case> => {
  const addressFiles = readAddressFiles(options);
  const existing = { ...options, case: options.case ?? 'trailscope.duckdb' };
  if (paths.length === 0 && addressFiles.length === 0) return openExisting(existing);
  checkPaths(paths);
  if (paths.length === 0) requireCase(existing.case);
  const place = paths.length === 0 ? { path: existing.case } : options.case === undefined ? {} : { path: options.case };
  const loaded = await openCase({ ...place, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    if (paths.length === 0) await describeAnew(loaded, { addressFiles, jobs: options.jobs });
    else
      await ingest(loaded, paths, {
        jobs: options.jobs,
        limits: limitsOf(options),
        addressFiles,
        onOthers: onOthers(world, options.case ?? '', true),
        onProgress: (state) => progress.show(state),
      });
    await recordCustody(loaded, world, given);
    return loaded;
  } catch (error) {
    loaded.close();
    throw error;
  } finally {
    progress.clear();
  }
};

/** @returns the first rows, and how many there are */
const firstRows = async (chunks: AsyncIterable<SummaryRow[]>): Promise<{ rows: SummaryRow[]; total: number }> => {
  const rows: SummaryRow[] = [];
  let total = 0;
  for await (const chunk of chunks) {
    rows.push(...chunk.slice(0, Math.max(0, mostShown - rows.length)));
    total += chunk.length;
  }
  return { rows, total };
};

export const summary = async (world: World, paths: string[], options: SummaryOptions): Promise<number> => {
  const knownGood = readKnownGoodOption(world, options);
  const used = await opened(world, paths, options, givenOf(knownGood));
  try {
    if (knownGood) await useKnownGood(used.db, knownGood, false);
    const evidence = await readLedger(used.db);
    if (evidence.events === 0) throw nothingRead(evidence);
    const asked = await openSummary(used.db, options);
    if ('columns' in asked)
      throw new TrailscopeError(`--sort ${options.sort} is no column. The columns: ${asked.columns.join(', ')}.`);
    const { names, types } = asked;
    if (options.format === 'table') {
      const { rows, total } = await firstRows(asked.stream<SummaryRow>());
      const { width, colour } = world;
      const data = await readAddressData(used.db);
      await world.stdout(summaryText(rows, total, { by: options.by, data, width, colour }));
    } else {
      const write = options.format === 'csv' ? rowsCsv : rowsJson;
      for await (const piece of write({ names, types, chunks: asked.stream() })) await world.stdout(piece);
    }
    return evidence.files_rejected + evidence.files_partial + evidence.rejected > 0 ? exit.incomplete : exit.ok;
  } finally {
    used.close();
  }
};
