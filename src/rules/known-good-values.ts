/** What the values of a known-good file may be, and what to write instead of those that may not. */
import { networkText, numberOf, parseAddress, parseCidr, spanOf } from '../events/numbers.ts';
import type { ConditionKind, KnownGoodEntry } from './known-good-file.ts';

const shown = (value: string): string => `"${value.slice(0, 60)}"`;
const asExample = 'write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32';

/** Of narrower masks a few would be every address there is; IPv6 has private ranges of its own, fc00::/7 and fe80::/10. */
const widestMask = (address: Address, bits: number): boolean =>
  address.kind() === 'ipv4' ? bits < 8 : bits < 16 && !/^fc00::$|^fe80::$/.test(address.toString());

const maskProblem = (value: string): string | undefined => {
  const [host = '', bits = '', ...more] = value.split('/');
  const address = parseAddress(host);
  if (address === null || more.length > 0 || !/^\d+$/.test(bits)) return undefined;
  const width = host.includes(':') ? 128 : 32;
  return Number(bits) > width
    ? `${shown(value)} has a mask of more than the ${width} bits of its address: write ${host} for the one address, or a mask from ${width === 32 ? 8 : 16} to ${width}.`
    : undefined;
};

/** First to last, as some tools write ranges. */
const dashed = (value: string): string | undefined => {
  const [from, to, ...more] = value.split('-').map((part) => parseAddress(part.trim()));
  if (!from || !to || more.length > 0 || from.kind() !== to.kind()) return undefined;
  const [low, high] = [BigInt(numberOf(from)), BigInt(numberOf(to))];
  if (low > high) return `the range ${shown(value)} ends before it begins: write it as ${cidrs(to, high, low)}.`;
  return `${shown(value)} is no range in CIDR notation: write ${cidrs(from, low, high)}.`;
};

type Address = NonNullable<ReturnType<typeof parseAddress>>;

/** The least networks that hold just these addresses; the first four are told. */
const cidrs = (sample: Address, from: bigint, to: bigint): string => {
  const [low, high] = from <= to ? [from, to] : [to, from];
  const width = sample.kind() === 'ipv4' ? 32 : 128;
  const told: string[] = [];
  for (let at = low; at <= high && told.length < 5;) {
    let free = 0;
    while (free < width && at % (1n << BigInt(free + 1)) === 0n && at + (1n << BigInt(free + 1)) - 1n <= high) free++;
    told.push(`${networkText(at, width)}/${width - free}`);
    at += 1n << BigInt(free);
  }
  return told.length > 4 ? `${told.slice(0, 4).join(', ')} and so on` : told.join(', ');
};

const addressProblem = (value: string): string | undefined => {
  const range = parseCidr(value);
  if (range) {
    const [address, bits] = range;
    if (bits === 0) return `${shown(value)} is every address there is: name those that are known.`;
    const { first } = spanOf(address, bits);
    const width = address.kind() === 'ipv4' ? 32 : 128;
    if (first === numberOf(address) && widestMask(address, bits))
      return `${shown(value)} is a good part of all addresses there are: name those that are known, in ranges of /${address.kind() === 'ipv4' ? 8 : 16} or smaller.`;
    if (first === numberOf(address)) return undefined;
    return `${shown(value)} has bits behind its mask: write ${networkText(BigInt(first), width)}/${bits} for the network, or ${address.toString()} for the one address.`;
  }
  const told = dashed(value) ?? maskProblem(value);
  if (told !== undefined) return told;
  const bare = value
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%[^/]*/, '')
    .replaceAll(/(^|\.)0+(?=\d)/g, '$1');
  if (bare !== value && parseCidr(bare)) return `${shown(value)} is no address: write ${bare}.`;
  return `${shown(value)} is no address or range: ${asExample}.`;
};

const pattern = (what: string, wanted: RegExp, instead: string) => (value: string) =>
  wanted.test(value) ? undefined : `${shown(value)} is no ${what}: ${instead}.`;

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that stand for no place: tests of programs, and what is unknown. */
const nowhere = /^(QO|XA|XB|ZZ)$/;
const countryProblem = (value: string): string | undefined =>
  /^[A-Z]{2}$/.test(value) && !nowhere.test(value) && regions.of(value) !== undefined
    ? undefined
    : `${shown(value)} is no country code: write two capital letters of ISO 3166, as NL.`;

/** Wildcards alone would know everybody. */
const everything = /^[*:/]*$|^arn:[*:]*$/;

