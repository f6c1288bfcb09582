/** Finds the members of a JSON object and the elements of an array as byte ranges, so that what is in them is kept to the byte. */
import { skipValue } from './scan-record.ts';

export type Range = { start: number; end: number };

const isSpace = (c: number | undefined): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;

const parsed = (bytes: Buffer, { start, end }: Range): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8', start, end));
  } catch {
    return undefined;
  }
};

/** The text of a JSON string; undefined where the value is another kind. */
export const stringAt = (bytes: Buffer, range: Range | undefined): string | undefined => {
  const value = range && bytes[range.start] === 0x22 ? parsed(bytes, range) : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** Values that follow each other between brackets, with what stands before each: a key, or nothing. */
const walk = function* ({ start, end }: Range, bytes: Buffer, keyed: boolean): Generator<[Range, Range]> {
  let at = start + 1;
  const skipSpace = (): void => {
    while (at < end && isSpace(bytes[at])) at++;
  };
  for (;;) {
    skipSpace();
    if (at >= end - 1) return;
    const key = { start: at, end: at };
    if (keyed) {
      key.end = skipValue(bytes, at, end);
      if (key.end < 0) return;
      at = key.end;
      skipSpace();
      if (bytes[at] !== 0x3a) return;
      at++;
      skipSpace();
    }
    const close = skipValue(bytes, at, end);
    if (close <= at) return;
    yield [key, { start: at, end: close }];
    at = close;
    skipSpace();
    if (bytes[at] !== 0x2c) return;
    at++;
  }
};

/** The members of the object by key; of equal keys the first, as the engine takes it. What is malformed ends the walk. */
export const membersOf = (bytes: Buffer, range: Range): Map<string, Range> => {
  const members = new Map<string, Range>();
  for (const [key, value] of walk(range, bytes, true)) {
    const name = stringAt(bytes, key);
    if (name !== undefined && !members.has(name)) members.set(name, value);
  }
  return members;
};

export const elementsOf = (bytes: Buffer, range: Range): Range[] =>
  Array.from(walk(range, bytes, false), ([, value]) => value);
