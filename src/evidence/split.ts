/** Splits a stream of JSON documents into its elements as it comes in: records of a Records array, lines, or whole documents. */
import { isContainer, oneALine, openingOf, timestampLength } from './documents.ts';
import type { ElementSink, Splitter, SplitLimits, Stop } from './elements.ts';
import { createPasser, scanned, scanRecord, skipValue } from './scan-record.ts';

const isSpace = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09 || c === 0x1e; // RS: RFC 7464
const [quote, comma, openBrace, closeBrace, openBracket, closeBracket, newline] = [
  0x22, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d, 0x0a,
] as const;

export const createSplitter = (sink: ElementSink, { maxRecordBytes, maxDepth }: SplitLimits): Splitter => {
  let held: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  /** Offset in the stream of held[0]. */
  let base = 0;
  /** Bytes an unfinished token must have before it is scanned again, so that no token is scanned more than about twice. */
  let wanted = 0;
  let last = false;
  let state: 'document' | 'object' | 'array' | 'oversized' | 'line' = 'document';
  let separated = true;
  let lines: boolean | undefined;
  let documents = 0;
  let container: string | undefined;
  /** Objects entered on the way to the array: `hits` of a search answer holds the `hits` that count. */
  let depth = 0;
  /** Where the record or document began that is too long to hold; of a document, an array within can still make sense. */
  let oversizedFrom = 0;
  let stop: Stop | undefined;
  let passing: ReturnType<typeof createPasser> | undefined;

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

  /** The token at `start` does not end within the bytes held. */
  const wait = (): false => {
    wanted = 2 * (end - start);
    return false;
  };

  const endOfLine = (): number => {
    const at = held.subarray(start, end).indexOf(newline);
    return at < 0 ? end : start + at;
  };

  const tooLong = `longer than the limit of ${maxRecordBytes} bytes for one record (--max-record)`;

  /** After a whole document a broken one costs its line only; a file that starts broken is refused as a whole. */
  const malformed = (reason: string): boolean => {
    if (documents === 0 && lines !== true) {
      stop = { kind: 'malformed', offset: base + start, reason };
      return false;
    }
    const close = endOfLine();
    if (close === end && !last && end - start <= maxRecordBytes) return wait();
    sink.reject(reason === tooLong ? reason : `not JSON: ${reason}`, held, start, close, base + start, container);
    start = close;
    state = close === end && !last ? 'line' : 'document';
    return true;
  };

  const skipSpace = (): boolean => {
    while (start < end && isSpace(held[start]!)) start++;
    return start < end;
  };

  const pass = (): true => {
    passing = createPasser();
    oversizedFrom = base + start;
    sink.reject(tooLong, held, start, end, base + start, container);
    state = 'oversized';
    return true;
  };

  const take = (after: number, isObject: boolean): void => {
    const offset = base + start;
    const reject = (reason: string): void => sink.reject(reason, held, start, after, offset, container);
    if (!isObject) reject('not a JSON object');
    else if (after - start > maxRecordBytes) reject(tooLong);
    else if (scanned.controlInString) reject('a raw control character inside a string');
    else if (scanned.depth > maxDepth)
      reject(`nested deeper than ${maxDepth.toLocaleString('en')} levels (--max-depth)`);
    else sink.element(held, start, after, offset, container);
    start = after;
  };

  const enter = (key: string, inside: number): true => {
    container = key;
    separated = true;
    start = inside;
    state = 'array';
    return true;
  };

  const atDocument = (): boolean => {
    if (lines === undefined) {
      lines = oneALine(held, start, end);
      if (lines === undefined && !last) return wait();
    }
    const c = held[start]!;
    if (c === openBracket) return enter('[', start + 1);
    if (c !== openBrace) {
      const stamp = timestampLength(held, start, end);
      if (stamp > 0) {
        start += stamp;
        return true;
      }
      if (documents > 0) return malformed('text between JSON documents');
      stop = { kind: 'not_json', offset: base + start };
      return false;
    }
    const opened = openingOf(held, start, end);
    if (opened === 'cut' && !last) return wait();
    container = undefined;
    depth = 0;
    if (typeof opened === 'object') return enter(opened.key, opened.inside);
    return wholeDocument();
  };

  const wholeDocument = (): boolean => {
    const close = lines === true ? endOfLine() : end;
    let after = scanRecord(held, start, close);
    if (after < 0 && close < end) {
      // The line does not close: broken, unless what follows shows that this document is written over several lines.
      let next = close;
      while (next < end && isSpace(held[next]!)) next++;
      if (next >= end && !last) return wait();
      if (next >= end || held[next] === openBrace || held[next] === openBracket) {
        return malformed('the line is no whole JSON document');
      }
      after = scanRecord(held, start, end);
    }
    if (after < 0 && end - start <= maxRecordBytes) return wait();
    if (after < 0 || after - start > maxRecordBytes) {
      // Too large for one record: perhaps an export whose array comes later.
      oversizedFrom = base + start;
      separated = true;
      start++;
      state = 'object';
      return true;
    }
    take(after, true);
    documents++;
    return true;
  };

  const atObject = (): boolean => {
    const c = held[start]!;
    if (c === closeBrace) {
      start++;
      separated = false;
      if (depth-- > 0) return true;
      if (container === undefined) sink.reject(tooLong, held, start, start, oversizedFrom, container);
      documents++;
      state = 'document';
      return true;
    }
    if (c === comma && !separated) {
      start++;
      separated = true;
      return true;
    }
    if (c !== quote || !separated) return malformed('not JSON between the keys of the document');
    const close = skipValue(held, start, end);
    if (close < 0) return end - start > maxRecordBytes ? malformed('a key without end') : wait();
    let v = close;
    while (v < end && isSpace(held[v]!)) v++;
    if (v >= end) return wait();
    if (held[v] !== 0x3a) return malformed('a key without a value');
    v++;
    while (v < end && isSpace(held[v]!)) v++;
    if (v >= end) return wait();
    const key = held.toString('utf8', start + 1, close - 1);
    if (isContainer(key) && held[v] === openBracket) return enter(key, v + 1);
    if (key === 'hits' && held[v] === openBrace) {
      depth++;
      start = v + 1;
      return true;
    }
    const after = skipValue(held, v, end);
    if (after < 0 && end - start <= maxRecordBytes) return wait();
    if (after < 0)
      return lines === true || documents > 0
        ? malformed(tooLong)
        : malformed(`the value of ${JSON.stringify(key.slice(0, 60))} is ${tooLong}`);
    start = after;
    separated = false;
    return true;
  };

  const atArray = (): boolean => {
    const c = held[start]!;
    if (c === closeBracket) {
      start++;
      separated = false;
      if (container !== '[') state = 'object';
      else {
        documents++;
        state = 'document';
      }
      return true;
    }
    if (c === comma) {
      if (separated) return malformed('a comma without a record before it');
      start++;
      separated = true;
      return true;
    }
    if (!separated) return malformed('no comma between two records');
    const isObject = c === openBrace;
    const after = isObject ? scanRecord(held, start, end) : skipValue(held, start, end);
    if (after < 0) return end - start > maxRecordBytes ? pass() : wait();
    if (after === start) return malformed('not JSON between two records');
    take(after, isObject);
    separated = false;
    return true;
  };

  const atOversized = (): boolean => {
    const after = passing!(held, start, end);
    start = after < 0 ? end : after;
    if (after < 0) return true;
    separated = false;
    state = 'array';
    return true;
  };

  /** The rest of a line that was rejected. */
  const atLine = (): boolean => {
    start = endOfLine();
    if (start < end) state = 'document';
    return true;
  };

  const steps = { document: atDocument, object: atObject, array: atArray, oversized: atOversized, line: atLine };

  const finish = (): void => {
    if (stop) return;
    if (state === 'line') return;
    if (state === 'document' && start >= end) {
      if (documents === 0) stop = { kind: 'not_json', offset: base + start };
      return;
    }
    stop = { kind: 'truncated', offset: state === 'oversized' ? oversizedFrom : base + start };
    // An element cut in its middle is one reject; a file cut between two records loses none.
    if ((state === 'array' || state === 'document') && start < end)
      sink.reject('the file ends in the middle of this record', held, start, end, base + start, container);
  };

  return {
    push(bytes, isLast) {
      if (stop) return;
      last = isLast;
      hold(bytes);
      if (last || end - start >= wanted) {
        wanted = 0;
        while (skipSpace() && steps[state]()) continue;
      }
      if (last) finish();
    },
    stop: () => stop,
    documents: () => documents,
  };
};
