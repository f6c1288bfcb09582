/** Made-up values from one seed: the same numbers, ids and times on every machine. */

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const hexadecimal = '0123456789abcdef';

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state, good enough for traffic and fast. */
const mulberry32 = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
};

export const createRandom = (seed) => {
  const next = mulberry32(seed);
  const below = (limit) => next() % limit;
  const letters = (alphabet, count) => {
    let text = '';
    for (let i = 0; i < count; i++) text += alphabet[below(alphabet.length)];
    return text;
  };
  const hex = (count) => letters(hexadecimal, count);
  return {
    below,
    between: (from, to) => from + below(to - from),
    chance: (share) => next() < share * 2 ** 32,
    pick: (list) => list[below(list.length)],
    hex,
    base32: (count) => letters(base32, count),
    base62: (count) => letters(base62, count),
    digits: (count) => letters('0123456789', count),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${letters('89ab', 1)}${hex(3)}-${hex(12)}`,
    /** An access key id or unique id: four letters that tell the kind, and EXAMPLE at the end. */
    id: (prefix) => `${prefix}${letters(base32, prefix === 'ASIA' || prefix === 'AKIA' ? 9 : 10)}EXAMPLE`,
  };
};

/** Picks from [weight, …] rows in proportion to their weights. */
export const weighted = (rows) => {
  const slots = rows.flatMap((row) => Array.from({ length: Math.max(1, Math.round(row[0] * 10)) }, () => row));
  return (random) => random.pick(slots);
};

/** 2024-03-05T10:07:00Z, from seconds since 1970. */
export const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The same as STS and IAM write it in responses: Mar 5, 2024, 10:07:00 AM. */
export const awsDate = (seconds) => {
  const date = new Date(seconds * 1000);
  const hour = date.getUTCHours();
  const clock = `${hour % 12 || 12}:${iso(seconds).slice(14, 19)} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${clock}`;
};
