/** Splits a stream of CSV into its rows as it comes in, whatever ends a line; a row too long to hold is passed over. */

export type RowSink = {
  /** One whole row, without what ends its line; the bytes may be the caller's. */
  row(bytes: Buffer, offset: number): void;
  /** A row past the limit, by its first bytes; the rows after it follow. */
  tooLong(head: Buffer, offset: number): void;
  /** The file ends inside quotes. */
  cut(bytes: Buffer, offset: number): void;
};

const [quote, newline, carriageReturn] = [0x22, 0x0a, 0x0d] as const;

/**
 * Quotes count as the parser of the cells counts them: they open a cell only at its start, and one that is followed by other text ends
 * the quoting. RFC 4180 ends lines with CRLF; spreadsheets also write LF or CR alone.
 */
export const createRowSplitter = (
  delimiter: string,
  maxRowBytes: number,
  sink: RowSink,
): { push(bytes: Buffer, last: boolean): void } => {
  const separator = delimiter.charCodeAt(0);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let passing = false;
  let offset = 0;
  let rowStart = 0;
  let atCellStart = true;
  let quoted = false;
  let afterQuote = false;

  const drop = (): void => {
    held = [];
    heldBytes = 0;
  };

  const hold = (bytes: Buffer): void => {
    if (passing || bytes.length === 0) return;
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes <= maxRowBytes) return;
    sink.tooLong(Buffer.concat(held), rowStart);
    passing = true;
    drop();
  };

  const endRow = (bytes: Buffer, next: number): void => {
    hold(bytes);
    if (heldBytes > 0) sink.row(held.length === 1 ? held[0]! : Buffer.concat(held), rowStart);
    drop();
    passing = false;
    rowStart = next;
    atCellStart = true;
  };

  return {
    push(bytes, last) {
      let from = 0;
      for (let i = 0; i < bytes.length; i++) {
        const c = bytes[i]!;
        if (afterQuote) {
          afterQuote = false;
          if (c === quote) continue;
          quoted = false;
        }
        if (quoted) afterQuote = c === quote;
        else if (c === newline || c === carriageReturn) {
          endRow(bytes.subarray(from, i), offset + i + 1);
          from = i + 1;
        } else if (c === quote && atCellStart) {
          quoted = true;
          atCellStart = false;
        } else atCellStart = c === separator;
      }
      // What is held must outlive the caller's memory.
      hold(last ? bytes.subarray(from) : Buffer.from(bytes.subarray(from)));
      offset += bytes.length;
      if (!last) return;
      if (quoted && !afterQuote && !passing) sink.cut(Buffer.concat(held), rowStart);
      else endRow(bytes.subarray(bytes.length), offset);
    },
  };
};
