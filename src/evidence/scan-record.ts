/** Scans one JSON object byte by byte: where it ends, which top-level fields it has, which of them are out of the ordinary. */
import {
  eventIdBit,
  eventNameBit,
  fieldNamed,
  type KnownField,
  type KnownFields,
  recordFields,
} from './known-fields.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** Bytes that end the fast path through a string: quote, backslash, control characters. */
const stopsString = new Uint8Array(256);
for (let c = 0; c < 0x20; c++) stopsString[c] = 1;
stopsString[quote] = 1;
stopsString[backslash] = 1;

/** Bytes that mean something between strings; all others (digits, letters, spaces) are passed over. */
const matters = new Uint8Array(256);
for (const c of [quote, openBrace, closeBrace, openBracket, closeBracket, comma, colon, 0x0a, 0x0d]) matters[c] = 1;

/** A member the record's table columns do not hold: byte ranges of key (quotes included) and value, and the path that the key stands under. */
export type OddMember = { under: string; keyStart: number; keyEnd: number; valueStart: number; valueEnd: number };

/** What the latest `scanRecord` saw; one object, reused, since it is filled a million times. */
export const scanned = {
  /** Bits of the known fields present. */
  seen: 0,
  /** eventID is present as a non-empty string. */
  hasEventId: false,
  /** Equal for records of one eventName. */
  call: 0,
  /** Two hashes of the eventID. */
  id: { high: 0, low: 0 },
  /** A raw line break stands between tokens. */
  multiline: false,
  /** A raw control character stands inside a string: not JSON (RFC 8259 section 7). */
  controlInString: false,
  /** Levels of nesting, the record itself being the first. */
  depth: 0,
  odd: [] as OddMember[],
};

/**
 * Finds the end of a string.
 * @param at index after the opening quote
 * @returns index of the closing quote, or -1 where the bytes end first
 */
const endOfString = (bytes: Uint8Array, at: number, end: number): number => {
  let i = at;
  while (i < end) {
    while (i < end && stopsString[bytes[i]!] === 0) i++;
    if (i >= end) return -1;
    const c = bytes[i]!;
    if (c === quote) return i;
    if (c === backslash) i += 2;
    else {
      scanned.controlInString = true;
      i++;
    }
  }
  return -1;
};

const fieldAt = (fields: KnownFields, bytes: Buffer, start: number, end: number): KnownField | undefined => {
  candidates: for (const field of fields.byLength[end - start] ?? []) {
    const name = field.bytes;
    for (let k = 0; k < name.length; k++) if (bytes[start + k] !== name[k]) continue candidates;
    return field;
  }
  // A key may be written with escapes; DuckDB compares it decoded, so we must too.
  if (!bytes.subarray(start, end).includes(backslash)) return undefined;
  try {
    return fieldNamed(JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string, fields);
  } catch {
    return undefined;
  }
};

const afterSpace = (bytes: Uint8Array, at: number, end: number): number => {
  let i = at;
  for (; i < end && bytes[i]! <= 0x20; i++) if (bytes[i] === 0x0a || bytes[i] === 0x0d) scanned.multiline = true;
  return i;
};

/** What tells names and ids apart stands within these many bytes. */
const longestHashed = 64;

/** By multiplication (Knuth): the high bits tell texts apart. */
const hashOfText = (bytes: Uint8Array, start: number, end: number, factor: number): number => {
  const last = Math.min(end, start + longestHashed);
  let hash = 0;
  for (let i = start; i < last && bytes[i] !== quote; i++) hash = Math.imul(hash ^ bytes[i]!, factor);
  return hash >>> 0;
};

/** What `scanMembers` gives where an object is not laid out as JSON is. */
const unclear = -2;

/**
 * Scans an object whose members have columns of their own; those that have none are odd.
 * @param start its opening brace
 * @param depth levels of nesting, this object included
 * @returns index after its closing brace, -1 where the bytes end first, or `unclear`
 */
const scanMembers = (bytes: Buffer, start: number, end: number, fields: KnownFields, depth: number): number => {
  let seen = 0;
  if (depth > scanned.depth) scanned.depth = depth;
  let i = start + 1;
  if (bytes[i] !== quote) i = afterSpace(bytes, i, end);
  if (bytes[i] === closeBrace && i < end) return i + 1;
  for (;;) {
    if (bytes[i] !== quote) i = afterSpace(bytes, i, end);
    if (i >= end) return -1;
    if (bytes[i] !== quote) return unclear;
    const keyStart = i;
    const close = endOfString(bytes, i + 1, end);
    if (close < 0) return -1;
    const field = fieldAt(fields, bytes, keyStart + 1, close);
    i = bytes[close + 1] === colon ? close + 1 : afterSpace(bytes, close + 1, end);
    if (i >= end) return -1;
    if (bytes[i] !== colon) return unclear;
    i = bytes[i + 1] === quote ? i + 1 : afterSpace(bytes, i + 1, end);
    if (i >= end) return -1;
    const valueStart = i;
    const first = bytes[i]!;
    const isOdd = field === undefined || (seen & field.bit) !== 0 || field.first[first] === 0;
    if (first === quote) i = endOfString(bytes, i + 1, end) + 1;
    else if (first === openBrace && !isOdd && field.members) {
      i = scanMembers(bytes, i, end, field.members, depth + 1);
      if (i === unclear) return unclear;
    } else i = scanValue(bytes, i, end, depth);
    if (i <= 0) return -1;
    if (isOdd) scanned.odd.push({ under: fields.under, keyStart, keyEnd: close + 1, valueStart, valueEnd: i });
    if (field !== undefined) seen |= field.bit;
    if (bytes[i]! <= 0x20) i = afterSpace(bytes, i, end);
    if (i >= end) return -1;
    if (bytes[i] === closeBrace) return i + 1;
    if (bytes[i] !== comma) return unclear;
    i++;
  }
};

