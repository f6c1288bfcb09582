/** Who was at work when, as lanes on one axis of time: what stands in each, whatever draws it. */
import type { Report } from './model.ts';
import { count, time } from './words.ts';

type Told = NonNullable<Report['operators']['lanes']>;
type Class = Report['operators']['list'][number]['class'];

export type Lane = {
  name: string;
  side: string;
  /** How it is drawn; `before` is the use before the window. */
  kind: Class | 'before' | 'none';
  events: number;
  /** Buckets that hold events, counted from the start of the axis. */
  bars: { bucket: number; events: number; about: string }[];
};

export type Lanes = {
  lanes: Lane[];
  buckets: number;
  most: number;
  /** How long a bucket is, in words. */
  each: string;
  /** Places on the axis, as a share of it, with the words under them: a time, or a day, and the day where it is another. */
  ticks: { at: number; words: string; day: string }[];
  /** Where the window begins, as a share of the axis; null where it begins with it, or has no start. */
  window: { at: number; words: string } | null;
};

const hour = 3600;
const day = 24 * hour;

const at = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Seconds left out where they tell nothing. */
const short = (seconds: number): string => time(at(seconds)).replace(/:00$/, '');

const lengths = [
  [day, 'day'],
  [hour, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

const lengthWords = (seconds: number): string => {
  const [unit, noun] = lengths.find(([unit]) => seconds % unit === 0)!;
  return seconds === unit ? noun : count(seconds / unit, noun);
};

const steps = [1, 5, 15, 30, 60, 300, 900, 1800, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour].concat(
  [1, 2, 7, 14, 28, 56, 112, 224].map((days) => days * day),
);
const mostTicks = 9;

const ticksOf = (start: number, length: number): Lanes['ticks'] => {
  const step = steps.find((one) => length / one <= mostTicks) ?? length / mostTicks;
  const ticks: Lanes['ticks'] = [];
  let last = '';
  for (let seconds = Math.ceil(start / step) * step; seconds <= start + length; seconds += step) {
    const [date = '', clock = ''] = time(at(seconds)).split(' ');
    const words = step >= day ? date : step >= 60 ? clock.slice(0, 5) : clock;
    ticks.push({ at: (seconds - start) / length, words, day: step >= day || date === last ? '' : date });
    last = date;
  }
  return ticks;
};

const barsOf = (bars: Told['before'], { start, bucket_seconds: length }: Told): Lane['bars'] =>
  bars.map(({ bucket, events }) => {
    const from = Date.parse(start) / 1000 + bucket * length;
    return { bucket, events, about: `${short(from)} to ${short(from + length)}: ${count(events, 'event')}` };
  });

const sideWords: Record<Class, string> = {
  owner: 'owner (known good)',
  actor: 'actor',
  undetermined: 'side not told',
  mixed: 'sides differ',
};

/** Null where there is nothing to compare: a single event, or none that bears a time. */
export const lanesOf = ({ operators, window }: Pick<Report, 'operators' | 'window'>): Lanes | null => {
  const { lanes: told, list } = operators;
  if (told === null || list.length === 0) return null;
  const start = Date.parse(told.start) / 1000;
  const length = told.buckets * told.bucket_seconds;
  const sum = (bars: Told['before']): number => bars.reduce((total, { events }) => total + events, 0);
  const lanes: Lane[] = [];
  if (told.before.length > 0)
    lanes.push({
      name: 'Before',
      side: 'as far as shown',
      kind: 'before',
      events: sum(told.before),
      bars: barsOf(told.before, told),
    });
  for (const { operator, class: of, events } of list) {
    const counts = told.of.find((lane) => lane.operator === operator)?.counts ?? [];
    lanes.push({
      name: operator.length === 1 ? `Operator ${operator}` : 'Other operators',
      side: sideWords[of],
      kind: of,
      events,
      bars: barsOf(counts, told),
    });
  }
  const none = told.of.find((lane) => lane.operator === null);
  if (none)
    lanes.push({
      name: 'None',
      side: 'no one operator',
      kind: 'none',
      events: sum(none.counts),
      bars: barsOf(none.counts, told),
    });
  const from = window.from === null ? null : (Date.parse(window.from) / 1000 - start) / length;
  return {
    lanes,
    buckets: told.buckets,
    most: Math.max(1, ...lanes.flatMap(({ bars }) => bars.map(({ events }) => events))),
    each: lengthWords(told.bucket_seconds),
    ticks: ticksOf(start, length),
    window:
      from === null || from < 0 ? null : { at: from, words: `window from ${short(Date.parse(window.from!) / 1000)}` },
  };
};
