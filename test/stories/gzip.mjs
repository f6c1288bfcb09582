/** gzip with the same bytes on every machine: zlib's differ between builds, and a golden report carries the hash of each file. */
import { crc32 } from 'node:zlib';

const window = 32768;
const shortest = 4;
const longest = 258;

/** RFC 1951, 3.2.5: first value and extra bits of each length code (from 257) and distance code (from 0). */
const lengths = ranges(29, 3, (code) => (code < 8 || code === 28 ? 0 : (code >> 2) - 1));
lengths[28] = { first: longest, extra: 0 };
const distances = ranges(30, 1, (code) => (code < 4 ? 0 : (code >> 1) - 1));

function ranges(count, start, extraOf) {
  let first = start;
  return Array.from({ length: count }, (_, code) => {
    const range = { first, extra: extraOf(code) };
    first += 2 ** range.extra;
    return range;
  });
}

/** One member, no name, no time, operating system "unknown"; one block with the fixed codes of RFC 1951, 3.2.6. */
export function gzip(content) {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, deflate(content), trailer]);
}

function deflate(content) {
  const bits = bitWriter();
  bits.number(1, 1);
  bits.number(1, 2);
  const seen = new Map();
  let at = 0;
  while (at < content.length) {
    const found = match(content, at, seen);
    const step = found?.length ?? 1;
    if (found) {
      symbol(bits, 257, lengths, found.length);
      symbol(bits, null, distances, found.distance);
    } else {
      literal(bits, content[at]);
    }
    for (const end = at + step; at < end; at++) remember(content, at, seen);
  }
  literal(bits, 256);
  return bits.end();
}

const keyAt = (content, at) => content.toString('latin1', at, at + shortest);

function remember(content, at, seen) {
  const key = keyAt(content, at);
  const places = seen.get(key);
  if (places) places.unshift(at);
  else seen.set(key, [at]);
  if (places && places.length > 16) places.pop();
}

/** The longest earlier copy of what starts here, among the latest places that start alike. */
function match(content, at, seen) {
  let best = null;
  for (const from of seen.get(keyAt(content, at)) ?? []) {
    if (at - from > window) break;
    let length = 0;
    while (length < longest && at + length < content.length && content[from + length] === content[at + length])
      length++;
    if (length >= shortest && length > (best?.length ?? 0)) best = { length, distance: at - from };
  }
  return best;
}

function literal(bits, value) {
  if (value < 144) bits.code(0x30 + value, 8);
  else if (value < 256) bits.code(0x190 + value - 144, 9);
  else if (value < 280) bits.code(value - 256, 7);
  else bits.code(0xc0 + value - 280, 8);
}

/** A length (its codes follow the literals) or, without `offset`, a distance (codes of five bits). */
function symbol(bits, offset, table, value) {
  let code = table.length - 1;
  while (table[code].first > value) code--;
  if (offset === null) bits.code(code, 5);
  else literal(bits, offset + code);
  bits.number(value - table[code].first, table[code].extra);
}

/** Codes go highest bit first, numbers lowest bit first. */
function bitWriter() {
  const bytes = [];
  let held = 0;
  let count = 0;
  const bit = (value) => {
    held |= value << count;
    if (++count === 8) {
      bytes.push(held);
      held = 0;
      count = 0;
    }
  };
  return {
    code: (value, width) => {
      for (let i = width - 1; i >= 0; i--) bit((value >> i) & 1);
    },
    number: (value, width) => {
      for (let i = 0; i < width; i++) bit((value >> i) & 1);
    },
    end: () => {
      while (count) bit(0);
      return Buffer.from(bytes);
    },
  };
}
