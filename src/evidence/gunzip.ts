/** Inflates a gzip stream member by member: Node's own reader forgets what it had inflated where other bytes follow the last member. */
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

const blockBytes = 1 << 20;
/** Blocks that the inflater may hold when a member ends. */
const inFlight = 8;

/** Bytes from a stream as many as are asked for, and what is left over given back. */
export const readerOf = (blocks: AsyncIterator<Buffer>) => {
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { value, done } = await blocks.next();
    if (done !== true) held = held.length === 0 ? value : Buffer.concat([held, value]);
    return done !== true;
  };
  return {
    /** The next bytes without taking them; fewer where the stream ends. */
    async peek(bytes: number): Promise<Buffer> {
      while (held.length < bytes && (await more()));
      return held.subarray(0, bytes);
    },
    take(bytes: number): void {
      held = held.subarray(bytes);
    },
    async block(): Promise<Buffer | undefined> {
      if (held.length === 0 && !(await more())) return undefined;
      const block = held;
      held = Buffer.alloc(0);
      return block;
    },
    giveBack(bytes: Buffer): void {
      held = Buffer.concat([bytes, held]);
    },
  };
};

export type Reader = ReturnType<typeof readerOf>;

/** RFC 1952 section 2.3: ten bytes, then what the flags announce. */
const passHeader = async (input: Reader): Promise<void> => {
  const flags = (await input.peek(10))[3]!;
  input.take(10);
  if (flags & 4) {
    const size = await input.peek(2);
    if (size.length === 2) await input.peek(2 + size.readUInt16LE());
    input.take(size.length === 2 ? 2 + size.readUInt16LE() : 0);
  }
  for (const text of [flags & 8, flags & 16]) {
    if (text === 0) continue;
    let length = 256;
    let seen = await input.peek(length);
    while (!seen.includes(0) && seen.length === length) seen = await input.peek((length *= 2));
    input.take(seen.indexOf(0) + 1);
  }
  if (flags & 2) {
    await input.peek(2);
    input.take(2);
  }
};

const member = async function* (input: Reader): AsyncGenerator<Buffer> {
  await passHeader(input);
  const inflater = createInflateRaw({ chunkSize: blockBytes });
  let fed = 0;
  let latest: Buffer[] = [];
  const blocks = async function* (): AsyncGenerator<Buffer> {
    for (let block = await input.block(); block && !inflater.readableEnded; block = await input.block()) {
      fed += block.length;
      latest = [...latest.slice(1 - inFlight), block];
      yield block;
    }
  };
  const source = Readable.from(blocks(), { highWaterMark: 1 });
  source.on('error', (error) => inflater.destroy(error));
  let sum = 0;
  for await (const content of source.pipe(inflater) as AsyncIterable<Buffer>) {
    sum = crc32(content, sum);
    yield content;
  }
  const tail = Buffer.concat(latest);
  input.giveBack(tail.subarray(tail.length - (fed - inflater.bytesWritten)));
  const trailer = await input.peek(8);
  if (trailer.length < 8) throw new Error('the gzip stream ends early');
  if (trailer.readUInt32LE() !== sum) throw new Error('the gzip stream is damaged (incorrect data check)');
  input.take(8);
};

/**
 * All members of a gzip stream; padding with zeros may follow them.
 * @throws Error where the stream is damaged or ends early, or where other bytes follow, after all that could be inflated
 */
export const gunzipMembers = async function* (blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = readerOf(blocks[Symbol.asyncIterator]());
  let head = await input.peek(2);
  while (head[0] === 0x1f && head[1] === 0x8b) {
    yield* member(input);
    head = await input.peek(2);
  }
  let excess = 0;
  let padding = true;
  for (let block = await input.block(); block; block = await input.block()) {
    excess += block.length;
    padding &&= block.every((byte) => byte === 0);
  }
  if (!padding) throw new Error(`${excess} bytes follow the end of the gzip stream that are no further member of it`);
};
