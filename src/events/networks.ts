/** Names the network of an address by the tables that come along: rows in order of their ranges, found by halving, read only where one is asked for. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { mostAsn, type Network, unknownNetwork } from './mmdb.ts';

const require = createRequire(import.meta.url);
const [comma, lineFeed] = [44, 10];

/** Decimal text without leading zeros, whatever its length: the numbers of IPv6 are wider than any of JavaScript's that is quick. */
const isAtMost = (a: string, b: string): boolean => (a.length === b.length ? a <= b : a.length < b.length);

/** The same of the number with which a row begins, byte by byte, since a million addresses ask twenty rows each. */
const beginsAtMost = (table: Buffer, row: number, number: string): boolean => {
  let length = 0;
  while (row + length < table.length && table[row + length] !== comma) length += 1;
  if (length !== number.length) return length < number.length;
  for (let at = 0; at < length; at += 1) {
    const difference = table[row + at]! - number.charCodeAt(at);
    if (difference !== 0) return difference < 0;
  }
  return true;
};

/** Where a row ends. The last one of a table that was cut off may do without its line feed. */
const endOf = (table: Buffer, row: number): number => {
  const end = table.indexOf(lineFeed, row);
  return end < 0 ? table.length : end;
};

/** Where the row begins that holds a byte. */
const rowAt = (table: Buffer, byte: number): number => {
  let at = byte;
  while (at > 0 && table[at - 1] !== lineFeed) at -= 1;
  return at;
};

/** Where the last row begins whose range begins at or before a number; undefined where none does. */
const lastBefore = (table: Buffer, number: string): number | undefined => {
  let found: number | undefined;
  let [low, high] = [0, table.length];
  while (low < high) {
    const row = rowAt(table, (low + high) >> 1);
    if (beginsAtMost(table, row, number)) {
      found = row;
      low = endOf(table, row) + 1;
    } else high = row;
  }
  return found;
};

/** `next` is where the next one begins, empty for the last: a range of the table may run into its neighbour, which then holds. */
type Range = { first: string; last: string; next: string; network: Network };

const readRow = (table: Buffer, from: number): Range => {
  const end = endOf(table, from);
  const row = table.toString('utf8', from, end);
  const [first = '', last = '', asn = ''] = row.split(',', 3);
  const name = row.slice(first.length + last.length + asn.length + 3);
  return {
    first,
    last,
    next: table.toString('latin1', end + 1, table.indexOf(comma, end + 1)),
    network: {
      // Numbers for private use (RFC 6996) name nobody.
      asn: asn !== '' && Number(asn) <= mostAsn ? Number(asn) : null,
      as_name: (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name) || null,
      owner_told: null,
    },
  };
};

/**
 * Remembers the last row: neighbours mostly lie in one range.
 * @param table rows of `first,last,asn,name`, the numbers decimal, in order of the first
 */
export const networksIn = (table: Buffer): ((number: string) => Network) => {
  let row: Range | undefined;
  return (number) => {
    if (!row || !isAtMost(row.first, number) || isAtMost(row.next, number)) {
      const at = lastBefore(table, number);
      row = at === undefined ? undefined : readRow(table, at);
    }
    return row && isAtMost(number, row.last) ? row.network : unknownNetwork;
  };
};

/**
 * Tables of networks, one a family, 33 MB in all.
 * @returns what finds the network that announces an address, which is given as decimal text
 */
export const shippedNetworks = (): ((family: 4 | 6, number: string) => Network) => {
  const folder = dirname(require.resolve('@ip-location-db/asn/package.json'));
  const families = new Map<4 | 6, ReturnType<typeof networksIn>>();
  return (family, number) => {
    const networkOf = families.get(family) ?? networksIn(readFileSync(join(folder, `asn-ipv${family}-num.csv`)));
    families.set(family, networkOf);
    return networkOf(number);
  };
};
