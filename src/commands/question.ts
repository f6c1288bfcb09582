/** What commands that follow credentials ask: which keys, and from when to when. */
import { TrailscopeError } from '../errors.ts';
import { parseRange } from '../lineage/addresses.ts';
import type { Asked } from '../lineage/seeds.ts';
import { parseTime, type TimeWord, toUtcText } from './times.ts';

/** The time that tells what was normal. */
export type NormalSpan = { baselineFrom?: string; baselineTo?: string };
export type WindowOptions = NormalSpan & { from?: string; to?: string; asOf?: string };

type Span = { from: string | null; to: string | null };

/** What lies in the window cannot be what it is compared with. */
const normalOf = (given: Span, window: Span): Span | undefined => {
  if (given.from === null && given.to === null) return undefined;
  const to = given.to ?? window.from;
  if (to === null)
    throw new TrailscopeError('--baseline-from needs an end: give --baseline-to, or --from where it ends.');
  if (given.from !== null && given.from >= to)
    throw new TrailscopeError(
      `--baseline-from ${given.from} is not before ${given.to === null ? '--from' : '--baseline-to'} ${to}, so there is no time to learn from. Swap or widen them.`,
    );
  if (window.from !== null && to > window.from)
    throw new TrailscopeError(
      `--baseline-to ${to} lies after --from ${window.from}: what is asked about cannot be what was normal. Let the baseline end where the window begins, or before.`,
    );
  return { from: given.from, to };
};

/** Words are understood before anything is loaded; what they mean may hang on the last event. */
export const windowOf = (options: WindowOptions) => {
  const word = (option: string, text: string | undefined): TimeWord | undefined =>
    text === undefined ? undefined : parseTime(option, text);
  const words = {
    from: word('--from', options.from),
    to: word('--to', options.to),
    asOf: word('--as-of', options.asOf),
    baselineFrom: word('--baseline-from', options.baselineFrom),
    baselineTo: word('--baseline-to', options.baselineTo),
  };
  return (lastEvent: string | null) => {
    const last = lastEvent === null ? undefined : new Date(lastEvent);
    const asOf = words.asOf?.resolve(last) ?? last;
    const text = (time: TimeWord | undefined): string | null => (time ? toUtcText(time.resolve(asOf)) : null);
    const window = {
      from: text(words.from),
      to: text(words.to),
      asOf: asOf ? toUtcText(asOf) : null,
      assumedUtc: words.from?.zoned === false || words.to?.zoned === false,
    };
    const normal = normalOf({ from: text(words.baselineFrom), to: text(words.baselineTo) }, window);
    if (window.from !== null && window.to !== null && window.from >= window.to) {
      throw new TrailscopeError(
        `--from ${window.from} is not before --to ${window.to}, so the window is empty. Swap or widen them.`,
      );
    }
    return { ...window, normal };
  };
};

export type SeedOptions = { accessKey?: string[]; principal?: string[]; event?: string[]; ip?: string[] };

/** Each once, as typed: a key may look odd and still be the one in the logs. */
const words = (option: string, typed: string[] = [], example: string): string[] => {
  const given = [...new Set(typed.map((word) => word.trim()))];
  if (given.includes('')) throw new TrailscopeError(`${option} is empty. Give ${example}.`);
  const several = given.find((word) => /[\s,;]/.test(word) && option !== '--principal');
  if (several !== undefined)
    throw new TrailscopeError(`${option} ${several} holds several words. Give ${option} once for each id.`);
  return given;
};

/** @throws TrailscopeError where nothing is asked about */
export const askedOf = (options: SeedOptions): Asked => {
  const asked = {
    accessKeys: words('--access-key', options.accessKey, 'an access key id, as AKIAIOSFODNN7EXAMPLE'),
    principals: words('--principal', options.principal, 'an ARN, name or id of a user, role or session'),
    events: words('--event', options.event, 'an eventID'),
    addresses: words('--ip', options.ip, 'an address or a range, as 198.51.100.0/24'),
  };
  if (Object.values(asked).every((given) => given.length === 0))
    throw new TrailscopeError(
      'Nothing to follow: give --access-key, --principal, --event or --ip. Where none is known, trailscope summary lists who did what.',
    );
  asked.addresses.forEach(parseRange);
  if (asked.addresses.length > 0 && asked.accessKeys.length + asked.principals.length + asked.events.length > 0)
    throw new TrailscopeError(
      '--ip stands alone: an address is shared, so nothing is followed from it. Ask about it and about credentials in two runs.',
    );
  return asked;
};
