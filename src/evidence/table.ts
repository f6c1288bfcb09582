/** Reads CSV exports row by row: the console's Event history, query results of Lake and Athena, Splunk and its kin. */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { Row } from './columns.ts';
import type { ContentSink } from './content.ts';
import { createRowSplitter } from './rows.ts';

export type TableSink = {
  /** @param raw the row as it stands in the file */
  row(row: Row, raw: Buffer, offset: number): void;
  /** A row that cannot be read; others may follow. */
  reject(reason: string, raw: Buffer, offset: number): void;
  /** No row can be read from here on. */
  broken(reason: string, offset: number): void;
};

export type Header = { delimiter: string; columns: string[] };

const delimiters = [',', ';', '\t', '|'];
const lineBreaks = /[\r\n]+/;
const lineEnd = Buffer.from('\n');

/** The cells of whole rows, each on a line of its own; undefined where even the parser's tolerance ends. */
const cellsOf = (lines: string | Buffer, delimiter: string): string[][] | undefined => {
  try {
    return parse(lines, { delimiter, record_delimiter: '\n', relax_column_count: true, relax_quotes: true });
  } catch {
    return undefined;
  }
};

const namesOf = (line: string, delimiter: string): string[] =>
  (cellsOf(line, delimiter)?.[0] ?? [line]).map((cell) => cell.trim());

/** The columns of a file that starts as CSV may. A spreadsheet's own first line, `sep=;`, says the delimiter. */
export const csvHeader = (head: string): Header => {
  const [first = '', second = ''] = head.replace(/^[\r\n]+/, '').split(lineBreaks, 2);
  const said = /^sep=(.)$/.exec(first)?.[1];
  const line = said === undefined ? first : second;
  const candidates = (said === undefined ? delimiters : [said]).map((delimiter) => ({
    delimiter,
    columns: namesOf(line, delimiter),
  }));
  return candidates.reduce((best, one) => (one.columns.length > best.columns.length ? one : best));
};

/** Whether text that holds no events is a table all the same: names in the first line, and as many cells in the next. */
export const isTable = (head: string, { delimiter, columns }: Header): boolean => {
  const [, second] = head.replace(/^[\r\n]*(sep=.[\r\n]+)?/, '').split(lineBreaks, 2);
  return (
    columns.length > 1 &&
    columns.every((column) => /^[\p{L}\p{N}_@. :/()[\]{}#%-]{0,200}$/u.test(column)) &&
    second !== undefined &&
    namesOf(second, delimiter).length === columns.length
  );
};

/** Rows parsed together: one by one they take four times as long. */
const rowsAtOnce = 500;

/** @param maxRecordBytes a longer row is rejected */
export const createTableReader = (
  { delimiter }: Header,
  maxRecordBytes: number,
  sink: TableSink,
): { push: ContentSink } => {
  let columns: string[] | undefined;
  let ended = false;
  let waiting: { bytes: Buffer; offset: number }[] = [];
  const tooLong = `longer than the limit of ${maxRecordBytes} bytes for one record (--max-record)`;

  const flush = (): void => {
    const rows = waiting;
    waiting = [];
    const together = cellsOf(Buffer.concat(rows.flatMap(({ bytes }) => [bytes, lineEnd])), delimiter);
    for (const [i, { bytes, offset }] of rows.entries()) {
      // Where the parser saw other rows than the splitter did, each is parsed alone.
      const cells = together?.length === rows.length ? together[i] : cellsOf(bytes, delimiter)?.[0];
      if (!cells) {
        sink.reject('not CSV', bytes, offset);
        continue;
      }
      const row: Row = Object.create(null) as Row;
      for (const [at, cell] of cells.entries()) row[columns![at] ?? `column_${at + 1}`] ??= cell;
      sink.row(row, bytes, offset);
    }
  };

  const broken = (reason: string, offset: number): void => {
    ended = true;
    sink.broken(reason, offset);
  };

  const splitter = createRowSplitter(delimiter, maxRecordBytes, {
    row(bytes, offset) {
      if (ended) return;
      if (!columns) {
        if (!isUtf8(bytes))
          return broken('the line that names its columns is not UTF-8; save the file as UTF-8', offset);
        const line = bytes.toString('utf8');
        if (!line.startsWith('sep=')) columns = namesOf(line, delimiter);
        return;
      }
      if (!isUtf8(bytes)) {
        flush();
        return sink.reject('not UTF-8: a program saved the file in another encoding; save it as UTF-8', bytes, offset);
      }
      waiting.push({ bytes, offset });
      if (waiting.length >= rowsAtOnce) flush();
    },
    tooLong(head, offset) {
      if (ended) return;
      if (!columns) return broken(`the line that names its columns is ${tooLong}`, offset);
      flush();
      sink.reject(tooLong, head, offset);
    },
    cut(bytes, offset) {
      if (ended) return;
      flush();
      sink.reject('the file ends in the middle of this row', bytes, offset);
      sink.broken('the file ends early', offset);
    },
  });
  return {
    push(bytes, last) {
      splitter.push(bytes, last);
      // The rows lie in the caller's memory.
      flush();
    },
  };
};
