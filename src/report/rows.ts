/** Rows of any query, in pieces: a table for people, JSON and CSV for programs. */
import { csvLine } from './escape.ts';
import { table, type TableOptions } from './table.ts';
import { number } from './words.ts';

/** @property types DuckDB's names of the columns' types */
export type Rows = { names: string[]; types: string[]; chunks: AsyncIterable<Record<string, unknown>[]> };

/** A terminal shows this many rows; the other formats have them all. */
const mostShown = 200;

const flat = (value: unknown): string | number | boolean | null =>
  value === null || value === undefined
    ? null
    : typeof value === 'object'
      ? JSON.stringify(value)
      : (value as string | number | boolean);

export async function* rowsTable({ names, chunks }: Rows, options: TableOptions): AsyncGenerator<string> {
  const shown: string[][] = [];
  let total = 0;
  for await (const rows of chunks) {
    total += rows.length;
    for (const row of rows)
      if (shown.length < mostShown) shown.push(names.map((name) => String(flat(row[name]) ?? '')));
  }
  yield table(names, shown, options);
  if (total > shown.length)
    yield `${number(shown.length)} of ${number(total)} rows shown; --format csv has them all.\n`;
}

/** One array, one row a line; JSON columns are JSON, not text. */
export async function* rowsJson({ names, types, chunks }: Rows): AsyncGenerator<string> {
  let first = true;
  const nested = names.filter((_, i) => types[i] === 'JSON');
  for await (const rows of chunks) {
    for (const row of rows) {
      for (const name of nested) if (typeof row[name] === 'string') row[name] = JSON.parse(row[name]) as unknown;
      yield `${first ? '[\n' : ',\n'}${JSON.stringify(row)}`;
      first = false;
    }
  }
  yield first ? '[]\n' : '\n]\n';
}

export async function* rowsCsv({ names, chunks }: Rows): AsyncGenerator<string> {
  yield csvLine(names);
  for await (const rows of chunks) for (const row of rows) yield csvLine(names.map((name) => flat(row[name])));
}
