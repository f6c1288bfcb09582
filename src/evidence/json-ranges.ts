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

/** Where the values of an object or array end: after its closing bracket, or where it is no JSON any more. */
type End = { at: number; whole: boolean };

/** Values that follow each other between brackets, with what stands before each: a key, or nothing. */
const walk = function* ({ start, end }: Range, bytes: Buffer, keyed: boolean): Generator<[Range, Range], End> {
  const closing = keyed ? 0x7d : 0x5d;
  let at = start + 1;
  const skipSpace = (): void => {
    while (at < end && isSpace(bytes[at])) at++;
  };
  skipSpace();
  if (bytes[at] === closing) return { at: at + 1, whole: true };
  for (;;) {
    skipSpace();
    if (at >= end) return { at, whole: false };
    const key = { start: at, end: at };
    if (keyed) {
      key.end = skipValue(bytes, at, end);
      if (key.end <= at || bytes[at] !== 0x22) return { at, whole: false };
      at = key.end;
      skipSpace();
      if (bytes[at] !== 0x3a) return { at, whole: false };
      at++;
      skipSpace();
    }
    const close = skipValue(bytes, at, end);
    if (close <= at) return { at, whole: false };
    yield [key, { start: at, end: close }];
    at = close;
    skipSpace();
    if (bytes[at] === closing) return { at: at + 1, whole: true };
    if (bytes[at] !== 0x2c) return { at, whole: false };
    at++;
  }
};

/** The members of the object by key; of equal keys the first, as the engine takes it. What is malformed ends the walk: `end` says where. */
export const membersOf = (bytes: Buffer, range: Range): { members: Map<string, Range>; end: End } => {
  const members = new Map<string, Range>();
  const values = walk(range, bytes, true);
  for (;;) {
    const { value, done } = values.next();
    if (done === true) return { members, end: value };
    const name = stringAt(bytes, value[0]);
    if (name !== undefined && !members.has(name)) members.set(name, value[1]);
  }
};

/** The elements of the array, up to its end or to where it is malformed. */
export const elementsOf = (bytes: Buffer, range: Range): { elements: Range[]; end: End } => {
  const elements: Range[] = [];
  const values = walk(range, bytes, false);
  for (;;) {
    const { value, done } = values.next();
    if (done === true) return { elements, end: value };
    elements.push(value[1]);
  }
};