const problems: Record<ConditionKind, (value: string) => string | undefined> = {
  accounts: pattern('account id', /^\d{12}$/, 'write its twelve digits, as 111122223333'),
  addresses: addressProblem,
  networks: pattern('network number', /^(AS)?[1-9]\d{0,9}$/i, 'write it as AS64496'),
  countries: countryProblem,
  principals: pattern(
    'ARN',
    /^arn:[^\s]+$/,
    'write one, as arn:aws:iam::111122223333:user/ci-deployer; * stands for any text',
  ),
  roles: pattern('role', /^(arn:\S+|[\w+=,.@*/-]+)$/, 'write its name, as deploy, or its ARN; * stands for any text'),
  agents: pattern('user agent', /\S/, 'write its family, as terraform, or a pattern, as aws-cli/2.*'),
  calls: pattern('call', /^[a-z0-9*-]+:[A-Za-z0-9*]+$/, 'write service and call, as s3:Get*'),
};

export const valueProblem = (kind: ConditionKind, value: string): string | undefined =>
  value.trim() === ''
    ? `one of the ${kind} is empty: write it, or take it out.`
    : everything.test(value)
      ? `${shown(value)} is everything there is: name what is known.`
      : problems[kind](value);

const day = /^\d{4}-\d{2}-\d{2}$/;
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** undefined: not given; null: no time. */
const timeOf = (text: string | undefined): Date | null | undefined => {
  if (text === undefined) return undefined;
  const time = new Date(day.test(text) ? `${text}T00:00:00Z` : moment.test(text) ? text : 'none');
  // Node takes 30 February for 2 March.
  return Number.isNaN(time.getTime()) || (day.test(text) && time.toISOString().slice(0, 10) !== text) ? null : time;
};

const iso = (time: Date): string => time.toISOString().replace('.000Z', 'Z');

export const startOf = (text: string | undefined): string | null => {
  const time = timeOf(text);
  return time ? iso(time) : null;
};

/** A day is meant whole. */
export const endOf = (text: string | undefined): string | null => {
  const time = timeOf(text);
  return time ? iso(day.test(text!) ? new Date(time.getTime() + 86_400_000) : time) : null;
};

export const dateProblem = (
  from: string | undefined,
  until: string | undefined,
): { key: 'valid_from' | 'valid_until'; what: string } | undefined => {
  const wrong = (text: string | undefined): boolean => timeOf(text) === null;
  const say = (text: string): string => `${shown(text)} is no date: write 2026-03-25, or 2026-03-25T02:00:00Z.`;
  if (wrong(from)) return { key: 'valid_from', what: say(from!) };
  if (wrong(until)) return { key: 'valid_until', what: say(until!) };
  const [start, end] = [startOf(from), endOf(until)];
  if (start !== null && end !== null && start >= end)
    return { key: 'valid_until', what: `the entry ends (${until}) before it begins (${from}): swap the two dates.` };
  return undefined;
};

/** Ranges of one time that hold the same addresses, where addresses are all that is asked: two labels for one address. */
export const overlaps = (entries: readonly KnownGoodEntry[]): { line: number; what: string }[] => {
  const ranges = entries
    .filter(({ conditions }) => Object.keys(conditions).join() === 'addresses')
    .flatMap((entry) =>
      entry.conditions.addresses!.map((text) => {
        const { family, first, last } = spanOf(...parseCidr(text)!);
        return { entry, text, family, first: BigInt(first), last: BigInt(last) };
      }),
    )
    .toSorted((a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const said: { line: number; what: string }[] = [];
  // Ranges hold each other or are apart, so those that are open hold the next one; of each entry the widest is enough.
  let open: typeof ranges = [];
  for (const range of ranges) {
    open = open.filter(({ family, last }) => family === range.family && last >= range.first);
    for (const other of open.filter(({ entry }) => together(entry, range.entry)).slice(0, mostOverlaps)) {
      const [earlier, later] = other.entry.line <= range.entry.line ? [other, range] : [range, other];
      said.push({
        line: later.entry.line,
        what:
          earlier.entry === later.entry
            ? `${later.text} and ${earlier.text} of "${later.entry.label}" overlap: leave the smaller one out.`
            : `${later.text} of "${later.entry.label}" overlaps with ${earlier.text} of "${earlier.entry.label}" (line ${earlier.entry.line}), which goes first: write each address in one of them.`,
      });
    }
    if (!open.some(({ entry }) => entry === range.entry)) open.push(range);
  }
  return said;
};
/** Of one range. */
const mostOverlaps = 3;

const together = (a: KnownGoodEntry, b: KnownGoodEntry): boolean =>
  (a.valid_from ?? '') < (b.valid_until ?? '~') && (b.valid_from ?? '') < (a.valid_until ?? '~');
