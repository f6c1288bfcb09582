/** Words for points in time, as typed after --from, --to and --as-of, to UTC. */
import type { Duration } from 'date-fns';
import { isValid } from 'date-fns/isValid';
import { parseISO } from 'date-fns/parseISO';
import { startOfDay } from 'date-fns/startOfDay';
import { sub } from 'date-fns/sub';
import { TrailscopeError } from '../errors.ts';

/** A time as typed, understood as far as that can be without knowing what "now" is. */
export type TimeWord = {
  resolve(asOf: Date | undefined): Date;
  /** False where it names a day or an hour and no zone: then it is UTC's. */
  zoned: boolean;
};

const units: Record<string, keyof Duration> = {
  s: 'seconds',
  second: 'seconds',
  m: 'minutes',
  min: 'minutes',
  minute: 'minutes',
  h: 'hours',
  hour: 'hours',
  d: 'days',
  day: 'days',
  w: 'weeks',
  week: 'weeks',
  month: 'months',
  y: 'years',
  year: 'years',
};

const relative = /^-?(\d{1,6})\s*([a-z]+?)s?(?:\s+ago)?$/i;
const zone = /(?:z|[+-]\d\d(?::?\d\d)?)$/i;
const dateOnly = /^\d{4}-\d\d-\d\d$/;
const dateAndTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i;

/** date-fns computes in the machine's zone; shifting by its offset makes that UTC. */
const inUtc = (time: Date, compute: (local: Date) => Date): Date => {
  const shift = (date: Date, sign: number): Date => new Date(date.getTime() + sign * date.getTimezoneOffset() * 60_000);
  return shift(compute(shift(time, 1)), -1);
};

const needsNow = (option: string, text: string, compute: (now: Date) => Date, zoned = true): TimeWord => ({
  zoned,
  resolve(asOf) {
    if (!asOf)
      throw new TrailscopeError(
        `${option} ${text} is relative, and no event has a time to count from. Give a date, as 2026-03-25T02:00:00Z.`,
      );
    return compute(asOf);
  },
});

/**
 * RFC 3339, a date, or a relative form (`7d`, `36 hours ago`, `yesterday`), which counts back from --as-of: the last event by default.
 * What bears no zone is UTC.
 * @throws TrailscopeError naming the option where the text is none of these
 */
export const parseTime = (option: string, text: string): TimeWord => {
  const word = text.trim();
  if (word === '') throw new TrailscopeError(`${option} is empty. Give a time, as 2026-03-25T02:00:00Z.`);
  if (dateOnly.test(word) || dateAndTime.test(word)) {
    const iso = word.replace(' ', 'T');
    const zoned = zone.test(iso.slice(11));
    const time = parseISO(dateOnly.test(word) ? `${iso}T00:00:00Z` : zoned ? iso : `${iso}Z`);
    if (isValid(time)) return { resolve: () => time, zoned };
  }
  if (/^now$/i.test(word)) return needsNow(option, text, (now) => now);
  if (/^today$/i.test(word)) return needsNow(option, text, (now) => inUtc(now, startOfDay), false);
  if (/^yesterday$/i.test(word))
    return needsNow(option, text, (now) => inUtc(now, (local) => startOfDay(sub(local, { days: 1 }))), false);
  const [, amount, unit] = relative.exec(word) ?? [];
  const name = unit && units[unit.toLowerCase()];
  if (name) return needsNow(option, text, (now) => inUtc(now, (local) => sub(local, { [name]: Number(amount) })));
  throw new TrailscopeError(
    `${option} ${text} is no time trailscope understands. Write 2026-03-25, 2026-03-25T02:00:00Z, 2026-03-25T02:00:00+01:00, or a relative form such as 7d, "36 hours ago", yesterday.`,
  );
};

/** RFC 3339 in UTC, without a fraction where it is zero: as times come out of the case. */
export const toUtcText = (time: Date): string => time.toISOString().replace('.000Z', 'Z');
