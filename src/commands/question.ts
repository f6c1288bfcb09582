/** What commands that follow credentials ask: which keys, and from when to when. */
import { TrailscopeError } from '../errors.ts';
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

/** Each id once, as typed: a key may look odd and still be the one in the logs. */
export const accessKeys = (typed: string[]): string[] => {
  const ids = [...new Set(typed.map((id) => id.trim()))];
  if (ids.includes(''))
    throw new TrailscopeError('--access-key is empty. Give an access key id, as AKIAIOSFODNN7EXAMPLE.');
  const several = ids.find((id) => /[\s,;]/.test(id));
  if (several !== undefined)
    throw new TrailscopeError(`--access-key ${several} holds several words. Give --access-key once for each id.`);
  return ids;
};
