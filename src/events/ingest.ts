/** Paths in, events table out: loads what is not yet loaded, removes duplicates, describes addresses and agents. */
import type { Case } from '../case.ts';
import { queryText } from '../database.ts';
import { findFiles, type FoundFile } from '../evidence/find.ts';
import { defaultLimits, type ReadLimits } from '../evidence/limits.ts';
import { type Batch, type ReadProgress, readFiles } from '../evidence/read.ts';
import type { AddressFile } from './address-files.ts';
import { describeAddresses } from './addresses.ts';
import { describeAgents } from './agents.ts';
import { loadBatch } from './load.ts';
import { type HeldBack, holdBackTables, loadTables } from './tables.ts';

export type IngestProgress = ReadProgress & { totalFiles: number; totalBytes: number };

export type OtherFiles = { files: number; example: string };

export type IngestOptions = {
  jobs: number;
  /** What crosses one is rejected with its name; the defaults where none is given. */
  limits?: Partial<ReadLimits>;
  /** What tells where addresses are and whose, beside what comes along. */
  addressFiles?: AddressFile[];
  /** Asked before anything is loaded where the case holds files that are not under the paths, or have changed since; throws to refuse. */
  onOthers?: (others: OtherFiles) => void;
  onProgress?: (progress: IngestProgress) => void;
};

/**
 * What one writing thread gets in a transaction: just two of DuckDB's row groups. With less, each row is written twice, to the log and to the
 * table; with groups left part full, a later checkpoint merges them and writes all rows anew. Large records end a batch sooner, for the disk.
 */
const batchOfThread = { lines: 2 * 122_880, bytes: 512 << 20 };

const knownKey = (location: string, bytes: number, modifiedMs: number): string =>
  JSON.stringify([location, bytes, modifiedMs]);

/** What a killed run left half done: members of archives, and records of files, that never reached the ledger. */
const discardUnfinished = async ({ db }: Case): Promise<void> => {
  await db.run(
    'DELETE FROM evidence WHERE member IS NOT NULL AND location NOT IN (SELECT location FROM evidence WHERE member IS NULL)',
  );
  await db.run('DELETE FROM events WHERE file_id NOT IN (SELECT file_id FROM evidence)');
  await db.run('DELETE FROM rejects WHERE file_id NOT IN (SELECT file_id FROM evidence)');
};

const inTransaction = async ({ db }: Case, work: () => Promise<void>): Promise<void> => {
  await db.run('BEGIN TRANSACTION');
  try {
    await work();
    await db.run('COMMIT');
  } catch (error) {
    await db.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
};

const ledgerUnusable = (file: FoundFile & { fileId: number }): Record<string, unknown> => ({
  file_id: file.fileId,
  path: file.path,
  location: file.location.toString(),
  modified_ms: file.modifiedMs,
  status: file.unusable!.startsWith('cannot be read') ? 'rejected' : 'skipped',
  reason: file.unusable,
  records: 0,
  ignored: 0,
});

/** Describes the addresses of what is loaded already, where the data is other than before. */
export const describeAnew = async (
  opened: Case,
  { addressFiles }: Pick<IngestOptions, 'addressFiles'>,
): Promise<void> => inTransaction(opened, async () => describeAddresses(opened, addressFiles));

/**
 * Loads every file under the paths that the case does not hold yet.
 * @returns how many files were new
 * @throws TrailscopeError where a path does not exist, no file is found, or the disk is full; whatever `onOthers` throws
 */
export const ingest = async (opened: Case, paths: string[], options: IngestOptions): Promise<number> => {
  const { db } = opened;
  const found = findFiles(paths, opened.own).map((file) => ({
    ...file,
    key: knownKey(file.location.toString(), file.bytes, file.modifiedMs),
  }));
  opened.inUse = true;
  await discardUnfinished(opened);
  const ledger = await db.rows<{ path: string; location: string; bytes: number; modified_ms: number }>(
    'SELECT path, location, bytes, modified_ms FROM evidence WHERE member IS NULL ORDER BY path, file_id',
  );
  const known = new Map(ledger.map((row) => [knownKey(row.location, row.bytes ?? 0, row.modified_ms), row.path]));
  const offered = new Set(found.map(({ key }) => key));
  const others = [...known].filter(([key]) => !offered.has(key));
  if (others.length > 0) options.onOthers?.({ files: others.length, example: others[0]![1] });
  const [{ next }] = (await db.rows<{ next: number }>(
    'SELECT coalesce(max(file_id), 0) + 1 AS next FROM evidence',
  )) as [{ next: number }];
  const fresh = found.filter(({ key }) => !known.has(key)).map((file, i) => ({ ...file, fileId: next + i }));
  const unusable = fresh.filter((file) => file.unusable !== undefined);
  await db.insert('evidence', unusable.map(ledgerUnusable));
  const files = fresh.filter((file) => file.unusable === undefined);
  if (files.length > 0) {
    const byId = new Map(files.map((file) => [file.fileId, file]));
    const totals = { totalFiles: files.length, totalBytes: files.reduce((sum, file) => sum + file.bytes, 0) };
    const writers = Math.max(1, Math.floor(options.jobs / 2));
    const reading = {
      folder: opened.workFolder,
      jobs: options.jobs,
      batchLines: writers * batchOfThread.lines,
      batchBytes: writers * batchOfThread.bytes,
      limits: { ...defaultLimits, ...options.limits },
      nextFileId: next + fresh.length,
      onProgress: (progress: ReadProgress) => options.onProgress?.({ ...progress, ...totals }),
    };
    await db.setThreads(writers);
    const heldBack: HeldBack[] = [];
    const load = async (batch: Batch): Promise<void> => loadBatch(db, batch, byId);
    await readFiles(
      files.map(({ fileId, path, location, bytes }) => ({ fileId, path, location, bytes })),
      reading,
      async (batch) => load(holdBackTables(batch, heldBack)),
    );
    await loadTables(db, heldBack, { ...reading, onProgress: () => undefined }, load);
    await db.setThreads(options.jobs);
  }
  // Also without new files: a run killed before this point left them undone.
  await inTransaction(opened, async () => {
    await db.run(queryText('steps/deduplicate'));
    await describeAddresses(opened, options.addressFiles);
    await describeAgents(db);
  });
  if (files.length > 0) await db.run('CHECKPOINT');
  return fresh.length;
};
