/** Opens and locks DuckDB: offline, UTC, one instance a process; the only import of the driver. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  BIGINT,
  blobValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBResult,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import { TrailscopeError } from './errors.ts';
import { makeLayout } from './layout.ts';

/** What goes in: times as RFC 3339 text, to be cast in the SQL. */
type Param = string | number | boolean | null | Uint8Array | string[] | number[];
type Params = Record<string, Param>;
/** What comes out: times as RFC 3339 text with Z, BIGINT as number, JSON as text. */
export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };

/** A statement that was understood, and can be run once its parameters are given. */
export type Statement = {
  columns: { name: string; type: string }[];
  parameters: string[];
  stream<T = Record<string, Cell>>(params?: Params): AsyncGenerator<T[]>;
  close(): void;
};

export type Connection = {
  run(sql: string, params?: Params): Promise<number>;
  rows<T = Record<string, Cell>>(sql: string, params?: Params): Promise<T[]>;
  stream<T = Record<string, Cell>>(sql: string, params?: Params): AsyncGenerator<T[]>;
  prepare(sql: string): Promise<Statement>;
  interrupt(): void;
  close(): void;
};

export type Database = Connection & {
  memoryLimitMB: number;
  /** A further connection to the same database: rules get one each. */
  connect(): Promise<Connection>;
  /** As many threads as the engine's memory allows, up to `threads`. */
  setThreads(threads: number): Promise<void>;
  /** What the engine may take until it is told otherwise, `memoryLimitMB` to begin with. */
  setMemory(megabytes: number): Promise<void>;
  /** Appends rows whose keys are the table's columns; times as RFC 3339 text. */
  insert(table: string, rows: Record<string, unknown>[]): Promise<void>;
};

export type DatabaseOptions = {
  /** Case file; undefined for a database in memory. */
  path?: string;
  /** The private folder for chunks and spilling; all the engine may touch beside the case. */
  workFolder: string;
  threads: number;
  memoryLimitMB: number;
  /** Files the engine may write, each named: Parquet output. */
  writable?: string[];
  /** The case is another's evidence: tables, views and catalogs are as that program left them. */
  readOnly?: boolean;
  /** There is no case yet: a database without tables gets them. */
  create?: boolean;
};

const queries = fileURLToPath(new URL('../queries/', import.meta.url));

/** The text of a file in queries/, named without its ending: `steps/load`. */
export const queryText = (name: string): string => readFileSync(`${queries}${name}.sql`, 'utf8');

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const rowsAtOnce = 20_000;

/** A case is attached rather than opened, for its storage can then be chosen. */
const catalog = 'incident';

/** Rows of one of DuckDB's row groups, a quarter of its own choice: loading holds one unpacked, and records may be of many KiB. */
export const rowGroup = 30_720;
/** Newer ways to store text, too: a fifth less work to write, and a smaller case. */
const storage = `ROW_GROUP_SIZE ${rowGroup}, STORAGE_VERSION 'latest'`;

/** What a thread of the engine needs to be of use; with less, sorts and joins run out of memory instead of spilling. */
const threadMB = 125;

const toValue = (param: Param): DuckDBValue => {
  if (param instanceof Uint8Array) return blobValue(param);
  return Array.isArray(param) ? listValue(param) : param;
};

/** Lists need their type said: an empty one shows none. */
const toType = (param: Param): DuckDBType | undefined =>
  Array.isArray(param) ? LIST(typeof param[0] === 'number' ? BIGINT : VARCHAR) : undefined;

const toCell = (value: DuckDBValue): Cell => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBTimestampValue)
    return new Date(Number(value.micros / 1000n)).toISOString().replace('.000Z', 'Z');
  if (value instanceof DuckDBListValue) return value.items.map(toCell);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, toCell(item)]));
  return String(value);
};

/** The SQL that the caller names returns the columns of T; tests hold it to that. */
const toRows = <T>(names: string[], rows: DuckDBValue[][]): T[] => rows.map((values) => toRow(names, values) as T);

