/** The operators in words: what sets each apart, where they meet, and what could not be told. */
import type { Report } from './model.ts';
import { count, few, list, number, service, span, time } from './words.ts';

type Operators = Report['operators'];
type Counted = { value: string; events: number };
type Most = { total: number; first: Counted[] };
type Traits = Record<'network' | 'whose' | 'owner' | 'known_good' | 'agent' | 'service' | 'reason' | 'hour', Most> & {
  busiest_hour: Counted | null;
  hours: number;
  days: number;
};
type Row = {
  operator: string;
  class: Operators['list'][number]['class'];
  events: number;
  first_seen: string | null;
  last_seen: string | null;
  addresses: number;
  credentials: string[];
};
type Call = { operator: string; call: string; events: number; alone: boolean; calls: number; calls_alone: number };
type Meeting = {
  operator: string;
  other: string;
  hours: number;
  turns: number;
  addresses: string[];
  networks: string[];
  credentials: number;
};

/** What the stage of lineage tells of them. */
type Told = {
  rows: Row[];
  traits: Map<string | null, Traits>;
  calls: Call[];
  meetings: Meeting[];
  shared: { address: string; operators: string[]; undetermined: boolean; identities: number; events: number }[];
  lanes: {
    start: string;
    seconds: number;
    buckets: number;
    before: { bucket: number; events: number }[];
    of: { operator: string | null; counts: { bucket: number; events: number }[] }[];
  } | null;
};

export const noOperators: Operators = {
  list: [],
  undetermined: { events: 0, reasons: [] },
  shared_addresses: [],
  lanes: null,
};

/** More names in one sentence are not read. */
const mostNamed = 3;

const fewOf = (names: readonly string[], total: number, noun: string): string =>
  total <= mostNamed
    ? list(names)
    : `${names.slice(0, mostNamed).join(', ')} and ${count(total - mostNamed, `more ${noun}`)}`;

const named = ({ total, first }: Most, noun: string): string =>
  fewOf(
    first.map(({ value }) => value),
    total,
    noun,
  );

const withEvents = ({ first }: Most): string =>
  list(first.slice(0, mostNamed).map(({ value, events }) => `${value} (${count(events, 'event')})`));

const sides: Record<Row['class'], string> = {
  owner: 'Known good',
  actor: 'Unlike the use before',
  undetermined: 'Side not told',
  mixed: 'Side not told',
};

const sideOf = (of: Row['class'], { reason, known_good: known }: Traits): string =>
  `${sides[of]}: ${withEvents(reason)}${known.total > 0 ? `; in the known-good file: ${named(known, 'entry')}` : ''}.`;

const kinds: Record<string, string> = {
  aws: 'of AWS',
  cloud: 'of a cloud',
  hosting: 'of a hosting company',
  vpn: 'of a VPN',
  tor: 'of Tor',
  residential: 'for homes',
};

const whereOf = ({ network, whose, owner, service: services }: Traits, addresses: number): string[] => {
  if (network.total === 0)
    return services.total === 0 ? [] : [`Seen through AWS services alone: ${named(services, 'service')}.`];
  const kind = owner.first.flatMap(({ value }) => kinds[value] ?? []);
  const about = [
    ...(whose.total > 0 ? [named(whose, 'network number')] : []),
    ...(kind.length > 0 ? [`${network.total === 1 ? 'a network' : 'networks'} ${list(kind)}`] : []),
  ];
  const changes = network.total > 12 ? ', so that its addresses tell little' : '';
  return [
    `From ${named(network, 'network')}${about.length > 0 ? `: ${about.join('; ')}` : ''}; ${count(addresses, 'address')}${changes}.`,
  ];
};

/** `01–03, 07`: hours of the day in a row are one span. */
const hourSpans = (hours: readonly number[]): string => {
  const spans: [number, number][] = [];
  for (const hour of hours.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] === hour - 1) last[1] = hour;
    else spans.push([hour, hour]);
  }
  const two = (hour: number): string => String(hour).padStart(2, '0');
  return spans.map(([from, to]) => (from === to ? two(from) : `${two(from)}–${two(to)}`)).join(', ');
};

const whenOf = (row: Row, { hour, hours, days, busiest_hour: busiest }: Traits): string[] => {
  if (busiest === null) return [];
  const at = hourSpans(hour.first.map(({ value }) => Number(value)));
  const rate =
    hours === 1
      ? ''
      : `; most in one hour: ${count(busiest.events, 'event')}, from ${time(busiest.value).slice(0, 16)}`;
  return [
    `${span(row.first_seen, row.last_seen)}: at work in ${count(hours, 'hour')} on ${count(days, 'day')}, ${hour.total === 24 ? 'around the clock' : `in the hours ${at} of UTC`}${rate}.`,
  ];
};

