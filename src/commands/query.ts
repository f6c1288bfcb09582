/** `trailscope query`: one SQL query over a case, read-only, as a table, JSON, CSV, Arrow or Parquet. */
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Case } from '../case.ts';
import { quoted } from '../database.ts';
import { exit, TrailscopeError } from '../errors.ts';
import { rowsArrow } from '../report/arrow.ts';
import { type Rows, rowsCsv, rowsJson, rowsTable } from '../report/rows.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';

type QueryOptions = EngineOptions & {
  case: string;
  out?: string;
  format: 'table' | 'json' | 'csv' | 'arrow' | 'parquet';
};

const firstLine = (error: unknown): string => (error as Error).message.split(/\n\n?LINE /)[0]!.replaceAll('\n', ' ');

const notRun = (why: string): TrailscopeError =>
  new TrailscopeError(`The query was not run: ${why.replace(/[.!]$/, '')}.`);

/** One SELECT, as DuckDB itself reads it; the transaction it runs in is read-only besides. */
const understood = async ({ db }: Case, sql: string): Promise<{ names: string[]; types: string[] }> => {
  const [row] = await db.rows<{ tree: string }>('SELECT json_serialize_sql($sql::VARCHAR) AS tree', { sql });
  const tree = JSON.parse(row!.tree) as { error: boolean; error_message?: string; statements?: unknown[] };
  const problem = String(tree.error_message).split('\n')[0]!;
  if (tree.error && !problem.startsWith('Only SELECT')) throw notRun(problem);
  if (tree.error || tree.statements?.length !== 1) throw notRun('give exactly one SELECT; a query only reads the case');
  try {
    const statement = await db.prepare(sql);
    const { columns, parameters } = statement;
    statement.close();
    if (parameters.length > 0)
      throw notRun(`it has the parameter $${parameters[0]}, and query binds none; write the value in`);
    return { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type) };
  } catch (error) {
    if (error instanceof TrailscopeError) throw error;
    throw notRun(firstLine(error));
  }
};

const save = async (path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> => {
  const partial = `${path}.partial`;
  try {
    const file = await open(partial, 'w');
    try {
      for await (const piece of pieces) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new TrailscopeError(`Could not write ${path}: ${(error as Error).message}. Name another file with --out.`);
  }
};

export const query = async (world: World, sql: string, options: QueryOptions): Promise<number> => {
  const { format, out } = options;
  if (format === 'parquet' && out === undefined)
    throw new TrailscopeError('Parquet is written by the engine straight to a file: name it with --out.');
  if (format === 'arrow' && out === undefined && world.outputIsTerminal)
    throw new TrailscopeError('An Arrow file is not for a terminal: name a file with --out, or redirect stdout.');
  const partial = out === undefined ? undefined : `${resolve(out)}.partial`;
  const opened = await openExisting(options, partial === undefined ? [] : [partial]);
  try {
    const { names, types } = await understood(opened, sql);
    const { db } = opened;
    await db.run('BEGIN TRANSACTION READ ONLY');
    if (format === 'parquet') {
      await db.run(`COPY (${sql.replace(/;\s*$/, '')}\n) TO ${quoted(partial!)} (FORMAT parquet)`);
      await rename(partial!, out!);
      return exit.ok;
    }
    const rows: Rows = { names, types, chunks: db.stream(sql) };
    const style = { width: world.width, colour: world.colour };
    const pieces = {
      table: () => rowsTable(rows, style),
      json: () => rowsJson(rows),
      csv: () => rowsCsv(rows),
      arrow: () => rowsArrow(rows),
    }[format]();
    if (out === undefined) for await (const piece of pieces) await world.stdout(piece);
    else await save(out, pieces);
    return exit.ok;
  } catch (error) {
    if (error instanceof TrailscopeError || !(error as Error).message.includes('Error: ')) throw error;
    throw new TrailscopeError(`The query stopped: ${firstLine(error)}`);
  } finally {
    opened.close();
  }
};