/**
 * Scans the object that starts at `start` (its opening brace) and fills `scanned`.
 * Brackets are counted, not matched: what is malformed inside is left for the JSON parser to refuse.
 * @returns index after the closing brace, or -1 where the bytes end first
 */
export const scanRecord = (bytes: Buffer, start: number, end: number): number => {
  scanned.seen = 0;
  scanned.hasEventId = false;
  scanned.call = 0;
  scanned.multiline = false;
  scanned.controlInString = false;
  scanned.depth = 1;
  if (scanned.odd.length > 0) scanned.odd = [];
  let seen = 0;
  let depth = 1;
  let expectKey = true;
  let odd: OddMember | undefined;
  let i = start + 1;
  while (i < end) {
    const c = bytes[i]!;
    if (matters[c] === 0) {
      i++;
      continue;
    }
    if (c === quote) {
      const close = endOfString(bytes, i + 1, end);
      if (close < 0) return -1;
      if (depth === 1 && expectKey) {
        expectKey = false;
        const field = fieldAt(recordFields, bytes, i + 1, close);
        let v = close + 1;
        while (v < end && (bytes[v] === colon || bytes[v]! <= 0x20)) {
          if (bytes[v] === 0x0a || bytes[v] === 0x0d) scanned.multiline = true;
          v++;
        }
        if (v >= end) return -1;
        const repeated = field !== undefined && (seen & field.bit) !== 0;
        if (field === undefined || repeated || field.first[bytes[v]!] === 0) {
          odd = { under: '', keyStart: i, keyEnd: close + 1, valueStart: v, valueEnd: -1 };
        } else if (field.bit === eventIdBit) {
          if (v + 1 >= end) return -1;
          scanned.hasEventId = bytes[v] === quote && bytes[v + 1] !== quote;
          scanned.id.high = hashOfText(bytes, v + 1, end, 0x9e3779b1);
          scanned.id.low = hashOfText(bytes, v + 1, end, 0x85ebca6b);
        } else if (field.bit === eventNameBit) scanned.call = hashOfText(bytes, v + 1, end, 0x9e3779b1);
        if (field !== undefined) seen |= field.bit;
        i = v;
        if (field?.members && odd === undefined && bytes[v] === openBrace) {
          const { length } = scanned.odd;
          const after = scanMembers(bytes, v, end, field.members, 2);
          if (after === -1) return -1;
          if (after === unclear) scanned.odd.length = length;
          else i = after;
        }
      } else i = close + 1;
      continue;
    }
    if (c === openBrace || c === openBracket) {
      if (++depth > scanned.depth) scanned.depth = depth;
    } else if (c === closeBrace || c === closeBracket) {
      if (--depth === 0) {
        if (odd) scanned.odd.push({ ...odd, valueEnd: i });
        scanned.seen = seen;
        return i + 1;
      }
    } else if (c === comma) {
      if (depth === 1) {
        expectKey = true;
        if (odd) scanned.odd.push({ ...odd, valueEnd: i });
        odd = undefined;
      }
    } else if (c !== colon) scanned.multiline = true;
    i++;
  }
  return -1;
};

/** As `skipValue`, of a value inside an object at `depth`, and fills `scanned` with what stands in it. */
const scanValue = (bytes: Uint8Array, at: number, end: number, depth: number): number => {
  let inner = depth;
  for (let i = at; i < end; i++) {
    const c = bytes[i]!;
    if (matters[c] === 0) {
      if (inner === depth && c <= 0x20) return i;
    } else if (c === quote) {
      i = endOfString(bytes, i + 1, end);
      if (i < 0) return -1;
    } else if (c === openBrace || c === openBracket) {
      if (++inner > scanned.depth) scanned.depth = inner;
    } else if (c === closeBrace || c === closeBracket) {
      if (inner === depth) return i;
      if (--inner === depth) return i + 1;
    } else if (c === comma) {
      if (inner === depth) return i;
    } else if (c !== colon) {
      if (inner === depth) return i;
      scanned.multiline = true;
    }
  }
  return -1;
};

/**
 * Passes over any JSON value.
 * @param at index of the value's first byte
 * @returns index after the value, or -1 where the bytes end first (a bare number or word ends only at a delimiter)
 */
export const skipValue = (bytes: Uint8Array, at: number, end: number): number => {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const c = bytes[i]!;
    if (c === quote) {
      i = endOfString(bytes, i + 1, end);
      if (i < 0) return -1;
      if (depth === 0) return i + 1;
    } else if (c === openBrace || c === openBracket) depth++;
    else if (c === closeBrace || c === closeBracket) {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (c === comma || c <= 0x20)) return i;
  }
  return -1;
};

/**
 * Passes over a value that is too large to hold, piece by piece, keeping nothing of it.
 * @returns for each piece the index after the value, or -1 where it goes on
 */
export const createPasser = (): ((bytes: Uint8Array, at: number, end: number) => number) => {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (bytes, at, end) => {
    for (let i = at; i < end; i++) {
      const c = bytes[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (c === backslash) escaped = true;
        else if (c === quote) inString = false;
      } else if (c === quote) inString = true;
      else if (c === openBrace || c === openBracket) depth++;
      else if (c === closeBrace || c === closeBracket) depth--;
      if (depth <= 0 && !inString) return i + 1;
    }
    return -1;
  };
};
