/** A case: one DuckDB file and the private folder beside it. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Database, openDatabase } from './database.ts';

export type Case = {
  db: Database;
  /** Private (0700); holds evidence in clear text while loading. */
  workFolder: string;
  /** Absolute locations of the case's own files and folders. */
  own: string[];
  close(): void;
};

export type CaseOptions = {
  /** The case file; undefined for one that is gone at the end. */
  path?: string;
  threads: number;
  /** Memory of the whole program; the engine gets what the program itself does not need. */
  memoryMB: number;
  writable?: string[];
};

/** What Node, its workers and the address data take beside the engine. */
const programMB = 600;
const leastEngineMB = 128;

/** Folders that hold evidence in clear text, of the cases open now. */
const privateFolders = new Set<string>();

/** Removes what must not stay behind when the program is stopped; the engine recovers the case by itself. */
export const abandonCases = (): void => {
  for (const folder of privateFolders) rmSync(folder, { recursive: true, force: true });
};

/**
 * Opens or makes a case. The folder beside it is emptied: a killed run may have left evidence there.
 * @throws TrailscopeError where the case is in use, is no case, or cannot be opened
 */
export const openCase = async ({ path, threads, memoryMB, writable = [] }: CaseOptions): Promise<Case> => {
  const temporary = path === undefined ? mkdtempSync(join(tmpdir(), 'trailscope-')) : undefined;
  const file = path === undefined ? join(temporary!, 'case.duckdb') : resolve(path);
  const workFolder = `${file}.work`;
  if (!temporary) mkdirSync(dirname(file), { recursive: true });
  // The engine takes the lock first: only its holder may empty the folder.
  const db = await openDatabase({
    path: file,
    workFolder,
    threads,
    memoryLimitMB: Math.max(leastEngineMB, memoryMB - programMB),
    writable,
  });
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { mode: 0o700 });
  privateFolders.add(temporary ?? workFolder);
  return {
    db,
    workFolder,
    own: [file, `${file}.wal`, workFolder],
    close() {
      db.close();
      rmSync(workFolder, { recursive: true, force: true });
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      privateFolders.delete(temporary ?? workFolder);
    },
  };
};

const currentUser = (): string | null => {
  try {
    return userInfo().username;
  } catch {
    return null; // A container's user may have no entry.
  }
};

/** Adds this command to the custody log; each entry carries the hash of the one before. */
export const recordCustody = async (
  { db }: Case,
  by: { now(): Date; version: string; argv: string[] },
): Promise<void> => {
  const [last] = await db.rows<{ entry: number; sha256: string }>(
    'SELECT entry, sha256 FROM custody_log ORDER BY entry DESC LIMIT 1',
  );
  const [counts] = await db.rows(
    `SELECT (SELECT count(*) FROM evidence) AS files, (SELECT count(*) FROM events) AS events`,
  );
  const entry = {
    entry: (last?.entry ?? 0) + 1,
    logged_at: by.now().toISOString(),
    user_name: currentUser(),
    host: hostname(),
    version: by.version,
    arguments: JSON.stringify(by.argv),
    counts: JSON.stringify(counts),
    previous_sha256: last?.sha256 ?? '0'.repeat(64),
  };
  const sha256 = createHash('sha256').update(JSON.stringify(entry)).digest('hex');
  await db.insert('custody_log', [{ ...entry, sha256 }]);
};
