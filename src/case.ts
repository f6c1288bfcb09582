/** A case: one DuckDB file and the private folder beside it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
const programMB = 500;
const leastEngineMB = 128;

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
  const db = await openDatabase({ path: file, workFolder, threads, memoryLimitMB: Math.max(leastEngineMB, memoryMB - programMB), writable });
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { mode: 0o700 });
  return {
    db,
    workFolder,
    own: [file, `${file}.wal`, workFolder],
    close() {
      db.close();
      rmSync(workFolder, { recursive: true, force: true });
      if (temporary) rmSync(temporary, { recursive: true, force: true });
    },
  };
};
