/** Reads CSV exports row by row: the console's Event history, query results of Lake and Athena, Splunk and its kin. */
import { type Info, parse } from 'csv-parse';
import type { Row } from './columns.ts';
import type { ContentSink } from './content.ts';

export type TableSink = {
  row(row: Row, raw: string, offset: number): void;
  /** A row that cannot be read; none follow. */
  broken(reason: string, offset: number): void;
};

type Header = { delimiter: string; columns: string[] };
type Parsed = { record: string[]; raw: string; info: Info };

/** The columns of a file that starts as CSV does; undefined where it does not. A spreadsheet's own first line, `sep=;`, says the delimiter. */
export const csvHeader = (head: string): Header | undefined => {
  const lines = head.split(/\r?\n/, 2);
  const said = /^sep=(.)$/.exec(lines[0] ?? '')?.[1];
  const line = (said === undefined ? lines[0] : lines[1]) ?? '';
  if (/^\s*[{[]/.test(line)) return undefined;
  const delimiter = said ?? [',', ';', '\t'].toSorted((a, b) => line.split(b).length - line.split(a).length)[0]!;
  const columns = line.split(delimiter).map((column) =>
    column
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
  const names = columns.every((column) => /^[\w@. :/()[\]{}#-]{1,200}$/.test(column));
  return names ? { delimiter, columns } : undefined;
};

/** @param maxRecordBytes a longer row ends the reading */
export const createTableReader = (
  { delimiter }: Header,
  maxRecordBytes: number,
  sink: TableSink,
): { push: ContentSink } => {
  const parser = parse({
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  });
  let columns: string[] | undefined;
  let offset = 0;
  let ended = false;
  parser.on('data', ({ record, raw, info }: Parsed) => {
    const start = offset;
    offset = info.bytes;
    if (!columns) {
      if (!raw.startsWith('sep=')) columns = record.map((column) => column.trim());
      return;
    }
    const row: Row = Object.create(null) as Row;
    for (const [i, cell] of record.entries()) row[columns[i] ?? `column_${i + 1}`] ??= cell;
    sink.row(row, raw.replace(/\r?\n$/, ''), start);
  });
  const done = new Promise<void>((resolve) => {
    parser.once('end', resolve);
    parser.once('error', (error: Error & { code?: string }) => {
      ended = true;
      const reason =
        error.code === 'CSV_MAX_RECORD_SIZE'
          ? `a row is longer than the limit of ${maxRecordBytes} bytes for one record (--max-record)`
          : error.code === 'CSV_QUOTE_NOT_CLOSED'
            ? 'the file ends in the middle of a row'
            : `not CSV from here on (${error.message})`;
      sink.broken(reason, offset);
      resolve();
    });
  });
  return {
    async push(bytes, last) {
      // The parser works on after the caller takes its memory back.
      if (!ended && bytes.length > 0 && !parser.write(Buffer.from(bytes)))
        await Promise.race([done, new Promise((resolve) => parser.once('drain', resolve))]);
      if (!last) return;
      if (!ended) parser.end();
      await done;
    },
  };
};