const toRow = (names: string[], values: DuckDBValue[]): Record<string, Cell> => {
  const row: Record<string, Cell> = {};
  for (const [i, name] of names.entries()) row[name] = toCell(values[i] ?? null);
  return row;
};

const mapped = <T>(params: Params | undefined, to: (param: Param) => T): Record<string, T> | undefined =>
  params && Object.fromEntries(Object.entries(params).map(([name, param]) => [name, to(param)]));

async function* rowsOf<T>(result: DuckDBResult): AsyncGenerator<T[]> {
  const names = result.deduplicatedColumnNames();
  for await (const rows of result.yieldRows()) yield toRows<T>(names, rows);
}

/** The engine's own words for too little memory or disk, as a sentence; everything else as it is. */
const explained = (error: unknown): unknown => {
  const { message } = error as Error;
  if (/Out of Memory|failed to (pin|allocate|offload)/i.test(message))
    return new TrailscopeError(
      'The engine ran out of memory. Run the same command with a larger --memory; what was loaded is kept.',
    );
  const full = /No space left on device|File too large|Disk quota exceeded/.exec(message);
  return full
    ? new TrailscopeError(
        `Cannot write to the case: ${full[0].toLowerCase()}. Free some space and run the same command again; what was loaded is kept.`,
      )
    : error;
};

const ask = async (connection: DuckDBConnection, sql: string, params?: Params) => {
  try {
    return await connection.run(sql, mapped(params, toValue), mapped(params, toType));
  } catch (error) {
    throw explained(error);
  }
};

const wrap = (connection: DuckDBConnection): Connection => ({
  run: async (sql, params) => (await ask(connection, sql, params)).rowsChanged,
  async rows<T>(sql: string, params?: Params) {
    const result = await ask(connection, sql, params);
    return toRows<T>(result.deduplicatedColumnNames(), await result.getRows());
  },
  async *stream<T>(sql: string, params?: Params) {
    yield* rowsOf<T>(await connection.stream(sql, mapped(params, toValue), mapped(params, toType)));
  },
  async prepare(sql) {
    const statement = await connection.prepare(sql);
    return {
      columns: Array.from({ length: statement.columnCount }, (_, i) => ({
        name: statement.columnName(i),
        type: statement.columnType(i).alias ?? statement.columnType(i).toString(),
      })),
      parameters: Array.from({ length: statement.parameterCount }, (_, i) => statement.parameterName(i + 1)),
      async *stream<T>(params?: Params) {
        if (params) statement.bind(mapped(params, toValue)!, mapped(params, toType));
        yield* rowsOf<T>(await statement.stream());
      },
      close: () => statement.destroySync(),
    };
  },
  interrupt: () => connection.interrupt(),
  close: () => connection.closeSync(),
});

/** Rows go in as JSON, read by the types of the table's own columns, which are asked for once. */
const inserter = (connection: Connection) => {
  const statements = new Map<string, string>();
  const statementFor = async (table: string): Promise<string> => {
    const types = await connection.rows<{ name: string; type: string }>(
      'SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE table_name = $table ORDER BY column_index',
      { table },
    );
    const shape = JSON.stringify([Object.fromEntries(types.map(({ name, type }) => [name, type]))]);
    return `INSERT INTO ${table} BY NAME SELECT r.* FROM (SELECT unnest(from_json($rows::JSON, ${quoted(shape)})) AS r)`;
  };
  return async (table: string, rows: Record<string, unknown>[]): Promise<void> => {
    if (rows.length === 0) return;
    const sql = statements.get(table) ?? (await statementFor(table));
    statements.set(table, sql);
    for (let at = 0; at < rows.length; at += rowsAtOnce) {
      await connection.run(sql, { rows: JSON.stringify(rows.slice(at, at + rowsAtOnce)) });
    }
  };
};

const notACase = (path: string): TrailscopeError =>
  new TrailscopeError(
    `${path} is not a trailscope case that this version can read. Name another file with --case; nothing was changed.`,
  );