/** `s3:ListBuckets` of `s3.amazonaws.com:ListBuckets`. */
const callName = (call: string): string => {
  const [source = '', ...name] = call.split(':');
  return `${service(source)}:${name.join(':')}`;
};

const callsOf = (calls: readonly Call[]) => ({
  total: calls[0]?.calls ?? 0,
  first: calls.slice(0, 5).map(({ call, events }) => ({ value: callName(call), events })),
  alone: calls[0]?.calls_alone ?? 0,
  first_alone: calls
    .filter(({ alone }) => alone)
    .slice(0, 5)
    .map(({ call }) => callName(call)),
});

const doesOf = ({ total, first, alone, first_alone: only }: ReturnType<typeof callsOf>, several: boolean): string[] => {
  if (total === 0) return [];
  const most = list(first.slice(0, mostNamed).map(({ value, events }) => `${value} (${number(events)})`));
  const others = !several
    ? ''
    : alone === total
      ? '; no other operator makes any of them'
      : alone > 0
        ? `; ${count(alone, 'call')} that no other operator makes: ${fewOf(only, alone, 'call')}`
        : '; others make all of them too';
  return [`${count(total, 'different call', 'different calls')}, most often ${most}${others}.`];
};

const meetsOf = ({ other, hours, turns, addresses, networks, credentials }: Meeting): string[] => {
  const shares = [
    ...(credentials > 0 ? [count(credentials, 'credential')] : []),
    ...(addresses.length > 0
      ? [`${addresses.length === 1 ? 'the address' : 'addresses'} ${few(addresses, mostNamed, 'address')}`]
      : []),
    ...(addresses.length === 0 && networks.length > 0
      ? [`${networks.length === 1 ? 'the network' : 'networks'} ${few(networks, mostNamed, 'network')}`]
      : []),
  ];
  const met =
    turns > 0
      ? `at work at the same time as ${other}, taking turns, in ${count(turns, 'hour')}`
      : hours > 0
        ? `in the same hour as ${other} in ${count(hours, 'hour')}, one after the other`
        : `never in the same hour as ${other}`;
  if (shares.length === 0) return turns === 0 ? [] : [`${met.charAt(0).toUpperCase()}${met.slice(1)}.`];
  return [`Shares ${list(shares)} with ${other}; ${met}.`];
};

const sharedOf = (operator: string, shared: Told['shared']): string[] => {
  const others = shared.filter((row) => row.identities > 0 && row.operators.includes(operator));
  if (others.length === 0) return [];
  const named = others.slice(0, mostNamed).map(({ address, identities }) => `${address} by ${number(identities)}`);
  return [
    `Shares addresses with identities out of scope, which they do not enter by that: ${list(named)}${others.length > mostNamed ? ` and ${count(others.length - mostNamed, 'more address')}` : ''}.`,
  ];
};

export const operatorsInWords = ({ rows, traits, calls, meetings, shared, lanes }: Told): Operators => {
  const none = traits.get(null);
  return {
    list: rows.map((row) => {
      const of = traits.get(row.operator)!;
      const made = callsOf(calls.filter(({ operator }) => operator === row.operator));
      const met = meetings.flatMap((one) => {
        if (one.operator === row.operator) return [one];
        return one.other === row.operator ? [{ ...one, operator: one.other, other: one.operator }] : [];
      });
      return {
        operator: row.operator,
        class: row.class,
        events: row.events,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
        addresses: row.addresses,
        networks: of.network,
        whose: of.whose,
        agents: of.agent,
        calls: made,
        hours: of.hour.first
          .map(({ value, events }) => ({ hour: Number(value), events }))
          .toSorted((a, b) => a.hour - b.hour),
        active_hours: of.hours,
        active_days: of.days,
        busiest_hour: of.busiest_hour && { time: of.busiest_hour.value, events: of.busiest_hour.events },
        credentials: row.credentials,
        why: [
          sideOf(row.class, of),
          ...whereOf(of, row.addresses),
          ...(of.agent.total > 0 ? [`With ${named(of.agent, 'agent')}.`] : []),
          ...whenOf(row, of),
          ...doesOf(made, rows.length > 1),
          ...met.filter(({ other }) => other !== 'others').flatMap(meetsOf),
          ...sharedOf(row.operator, shared),
        ],
      };
    }),
    undetermined: {
      events: (none?.reason.first ?? []).reduce((sum, { events }) => sum + events, 0),
      reasons: (none?.reason.first ?? []).map(({ value, events }) => ({ reason: value, events })),
    },
    shared_addresses: shared.map(({ identities, ...row }) => ({ ...row, other_identities: identities })),
    lanes: lanes && {
      start: lanes.start,
      bucket_seconds: lanes.seconds,
      buckets: lanes.buckets,
      before: lanes.before,
      of: lanes.of,
    },
  };
};
