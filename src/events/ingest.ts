/** Paths in, events table out: loads what is not yet loaded, removes duplicates, describes addresses and agents. */
import type { Case } from '../case.ts';
import { type Connection, type Database, queryText, rowGroup } from '../database.ts';
import { findFiles, type FoundFile, textOfPath } from '../evidence/find.ts';
import { defaultLimits, raisedLimits, type ReadLimits } from '../evidence/limits.ts';
import { type Batch, type ReadProgress, readFiles } from '../evidence/read.ts';
import type { AddressFile } from './address-files.ts';
import { describeAddresses } from './addresses.ts';
import { describeAgents } from './agents.ts';
import { inTransaction } from '../transaction.ts';
import { loadBatch } from './load.ts';
import { noteSpellings } from './spellings.ts';
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
  /** Told how many files are read again, since a limit that something in them crossed was raised. */
  onAgain?: (files: number) => void;
  onProgress?: (progress: IngestProgress) => void;
};

/**
 * A batch fills DuckDB's row groups: with less, each row is written twice, to the log and to the table; with groups left part full, a later checkpoint
 * merges them and writes all rows anew. For the same reason one thread writes a batch, and several batches are loaded at once. As a batch is ordered by
 * call, one of many groups has each call in few of them: all rules over 800,000 events take 6.7 s with one group a batch, 4.2 s with eight, and the load
 * a sixth less. Large records end a batch sooner, for the disk.
 */
const batch = { groups: 8, bytes: 320 << 20 };
/** What a batch takes of the engine's memory while it is loaded; with less, it spills. */
const loaderMB = 200;
/** Node runs the engine's work in a pool of four threads, and needs one for files. */
const mostLoaders = 3;
/** Reading a file takes less than loading it: more threads would only wait, each with a file in memory. */
const readersPerLoader = 2;

const knownKey = (location: string, bytes: number, modifiedMs: number): string =>
  JSON.stringify([location, bytes, modifiedMs]);

const ledgerUnusable = (file: FoundFile & { fileId: number }): Record<string, unknown> => ({
  file_id: file.fileId,
  part_of: file.fileId,
  path: file.path,
  location: textOfPath(file.location),
  modified_ms: file.modifiedMs,
  status: file.unusable!.startsWith('cannot be read') ? 'rejected' : 'skipped',
  reason: file.unusable,
  records: 0,
  ignored: 0,
});

/** Files of which something crossed a limit that is higher now, with the limits to read them again by. */
const toReadAgain = async (db: Database, now: ReadLimits): Promise<Map<number, ReadLimits>> => {
  const crossing = await db.rows<{ part_of: number; limits: string; crossed: (keyof ReadLimits)[] }>(
    'SELECT part_of, limits, crossed FROM evidence WHERE len(crossed) > 0',
  );
  const again = new Map<number, ReadLimits>();
  for (const { part_of, limits, crossed } of crossing) {
    const raised = raisedLimits(JSON.parse(limits) as ReadLimits, crossed, now); // As `ledgerRow` wrote it.
    if (raised) again.set(part_of, raised);
  }
  return again;
};

const loaderOf = async (db: Database): Promise<Connection> => {
  const connection = await db.connect();
  await connection.run(queryText('tables/00-macros')); // Temporary, so each connection's own.
  return connection;
};

/** What sorts and hash tables take beside what the engine counts, and loading does not: 8,000,000 events asked in a run of 1 GB took up to 1,051 MiB without. */
const uncountedMB = 60;

/** From loading to asking. Threads share out row groups: of the events of one there is nothing to share, and the others would only cost. */
const beginAsking = async (db: Database, jobs: number): Promise<void> => {
  const [{ events }] = (await db.rows('SELECT count(*) AS events FROM events')) as [{ events: number }];
  await db.setThreads(events > rowGroup ? jobs : 1);
  await db.setMemory(Math.max(uncountedMB, db.memoryLimitMB - uncountedMB));
};

/** Describes the addresses of what is loaded already, where the data is other than before. */
export const describeAnew = async (
  opened: Case,
  { addressFiles, jobs }: Pick<IngestOptions, 'addressFiles' | 'jobs'>,
): Promise<void> => {
  await beginAsking(opened.db, jobs);
  await inTransaction(opened.db, async () => describeAddresses(opened, addressFiles));
};

