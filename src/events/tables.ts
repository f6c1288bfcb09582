/** Loads Parquet tables: the engine writes their rows out as JSON, and these go the way of every other record. */
import { appendFileSync, createReadStream, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { type Database, queryText, quoted } from '../database.ts';
import { TrailscopeError } from '../errors.ts';
import type { FileResult } from '../evidence/protocol.ts';
import { type Batch, readFiles, type ReadOptions } from '../evidence/read.ts';
import { notEvents } from '../evidence/shape.ts';
import { holdEvents } from '../evidence/unwrap.ts';

/** Tables of one file in the folder, and the archive itself where they were packed. */
export type HeldBack = { tables: FileResult[]; archives: FileResult[] };

/** Takes tables, and the archives they were packed in, out of a batch: they reach the ledger with their rows, so a killed run finds them again. */
export const holdBackTables = (batch: Batch, heldBack: HeldBack[]): Batch => {
  const tables = batch.finished.filter(({ table }) => table !== undefined);
  const packedIn = new Set(tables.map(({ partOf }) => partOf));
  for (const partOf of packedIn) {
    heldBack.push({
      tables: tables.filter((table) => table.partOf === partOf),
      archives: batch.finished.filter(({ fileId, table }) => fileId === partOf && table === undefined),
    });
  }
  const finished = batch.finished.filter(({ fileId, table }) => table === undefined && !packedIn.has(fileId));
  return { chunks: batch.chunks, finished };
};

const refused = (table: FileResult, reason: string): FileResult => ({
  ...table,
  status: 'rejected',
  shape: 'parquet',
  reason,
  rejects: [{ index: null, offset: null, reason, raw: new Uint8Array() }],
});

/** What the engine says, without its kinds of errors and without the place of the table, which is a temporary one. */
const ownWords = (message: string, place: string): string =>
  message
    .split('\n')[0]!
    .replace(/^[\w ]*Error: /, '')
    .replaceAll(` '${place}'`, '')
    .replaceAll(` "${place}"`, '');

/** What could not be had of a table: all of it, or rows of which only the number is known. */
type Failure = { reason: string; lost?: number };

const failed = (error: unknown, place: string): string => {
  // Too little memory or disk is no damage.
  if (error instanceof TrailscopeError) throw error;
  return ownWords((error as Error).message, place);
};

/** More are told of by their number alone. */
const namedGroups = 3;
/** A damaged index may claim any number of rows; more than these are one. */
const mostLost = 1_000_000;
const linesAtOnce = 1000;

/**
 * Row group by row group: of a damaged one each row is a line that holds the reason alone, so that the others keep their numbers.
 * @returns undefined where no row group can be read
 */
const writeGroups = async (db: Database, from: string, to: string, rowsOf: string): Promise<Failure | undefined> => {
  const groups = await db.rows<{ number: number; rows: number; byte_offset: number }>(
    queryText('steps/parquet-groups'),
    { path: from },
  );
  const part = `${to}.part`;
  const damaged: string[] = [];
  let first = 0;
  let lost = 0;
  let read = 0;
  writeFileSync(to, '');
  for (const { number, rows, byte_offset } of groups) {
    const last = first + rows - 1;
    try {
      await db.run(
        `COPY (${rowsOf} WHERE file_row_number BETWEEN ${first} AND ${last} ORDER BY file_row_number) TO ${quoted(part)} (FORMAT json)`,
      );
      for await (const block of createReadStream(part)) appendFileSync(to, block as Buffer);
      read += rows;
    } catch (error) {
      const why = `row group ${number}, rows ${first} to ${last}, from byte ${byte_offset} of the file on, cannot be read: ${failed(error, from)}`;
      damaged.push(why);
      const lines = rows > mostLost ? 1 : rows;
      lost += lines;
      const line = `[${JSON.stringify(why)}]\n`;
      for (let at = 0; at < lines; at += linesAtOnce)
        appendFileSync(to, line.repeat(Math.min(linesAtOnce, lines - at)));
    }
    first += rows;
  }
  rmSync(part, { force: true });
  if (read === 0) return undefined;
  const others = damaged.length - namedGroups;
  const more = others > 0 ? [`and ${others} further row ${others === 1 ? 'group' : 'groups'}`] : [];
  return { lost, reason: [...damaged.slice(0, namedGroups), ...more].join('; ') };
};
/** Writes the rows out in their order, one a line. @returns what of them cannot be had */
export const writeRows = async (db: Database, from: string, to: string): Promise<Failure | undefined> => {
  const table = `read_parquet(${quoted(from)}, binary_as_string = true, file_row_number = true)`;
  const rows = `SELECT * EXCLUDE (file_row_number) FROM ${table}`;
  const refusal = (error: unknown): Failure => ({
    reason: `the Parquet table cannot be read: ${failed(error, from)}`,
  });
  try {
    const columns = await db.rows<{ column_name: string }>(`SELECT column_name FROM (DESCRIBE ${rows})`);
    const names = columns.map(({ column_name }) => column_name);
    if (!holdEvents(names)) return { reason: notEvents('parquet', names).reason };
    await db.run(`COPY (${rows} ORDER BY file_row_number) TO ${quoted(to)} (FORMAT json)`);
    return undefined;
  } catch (error) {
    const whole = refusal(error);
    try {
      return (await writeGroups(db, from, to, rows)) ?? whole;
    } catch (further) {
      return refusal(further);
    }
  }
};

/** What is said of the file is said of the table as found; only what was in it comes from its rows, whose offsets are those of no file. */
const asFound = (
  rows: FileResult,
  { bytes, inflatedBytes, sha256, sha256Inflated, partOf, member }: FileResult,
  failure: Failure | undefined,
): FileResult => ({
  ...rows,
  bytes,
  inflatedBytes,
  sha256,
  sha256Inflated,
  partOf,
  member,
  rejects: rows.rejects.map((reject) => ({ ...reject, offset: null })),
  ...(failure && {
    status: rows.lines > 0 ? 'partial' : 'rejected',
    reason: `${failure.reason}: ${rows.records - failure.lost!} of ${rows.records} rows read`,
  }),
});

/** @param load as for `readFiles` */
export const loadTables = async (
  db: Database,
  heldBack: HeldBack[],
  options: ReadOptions,
  load: (batch: Batch) => Promise<void>,
): Promise<void> => {
  for (const { tables, archives } of heldBack) {
    for (const { table: from, ...table } of tables) {
      const to = `${from}.ndjson`;
      const failure = await writeRows(db, from!, to);
      if (failure && failure.lost === undefined) await load({ chunks: [], finished: [refused(table, failure.reason)] });
      else if (statSync(to).size === 0) await load({ chunks: [], finished: [table] });
      else {
        const { fileId } = table;
        const file = {
          fileId,
          path: 'rows.json',
          location: Buffer.from(to),
          bytes: statSync(to).size,
          rows: true as const,
          ...(table.limits && { limits: table.limits }),
        };
        await readFiles([file], { ...options, jobs: 1 }, async ({ chunks, finished }) =>
          load({ chunks, finished: finished.map((rows) => asFound(rows, table, failure)) }),
        );
        unlinkSync(to);
      }
      unlinkSync(from!);
    }
    await load({ chunks: [], finished: archives });
  }
};
