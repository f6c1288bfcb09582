/** Addresses and ranges as numbers, so that the engine finds the range an address lies in by sorting. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Inclusive; numbers as decimal text, since those of IPv6 are wider than any number of JSON. */
export type Span = { family: 4 | 6; first: string; last: string };

/**
 * The number of an IPv4 address, read in one pass, since a million are.
 * @returns null where the text is none: four decimal parts without leading zeros, nothing else
 */
export const readIpv4 = (text: string): number | null => {
  let [number, part, dots] = [0, -1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9 && part !== 0) {
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return null;
    } else if (digit === dot && part >= 0) {
      number = number * 256 + part;
      part = -1;
      dots += 1;
    } else return null;
  }
  return dots === 3 && part >= 0 ? number * 256 + part : null;
};
const dot = -2; // Its code, counted from that of 0.

/**
 * Strict, as RFC 6943 section 3.1.1 asks: no leading zeros, four parts. A zone (RFC 4007 section 11) says which interface, not where; IPv4
 * written as IPv6 is IPv4.
 * @returns null where the text is no address: a service's name, a word, an address with port or mask
 */
export const parseAddress = (text: string): Address | null => {
  if (!text.includes(':')) return readIpv4(text) === null ? null : new ipaddr.IPv4(text.split('.').map(Number));
  try {
    // Asking first whether it is valid would parse it twice.
    const address = ipaddr.IPv6.parse(text.replace(/%.*$/, ''));
    return isMapped(address) ? address.toIPv4Address() : address;
  } catch {
    return null;
  }
};

/** ::ffff:0:0/96, RFC 4291 section 2.5.5.2; the library compares with every range that it knows. */
const isMapped = ({ parts }: ipaddr.IPv6): boolean =>
  parts[5] === 0xff_ff && parts.slice(0, 5).every((part) => part === 0);

/** @returns null where the text is neither a range in CIDR notation nor one address */
export const parseCidr = (text: string): [Address, number] | null => {
  const [host = '', bits, ...more] = text.split('/');
  const address = host.includes('%') ? null : parseAddress(host);
  if (address === null || more.length > 0) return null;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) return null;
  // Of an IPv4 address that is written as IPv6 the mask counts the bits before it too.
  const length = Number(bits) - (width === 32 && host.includes(':') ? 96 : 0);
  return length >= 0 && length <= width ? [address, length] : null;
};

export const familyOf = (address: Address): 4 | 6 => (address.kind() === 'ipv4' ? 4 : 6);

const shortOf = ({ octets }: ipaddr.IPv4): number => octets.reduce((number, octet) => number * 256 + octet, 0);

const valueOf = (address: Address): bigint =>
  address instanceof ipaddr.IPv4
    ? BigInt(shortOf(address))
    : BigInt(`0x${address.parts.map((part) => part.toString(16).padStart(4, '0')).join('')}`);

export const numberOf = (address: Address): string =>
  address instanceof ipaddr.IPv4 ? String(shortOf(address)) : valueOf(address).toString();

/** The addresses of a range; bits of the address behind the mask do not matter. */
export const spanOf = (address: Address, bits: number): Span => {
  const free = BigInt((address.kind() === 'ipv4' ? 32 : 128) - bits);
  const first = (valueOf(address) >> free) << free;
  return { family: familyOf(address), first: first.toString(), last: (first + (1n << free) - 1n).toString() };
};

/** The network that an address stands in for want of a better table: /24 of IPv4, /48 of IPv6, in CIDR notation. */
export const networkOf = (address: Address): string => {
  if (address instanceof ipaddr.IPv4) return `${address.octets.slice(0, 3).join('.')}.0/24`;
  // As RFC 5952 writes it: the zeros at the end are more than any before them.
  const [first = 0, second = 0, third = 0] = address.parts;
  const parts = third > 0 ? [first, second, third] : second > 0 ? [first, second] : first > 0 ? [first] : [];
  return `${parts.map((part) => part.toString(16)).join(':')}::/48`;
};

/**
 * Ranges that do not overlap, from ones of CIDR notation, which lie in each other or apart: each address keeps what the smallest says.
 * @param ranges in any order; of equal ones the first counts
 */
export const flatten = <Told extends object>(ranges: (Span & Told)[]): (Span & Told)[] => {
  const flat: (Span & Told)[] = [];
  const outer: { range: Span & Told; next: bigint }[] = [];
  const keep = (range: Span & Told, first: bigint, last: bigint): void => {
    if (first <= last) flat.push({ ...range, first: first.toString(), last: last.toString() });
  };
  const leave = (): void => {
    const { range, next } = outer.pop()!;
    keep(range, next, BigInt(range.last));
    if (outer.length > 0) outer.at(-1)!.next = BigInt(range.last) + 1n;
  };
  const ordered = ranges
    .map((range, at) => ({ range, at, first: BigInt(range.first), last: BigInt(range.last) }))
    .toSorted(
      (a, b) => a.range.family - b.range.family || order(a.first, b.first) || order(b.last, a.last) || a.at - b.at,
    );
  let before: (typeof ordered)[number] | undefined;
  for (const one of ordered) {
    const { range, first, last } = one;
    if (before && before.range.family === range.family && before.first === first && before.last === last) continue;
    before = one;
    while (
      outer.length > 0 &&
      (outer.at(-1)!.range.family !== range.family || BigInt(outer.at(-1)!.range.last) < first)
    )
      leave();
    const around = outer.at(-1);
    if (around) keep(around.range, around.next, first - 1n);
    outer.push({ range, next: first });
  }
  while (outer.length > 0) leave();
  return flat;
};

const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** The first address of a network, from its number. */
export const networkText = (number: bigint, width: number): string => {
  const bytes = Array.from({ length: width / 8 }, (_, at) => Number((number >> BigInt(width - 8 * (at + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
};