const cannotOpen = (path: string, error: unknown): unknown => {
  const message = (error as Error).message;
  if (/could not set lock|conflicting lock/i.test(message)) {
    return new TrailscopeError(
      `The case ${path} is in use by another process. Wait until that one ends, or name another file with --case.`,
    );
  }
  if (/not a valid DuckDB|serializ|Corrupt|checksum|version number/i.test(message)) {
    return notACase(path);
  }
  if (/IO Error|Cannot open|Permission|No such file/i.test(message)) {
    return new TrailscopeError(
      `The case ${path} cannot be opened: ${message.split('\n')[0]}. Name a file in a folder you may write to with --case.`,
    );
  }
  return error;
};

/** A database that others made is theirs: nothing is added to it. */
const requireTables = async (connection: DuckDBConnection, path: string): Promise<void> => {
  const found = await connection.runAndReadAll("SELECT 1 FROM duckdb_tables() WHERE table_name = 'custody_log'");
  if (found.currentRowCount === 0) throw notACase(path);
};

/** After this no statement reads or writes a file outside the work folder and `writable`, and no settings change but threads and memory. */
const lock = async (connection: DuckDBConnection, { workFolder, writable = [] }: DatabaseOptions): Promise<void> => {
  await connection.run(`SET allowed_directories = [${quoted(workFolder)}]`);
  if (writable.length > 0) await connection.run(`SET allowed_paths = [${writable.map(quoted).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run("SET allowed_configs = ['threads', 'memory_limit']");
  await connection.run('SET lock_configuration = true');
};

/**
 * Opens a case, or a database in memory, with the tables and catalogs of queries/.
 * @throws TrailscopeError where the case is in use, is no case, or cannot be opened
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const { path, workFolder, threads, memoryLimitMB, readOnly = false, create = false } = options;
  const allowed = (count: number): string => String(Math.max(1, Math.min(count, Math.floor(memoryLimitMB / threadMB))));
  let instance: DuckDBInstance;
  let main: DuckDBConnection;
  try {
    instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      threads: allowed(threads),
      memory_limit: `${memoryLimitMB}MB`,
      temp_directory: workFolder,
      preserve_insertion_order: 'false',
      // Ranges are always sorted to join them: what was made in the same transaction counts as nothing, and would be gone through row by row.
      asof_loop_join_threshold: '0',
    });
    main = await instance.connect();
    if (path !== undefined)
      await main.run(`ATTACH ${quoted(path)} AS ${catalog} (${storage}${readOnly ? ', READ_ONLY' : ''})`);
    if (path !== undefined) await main.run(`USE ${catalog}`);
  } catch (error) {
    throw cannotOpen(path ?? ':memory:', error);
  }
  await main.run("SET GLOBAL TimeZone = 'UTC'"); // Of every connection, the rules' own included.
  if (path !== undefined && !create) await requireTables(main, path);
  const connection = wrap(main);
  if (readOnly) {
    await main.run(queryText('tables/00-macros'));
    const owners = await main.runAndReadAll(
      "SELECT 1 FROM duckdb_columns() WHERE table_name = 'ips' AND column_name = 'owner'",
    );
    if (owners.currentRowCount === 0) await main.run(queryText('steps/older-case'));
  } else {
    await makeLayout(queries, connection);
  }
  await lock(main, options);
  const open = new Set<DuckDBConnection>();
  return {
    ...connection,
    memoryLimitMB,
    setThreads: async (count) => void (await main.run(`SET threads = ${allowed(count)}`)),
    setMemory: async (megabytes) => void (await main.run(`SET memory_limit = '${megabytes}MB'`)),
    insert: inserter(connection),
    async connect() {
      const further = await instance.connect();
      if (path !== undefined) await further.run(`USE ${catalog}`);
      open.add(further);
      const close = (): void => void (open.delete(further) && further.closeSync());
      return { ...wrap(further), close };
    },
    close() {
      for (const further of open) further.closeSync();
      main.closeSync();
      instance.closeSync();
    },
  };
};
