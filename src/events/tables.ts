/** Loads Parquet tables: the engine writes their rows out as JSON, and these go the way of every other record. */
import { statSync, unlinkSync } from 'node:fs';
import { type Database, quoted } from '../database.ts';
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

/** Writes the rows out in their order, one a line. @returns why that cannot be */
export const writeRows = async (db: Database, from: string, to: string): Promise<string | undefined> => {
  const table = `read_parquet(${quoted(from)}, binary_as_string = true, file_row_number = true)`;
  try {
    const columns = await db.rows<{ column_name: string }>(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${table})`);
    const names = columns.map(({ column_name }) => column_name).filter((name) => name !== 'file_row_number');
    if (!holdEvents(names)) return notEvents('parquet', names).reason;
    const rows = `SELECT * EXCLUDE (file_row_number) FROM ${table} ORDER BY file_row_number`;
    await db.run(`COPY (${rows}) TO ${quoted(to)} (FORMAT json)`);
    return undefined;
  } catch (error) {
    if (error instanceof TrailscopeError) throw error;
    return `the Parquet table cannot be read: ${ownWords((error as Error).message, from)}`;
  }
};

/** What is said of the file is said of the table as found; only what was in it comes from its rows. */
const asFound = (
  rows: FileResult,
  { bytes, inflatedBytes, sha256, sha256Inflated, partOf, member }: FileResult,
): FileResult => ({ ...rows, bytes, inflatedBytes, sha256, sha256Inflated, partOf, member });

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
      if (failure !== undefined) await load({ chunks: [], finished: [refused(table, failure)] });
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
          load({ chunks, finished: finished.map((rows) => asFound(rows, table)) }),
        );
        unlinkSync(to);
      }
      unlinkSync(from!);
    }
    await load({ chunks: [], finished: archives });
  }
};
