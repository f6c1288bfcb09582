/** What there is to tell of the operators that were found: networks, agents, hours, calls, where they meet, and their lanes over time. */
import { type Database, queryText } from '../database.ts';

type Counted = { value: string; events: number };
/** The first of `total`, most events first. */
type Most = { total: number; first: Counted[] };
type Row = {
  operator: string;
  class: 'owner' | 'actor' | 'undetermined' | 'mixed';
  events: number;
  first_seen: string | null;
  last_seen: string | null;
  addresses: number;
  credentials: string[];
};
const traitNames = ['network', 'whose', 'owner', 'known_good', 'agent', 'service', 'reason', 'hour'] as const;
type Trait = (typeof traitNames)[number];
type Traits = Record<Trait, Most> & {
  busiest_hour: Counted | null;
  hours: number;
  days: number;
};
type Call = {
  operator: string;
  call: string;
  events: number;
  alone: boolean;
  calls: number;
  calls_alone: number;
};
type Meeting = {
  operator: string;
  other: string;
  hours: number;
  turns: number;
  addresses: string[];
  networks: string[];
  credentials: number;
};
type Shared = {
  address: string;
  operators: string[];
  undetermined: boolean;
  identities: number;
  events: number;
};
/** Events by bucket from `start` on; only buckets with any. */
type Lane = { bucket: number; events: number }[];
type Lanes = {
  start: string;
  /** Of one bucket. */
  seconds: number;
  buckets: number;
  before: Lane;
  /** By operator; null for what is of none. */
  of: { operator: string | null; counts: Lane }[];
};
export type Told = {
  rows: Row[];
  /** By operator; null for what is of none. */
  traits: Map<string | null, Traits>;
  calls: Call[];
  meetings: Meeting[];
  shared: Shared[];
  lanes: Lanes | null;
};

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const widths = [1, 5, 15, minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 7 * day, 28 * day];
/** More bars than these run into one another. */
const mostBuckets = 96;

/** The axis: begins and ends on whole buckets, counted from 1970. */
const axisOf = (first: number, last: number): { start: number; seconds: number; buckets: number } => {
  const fits = (seconds: number): boolean => Math.floor(last / seconds) - Math.floor(first / seconds) < mostBuckets;
  let seconds = widths.find(fits) ?? widths.at(-1)!;
  while (!fits(seconds)) seconds *= 2;
  const start = Math.floor(first / seconds) * seconds;
  return { start, seconds, buckets: Math.floor((last - start) / seconds) + 1 };
};

type Span = { first_seen: string | null; last_seen: string | null; before_from: string | null };
type Bar = { operator: string | null; bucket: number; events: number };

const seconds = (time: string): number => Date.parse(time) / 1000;

const lanesOf = async (db: Database, from: string | null): Promise<Lanes | null> => {
  const [span] = await db.rows<Span>(queryText('steps/operators/span'), { from });
  const { first_seen: first, last_seen: last, before_from: before } = span!;
  if (first === null || last === null) return null;
  const begins = seconds(from ?? first);
  // As much of the time before as of the window, so that neither crushes the other.
  const earliest =
    before === null ? begins : Math.max(seconds(before), begins - Math.max(seconds(last) - begins, hour));
  const axis = axisOf(Math.min(earliest, seconds(first)), seconds(last));
  const start = new Date(axis.start * 1000).toISOString();
  const step = axis.seconds >= hour ? 'lanes-hours' : 'lanes';
  const bars = await db.rows<Bar>(queryText(`steps/operators/${step}`), { start, seconds: axis.seconds });
  const usual =
    from === null
      ? []
      : await db.rows<Lane[number]>(queryText('steps/operators/lane-before'), { start, from, seconds: axis.seconds });
  const names = [...new Set(bars.map(({ operator }) => operator))];
  return {
    ...axis,
    start: start.replace('.000Z', 'Z'),
    before: usual,
    of: names.map((operator) => ({
      operator,
      counts: bars.filter((bar) => bar.operator === operator).map(({ bucket, events }) => ({ bucket, events })),
    })),
  };
};

const noTraits = (): Traits => ({
  ...(Object.fromEntries(traitNames.map((name) => [name, { total: 0, first: [] }])) as unknown as Record<Trait, Most>), // Keys are the list's.
  busiest_hour: null,
  hours: 0,
  days: 0,
});

type TraitRow = { operator: string | null; trait: Trait | 'busiest_hour' | 'hours' | 'days'; total: number } & Counted;

/**
 * Reads what findOperators wrote; what it made for itself is gone after this.
 * @param from start of the window
 */
export const tellOperators = async (db: Database, from: string | null): Promise<Told> => {
  const rows = await db.rows<Row>(
    "SELECT operator, class, events, first_seen, last_seen, len(addresses) AS addresses, credentials FROM operators ORDER BY operator = 'others', operator",
  );
  const traits = new Map<string | null, Traits>();
  for (const { operator, trait, value, events, total } of await db.rows<TraitRow>(
    queryText('steps/operators/traits'),
  )) {
    const of = traits.get(operator) ?? noTraits();
    traits.set(operator, of);
    if (trait === 'hours' || trait === 'days') of[trait] = events;
    else if (trait === 'busiest_hour') of.busiest_hour = { value, events };
    else of[trait] = { total, first: [...of[trait].first, { value, events }] };
  }
  const told = {
    rows,
    traits,
    calls: await db.rows<Call>(queryText('steps/operators/calls')),
    meetings: await db.rows<Meeting>(queryText('steps/operators/meetings')),
    shared: await db.rows<Shared>(queryText('steps/operators/shared')),
    lanes: await lanesOf(db, from),
  };
  await db.run(queryText('steps/operators/forget'));
  return told;
};
