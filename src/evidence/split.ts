/** Splits the bytes of an S3-delivered file, `{"Records":[…]}`, into its records, as they stream in. */
import { scanned, scanRecord, skipValue } from './scan-record.ts';

/** Why splitting stopped before the end of the bytes. */
type Stop =
  | { kind: 'not_json'; offset: number }
  | { kind: 'other_shape'; keys: string[]; array: boolean }
  | { kind: 'malformed'; offset: number; reason: string }
  | { kind: 'truncated'; offset: number };

export type RecordSink = {
  /** One whole object of the Records array; `scanned` still describes it. */
  record(bytes: Buffer, start: number, end: number, index: number, offset: number): void;
  /** One element, or the cut end of the file, that is no readable record. */
  reject(reason: string, bytes: Buffer, start: number, end: number, index: number, offset: number): void;
};

export type Splitter = {
  /** Takes the next bytes; `last` says that none follow. */
  push(bytes: Buffer, last: boolean): void;
  stop(): Stop | undefined;
  /** Objects and other elements found in Records, whole or cut. */
  records(): number;
};

const isSpace = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;

/** Keys by which a document says at once that it is another shape; reading on would only cost memory. */
const decidingKeys = new Set([
  'Events',
  'digestS3Object',
  'logEvents',
  'configurationItems',
  'detail',
  'CloudTrailEvent',
  'eventVersion',
]);

/**
 * @param maxRecordBytes a longer element is rejected, and passed over without being held in memory
 */
