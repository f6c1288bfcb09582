/** What commands that follow credentials ask: which keys, and from when to when. */
import { TrailscopeError } from '../errors.ts';
import { parseRange } from '../lineage/addresses.ts';
import type { Asked } from '../lineage/seeds.ts';
import { parseTime, type TimeWord, toUtcText } from './times.ts';

export type WindowOptions = { from?: string; to?: string; asOf?: string };

/** Words are understood before anything is loaded; what they mean may hang on the last event. */
export const windowOf = (options: WindowOptions) => {
  const word = (option: string, text: string | undefined): TimeWord | undefined =>
    text === undefined ? undefined : parseTime(option, text);
  const words = {
    from: word('--from', options.from),
    to: word('--to', options.to),
    asOf: word('--as-of', options.asOf),
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
    if (window.from !== null && window.to !== null && window.from >= window.to) {
      throw new TrailscopeError(
        `--from ${window.from} is not before --to ${window.to}, so the window is empty. Swap or widen them.`,
      );
    }
    return window;
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
