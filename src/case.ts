/** A case: one DuckDB file and the private folder beside it. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Database, openDatabase } from './database.ts';
import { refusal, TrailscopeError } from './errors.ts';

export type Case = {
  db: Database;
  /** Private (0700); holds evidence in clear text while loading. */
  workFolder: string;
  /** Absolute locations of the case's own files and folders. */
  own: string[];
  /** Evidence was found for it, now or earlier; a new case without any is removed when it closes. */
  inUse: boolean;
  close(): void;
};

export type CaseOptions = {
  /** The case file; undefined for one that is gone at the end. */
  path?: string;
  threads: number;
  /** Memory of the whole program; the engine gets what the program itself does not need. */
  memoryMB: number;
  writable?: string[];
  /** Opens a case without changing a byte of it, or making anything beside it. */
  readOnly?: boolean;
};

/** What Node, its workers and the address data take beside the engine. */
const programMB = 600;
const leastEngineMB = 128;

/** Folders that hold evidence in clear text, of the cases open now. */
const privateFolders = new Set<string>();

const goneName = (folder: string): string => `${folder}.gone`;

/** Removes what must not stay behind when the program is stopped; the engine recovers the case by itself. */
export const abandonCases = (): void => {
  for (const folder of privateFolders) {
    let leaving = folder;
    try {
      // Workers go on making files in it by its name, and no folder goes that fills meanwhile.
      renameSync(folder, goneName(folder));
      leaving = goneName(folder);
    } catch {
      // Some systems rename no folder in which a file is open.
    }
    // A file that was being made as the folder got its new name may come after the folder was listed, and rmSync's own retries do not list it again.
    for (let tries = 0; tries < 10 && existsSync(leaving); tries++) {
      try {
        rmSync(leaving, { recursive: true, force: true });
      } catch {
        // The next command on the case empties it.
      }
    }
  }
};

/**
 * Makes a folder and what is missing above it, level by level: mkdir's own `recursive` never ends where a level cannot be made, as in /proc.
 * @param option that named it, for the error
 * @throws TrailscopeError where the file system refuses
 */
export const makeFolder = (folder: string, option: string): void => {
  const missing: string[] = [];
  for (let level = resolve(folder); !existsSync(level); level = dirname(level)) missing.unshift(level);
  try {
    for (const level of missing) mkdirSync(level);
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`The folder ${folder} cannot be made: ${why}. Name another place with ${option}.`);
  }
};

/**
 * Makes a case aside and puts it in place whole: a run killed meanwhile leaves no half-made case, and of several that make
 * the same one, one wins and none overwrites.
 * @returns false where another process made it first
 */
const makeCase = async (file: string, engine: Omit<Parameters<typeof openDatabase>[0], 'path'>): Promise<boolean> => {
  const { workFolder } = engine;
  const aside = join(workFolder, `new-${randomUUID()}.duckdb`);
  try {
    mkdirSync(workFolder, { recursive: true, mode: 0o700 });
    privateFolders.add(workFolder);
    (await openDatabase({ ...engine, path: aside, create: true })).close();
    place(aside, file);
    return true;
  } catch (error) {
    privateFolders.delete(workFolder); // It may be another process's own.
    if (existsSync(file)) return false;
    throw error;
  }
};

/** A link never replaces what is there; where the file system knows none, a name is taken only if it is free. */
const place = (from: string, to: string): void => {
  try {
    linkSync(from, to);
  } catch (error) {
    if (existsSync(to) || !existsSync(from)) throw error;
    renameSync(from, to);
  }
};

/**
 * Opens or makes a case. The folder beside it is emptied: a killed run may have left evidence there.
 * @throws TrailscopeError where the case is in use, is no case, or cannot be opened
 */
export const openCase = async (options: CaseOptions): Promise<Case> => {
  const { path, threads, memoryMB, writable = [], readOnly = false } = options;
  const temporary = path === undefined || readOnly ? mkdtempSync(join(tmpdir(), 'trailscope-')) : undefined;
  const file = path === undefined ? join(temporary!, 'case.duckdb') : resolve(path);
  const workFolder = readOnly ? join(temporary!, 'work') : `${file}.work`;
  if (!temporary) makeFolder(dirname(file), '--case');
  const engine = { workFolder, threads, memoryLimitMB: Math.max(leastEngineMB, memoryMB - programMB) };
  const made = !existsSync(file) && (await makeCase(file, engine));
  // The engine takes the lock first: only its holder may empty the folder.
  const db = await openDatabase({ ...engine, path: file, writable, readOnly });
  for (const folder of [workFolder, goneName(workFolder)]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(workFolder, { mode: 0o700 });
  privateFolders.add(temporary ?? workFolder);
  const opened: Case = {
    db,
    workFolder,
    own: [file, `${file}.wal`, workFolder, goneName(workFolder)],
    inUse: !made,
    close() {
      db.close();
      rmSync(workFolder, { recursive: true, force: true });
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      if (!opened.inUse) for (const own of opened.own) rmSync(own, { recursive: true, force: true });
      privateFolders.delete(temporary ?? workFolder);
    },
  };
  return opened;
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
  /** Files that the command was given beside the evidence, by their hash. */
  given: Record<string, string> = {},
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
    counts: JSON.stringify({ ...counts, ...given }),
    previous_sha256: last?.sha256 ?? '0'.repeat(64),
  };
  const sha256 = createHash('sha256').update(JSON.stringify(entry)).digest('hex');
  await db.insert('custody_log', [{ ...entry, sha256 }]);
};