export const createSplitter = (sink: RecordSink, maxRecordBytes: number): Splitter => {
  let held: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  /** Offset in the stream of held[0]. */
  let base = 0;
  /** Bytes an unfinished token must have before it is scanned again, so that no token is scanned more than about twice. */
  let wanted = 0;
  let state: 'document' | 'object' | 'array' | 'oversized' = 'document';
  let separated = true;
  let sawRecords = false;
  let keys: string[] = [];
  let index = 0;
  let stop: Stop | undefined;
  let skip = { depth: 0, inString: false, escaped: false, offset: 0 };

  const hold = (bytes: Buffer): void => {
    if (start === end) {
      base += start;
      held = bytes;
      start = 0;
      end = bytes.length;
      return;
    }
    const rest = end - start;
    if (end + bytes.length <= held.length) bytes.copy(held, end);
    else {
      const grown = Buffer.allocUnsafe(Math.max(2 * rest, rest + bytes.length));
      held.copy(grown, 0, start, end);
      bytes.copy(grown, rest);
      base += start;
      held = grown;
      start = 0;
      end = rest;
    }
    end += bytes.length;
  };

  const malformed = (reason: string): false => {
    stop = { kind: 'malformed', offset: base + start, reason };
    return false;
  };

  /** The token at `start` does not end within the bytes held. */
  const wait = (): false => {
    wanted = 2 * (end - start);
    return false;
  };

  const skipSpace = (): boolean => {
    while (start < end && isSpace(held[start]!)) start++;
    return start < end;
  };

  const atDocument = (): boolean => {
    if (held[start] === 0x7b) {
      start++;
      separated = true;
      state = 'object';
      return true;
    }
    if (sawRecords) return malformed('text after the end of the JSON document');
    stop =
      held[start] === 0x5b
        ? { kind: 'other_shape', keys: [], array: true }
        : { kind: 'not_json', offset: base + start };
    return false;
  };

  const atObject = (): boolean => {
    const c = held[start]!;
    if (c === 0x7d) {
      start++;
      if (!sawRecords) {
        stop = { kind: 'other_shape', keys, array: false };
        return false;
      }
      state = 'document';
      return true;
    }
    if (c === 0x2c && !separated) {
      start++;
      separated = true;
      return true;
    }
    if (c !== 0x22 || !separated) return sawRecords ? malformed('not JSON after the Records array') : notJson();
    const close = skipValue(held, start, end);
    if (close < 0) return wait();
    let v = close;
    while (v < end && isSpace(held[v]!)) v++;
    if (v >= end) return wait();
    if (held[v] !== 0x3a) return sawRecords ? malformed('not JSON after the Records array') : notJson();
    v++;
    while (v < end && isSpace(held[v]!)) v++;
    if (v >= end) return wait();
    const key = held.toString('utf8', start + 1, close - 1);
    if (key === 'Records' && held[v] === 0x5b) {
      sawRecords = true;
      separated = true;
      start = v + 1;
      state = 'array';
      return true;
    }
    if (!sawRecords && decidingKeys.has(key)) {
      stop = { kind: 'other_shape', keys: [...keys, key], array: false };
      return false;
    }
    const after = skipValue(held, v, end);
    if (after < 0) {
      if (end - start > maxRecordBytes) stop = { kind: 'other_shape', keys: [...keys, key], array: false };
      return wait();
    }
    if (keys.length < 100) keys.push(key);
    start = after;
    separated = false;
    return true;
  };

  const notJson = (): false => {
    stop = { kind: 'not_json', offset: base + start };
    return false;
  };

  const atArray = (): boolean => {
    const c = held[start]!;
    if (c === 0x5d) {
      start++;
      separated = false;
      state = 'object';
      return true;
    }
    if (c === 0x2c) {
      if (separated) return malformed('a comma without a record before it');
      start++;
      separated = true;
      return true;
    }
    if (!separated) return malformed('no comma between two records');
    const after = c === 0x7b ? scanRecord(held, start, end) : skipValue(held, start, end);
    if (after < 0) {
      if (end - start > maxRecordBytes) {
        skip = { depth: 0, inString: false, escaped: false, offset: base + start };
        sink.reject(
          `longer than the limit of ${maxRecordBytes} bytes for one record`,
          held,
          start,
          end,
          index++,
          base + start,
        );
        state = 'oversized';
        return true;
      }
      return wait();
    }
    if (after === start) return malformed('not JSON between two records');
    const offset = base + start;
    if (c !== 0x7b) sink.reject('not a JSON object', held, start, after, index++, offset);
    else if (after - start > maxRecordBytes)
      sink.reject(
        `longer than the limit of ${maxRecordBytes} bytes for one record`,
        held,
        start,
        after,
        index++,
        offset,
      );
    else if (scanned.controlInString)
      sink.reject('a raw control character inside a string', held, start, after, index++, offset);
    else if (scanned.tooDeep) sink.reject('nested deeper than 1,000 levels', held, start, after, index++, offset);
    else sink.record(held, start, after, index++, offset);
    start = after;
    separated = false;
    return true;
  };

  /** Passes over an element that is too large to hold, byte by byte, keeping nothing. */
  const atOversized = (): boolean => {
    while (start < end) {
      const c = held[start++]!;
      if (skip.inString) {
        if (skip.escaped) skip.escaped = false;
        else if (c === 0x5c) skip.escaped = true;
        else if (c === 0x22) skip.inString = false;
      } else if (c === 0x22) skip.inString = true;
      else if (c === 0x7b || c === 0x5b) skip.depth++;
      else if (c === 0x7d || c === 0x5d) skip.depth--;
      if (skip.depth <= 0 && !skip.inString) {
        separated = false;
        state = 'array';
        return true;
      }
    }
    return true;
  };

  const steps = { document: atDocument, object: atObject, array: atArray, oversized: atOversized };

  const finish = (): void => {
    if (stop) return;
    if (state === 'document' && start >= end && sawRecords) return;
    if (state === 'document' && start >= end) stop = { kind: 'not_json', offset: base + start };
    else if (!sawRecords)
      stop =
        start < end || keys.length > 0
          ? { kind: 'other_shape', keys, array: false }
          : { kind: 'not_json', offset: base };
    else {
      stop = { kind: 'truncated', offset: state === 'oversized' ? skip.offset : base + start };
      // An element cut in its middle is one reject; a file cut between two records loses none.
      if (state === 'array' && start < end)
        sink.reject('the file ends in the middle of this record', held, start, end, index++, base + start);
    }
  };

  return {
    push(bytes, last) {
      if (stop) return;
      hold(bytes);
      if (base + start === 0 && held[0] === 0xef && held[1] === 0xbb && held[2] === 0xbf) start = 3;
      if (last || end - start >= wanted) {
        wanted = 0;
        while (skipSpace() && steps[state]()) continue;
      }
      if (last) finish();
    },
    stop: () => stop,
    records: () => index,
  };
};
