/** Says how a stream of JSON is laid out, from its first bytes: one document a line or not, and whether a document is read by its array. */

/** Arrays of exports that hold records or what wraps them; such a document is read element by element. */
const containers = new Set([
  'Records',
  'records',
  'Events',
  'events',
  'logEvents',
  'results',
  'hits',
  'data',
  'rows',
  'Messages',
]);
export const isContainer = (key: string): boolean => containers.has(key);

/** CloudWatch Logs writes the time before each message of an export to S3. */
const timestamp = /^\d{4}-\d\d-\d\dT[\d:.]+Z[ \t]+/;
export const timestampLength = (bytes: Buffer, start: number, end: number): number =>
  timestamp.exec(bytes.toString('latin1', start, Math.min(end, start + 40)))?.[0].length ?? 0;

/** Where the first line must end to be seen as one. */
const headBytes = 1 << 20;
const secondLine = 300;

/**
 * Whether each document stands on a line of its own, by the first two lines: then a broken line spoils no other.
 * @returns undefined where the bytes end before the first line does
 */
export const oneALine = (bytes: Buffer, start: number, end: number): boolean | undefined => {
  const head = bytes.subarray(start, Math.min(end, start + headBytes));
  const newline = head.indexOf(0x0a);
  if (newline < 0) return head.length < headBytes ? undefined : false;
  const [first, second] = [
    head.toString('utf8', 0, newline),
    head.toString('utf8', newline + 1, newline + secondLine),
  ].map((line) => line.replace(timestamp, '').trim()) as [string, string];
  return /^[{[]/.test(first) && /^[{[]/.test(second) && !/[{[,:]$/.test(first);
};

/** The array that the document at `start` opens with, if it is one of those read element by element; 'cut' where the bytes end too soon to say. */
export const openingOf = (
  bytes: Buffer,
  start: number,
  end: number,
): { key: string; inside: number } | 'cut' | undefined => {
  const text = bytes.toString('latin1', start, Math.min(end, start + 300));
  const [whole, key] = /^\{\s*"(\w+)"\s*:\s*\[/.exec(text) ?? [];
  if (key !== undefined && isContainer(key)) return { key, inside: start + whole!.length };
  return end - start < 300 && /^\{\s*("\w*("\s*(:\s*)?)?)?$/.test(text) ? 'cut' : undefined;
};