/**
 * Loads every file under the paths that the case does not hold yet, and those again that crossed a limit which is higher now.
 * @returns how many files were read
 * @throws TrailscopeError where a path does not exist, no file is found, or the disk is full; whatever `onOthers` throws
 */
export const ingest = async (opened: Case, paths: string[], options: IngestOptions): Promise<number> => {
  const { db } = opened;
  const limits = { ...defaultLimits, ...options.limits };
  const found = findFiles(paths, opened.own).map((file) => ({
    ...file,
    key: knownKey(textOfPath(file.location), file.bytes, file.modifiedMs),
  }));
  opened.inUse = true;
  await db.run(queryText('steps/discard'));
  const ledger = await db.rows<{
    file_id: number;
    path: string;
    location: string;
    bytes: number;
    modified_ms: number;
  }>('SELECT file_id, path, location, bytes, modified_ms FROM evidence WHERE member IS NULL ORDER BY path, file_id');
  const again = await toReadAgain(db, limits);
  const known = new Map(ledger.map((row) => [knownKey(row.location, row.bytes ?? 0, row.modified_ms), row]));
  /** Limits of the files to read again, by key. */
  const raised = new Map(
    [...known].flatMap(([key, { file_id }]): [string, ReadLimits][] => {
      const own = again.get(file_id);
      return own ? [[key, own]] : [];
    }),
  );
  const offered = new Set(found.map(({ key }) => key));
  const others = [...known].filter(([key]) => !offered.has(key));
  if (others.length > 0) options.onOthers?.({ files: others.length, example: others[0]![1].path });
  const [{ next }] = (await db.rows<{ next: number }>(
    'SELECT coalesce(max(file_id), 0) + 1 AS next FROM evidence',
  )) as [{ next: number }];
  const fresh = found
    .filter(({ key }) => !known.has(key) || raised.has(key))
    .map((file, i) => ({ ...file, fileId: next + i }));
  const repeated = fresh.filter(({ key }) => raised.has(key)).length;
  if (repeated > 0) options.onAgain?.(repeated);
  const unusable = fresh.filter((file) => file.unusable !== undefined);
  await db.insert('evidence', unusable.map(ledgerUnusable));
  const files = fresh.filter((file) => file.unusable === undefined);
  if (files.length > 0) {
    const byId = new Map(files.map((file) => [file.fileId, { ...file, location: textOfPath(file.location) }]));
    const totals = { totalFiles: files.length, totalBytes: files.reduce((sum, file) => sum + file.bytes, 0) };
    const loaders = Math.max(1, Math.min(options.jobs, mostLoaders, Math.floor(db.memoryLimitMB / loaderMB)));
    const reading = {
      folder: opened.workFolder,
      jobs: Math.min(options.jobs, readersPerLoader * loaders),
      groupLines: rowGroup,
      mostGroups: batch.groups,
      batchBytes: batch.bytes,
      loaders,
      limits,
      nextFileId: next + fresh.length,
      onProgress: (progress: ReadProgress) => options.onProgress?.({ ...progress, ...totals }),
    };
    await db.setThreads(1);
    await db.setMemory(db.memoryLimitMB);
    const heldBack: HeldBack[] = [];
    const writers = await Promise.all(Array.from({ length: loaders }, async () => loaderOf(db)));
    const load = async (batch: Batch, before = Promise.resolve()): Promise<void> => {
      const writer = writers.pop()!;
      await loadBatch(db, batch, byId, { before, writer });
      writers.push(writer);
    };
    await readFiles(
      files.map(({ fileId, path, location, bytes, key }) => {
        const own = raised.get(key);
        return { fileId, path, location, bytes, ...(own && { limits: own }) };
      }),
      reading,
      async (batch, before) => load(holdBackTables(batch, heldBack), before),
    );
    await loadTables(db, heldBack, { ...reading, onProgress: () => undefined }, load);
    for (const writer of writers) writer.close();
  }
  await beginAsking(db, options.jobs);
  // Also without new files: a run killed before this point left them undone.
  await inTransaction(db, async () => {
    if ((await db.run(queryText('steps/supersede'))) > 0) await db.run(queryText('steps/discard'));
    await noteSpellings(db);
    await db.run(queryText('steps/deduplicate'));
    await db.run(queryText('steps/recipients'));
    await describeAddresses(opened, options.addressFiles);
    await describeAgents(db);
  });
  if (files.length > 0) await db.run('CHECKPOINT');
  return fresh.length;
};
