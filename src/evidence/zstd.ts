/** Inflates a zstd stream frame by frame, and holds each frame to its checksum, which the decoder in use passes over. */
import { Decompress } from 'fzstd';
import xxhash from 'xxhash-wasm';
import { type Reader, readerOf } from './gunzip.ts';

/** RFC 8878, sections 3.1.1 and 3.1.2. */
const frameMagic = 0xfd2fb528;
const isSkippable = (magic: number): boolean => magic >= 0x184d2a50 && magic <= 0x184d2a5f;
const mostHeaderBytes = 18;
/** The window is memory of its own; the usual programs go no further either unless told to. */
const mostWindow = 128 << 20;
const [runLength, reserved] = [1, 3];

const endsEarly = (): Error => new Error('the zstd stream ends early');
const damaged = (why: string): Error => new Error(`the zstd stream is damaged (${why})`);

type Header = { bytes: number; hasChecksum: boolean };

/** Section 3.1.1.1. */
const headerOf = (head: Buffer): Header => {
  const descriptor = head[4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const bytes = 5 + (single ? 0 : 1) + dictionary + size;
  if (head.length < bytes) throw endsEarly();
  if (dictionary > 0) throw new Error('the zstd stream needs a dictionary; unpack it and run again');
  const exponent = head[5]! >> 3;
  const told = size === 8 ? Number(head.readBigUInt64LE(bytes - 8)) : head.readUIntLE(bytes - (size || 1), size || 1);
  const window = single ? told + (size === 2 ? 256 : 0) : 2 ** (10 + exponent) * (1 + (head[5]! & 7) / 8);
  if (window > mostWindow)
    throw new Error(`the zstd stream needs a window of more than ${mostWindow >> 20} MiB; unpack it and run again`);
  return { bytes, hasChecksum: (descriptor & 4) !== 0 };
};

const hashing = xxhash();

const frame = async function* (input: Reader): AsyncGenerator<Buffer> {
  const { bytes, hasChecksum } = headerOf(await input.peek(mostHeaderBytes));
  const sum = (await hashing).create64();
  let out: Buffer[] = [];
  const decoder = new Decompress((piece) => {
    if (piece.length > 0) out.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
  });
  const decode = (block: Buffer): void => {
    try {
      decoder.push(block);
    } catch (error) {
      throw damaged((error as Error).message);
    }
  };
  decode(Buffer.from(await input.peek(bytes)));
  input.take(bytes);
  for (let last = false; !last;) {
    const head = await input.peek(3);
    if (head.length < 3) throw endsEarly();
    const told = head.readUIntLE(0, 3);
    last = (told & 1) === 1;
    const kind = (told >> 1) & 3;
    if (kind === reserved) throw damaged('a block of no known kind');
    const length = 3 + (kind === runLength ? 1 : told >> 3);
    const block = await input.peek(length);
    if (block.length < length) throw endsEarly();
    // The decoder may keep what it is given until it has more.
    decode(Buffer.from(block));
    input.take(length);
    for (const piece of out) sum.update(piece);
    yield* out;
    out = [];
  }
  if (!hasChecksum) return;
  const told = await input.peek(4);
  if (told.length < 4) throw endsEarly();
  input.take(4);
  if (told.readUInt32LE() !== Number(sum.digest() & 0xffffffffn)) throw damaged('the checksum is wrong');
};

/** Section 3.1.2: a frame of whatever others keep there. */
const skip = async (input: Reader): Promise<void> => {
  const head = await input.peek(8);
  if (head.length < 8) throw endsEarly();
  let left = head.readUInt32LE(4);
  input.take(8);
  while (left > 0) {
    const block = await input.block();
    if (!block) throw endsEarly();
    if (block.length > left) input.giveBack(block.subarray(left));
    left -= Math.min(left, block.length);
  }
};

/**
 * All frames of a zstd stream.
 * @throws Error where the stream is damaged or ends early, or where other bytes follow, after all that could be inflated
 */
export const unzstd = async function* (blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = readerOf(blocks[Symbol.asyncIterator]());
  for (let head = await input.peek(4); head.length > 0; head = await input.peek(4)) {
    const magic = head.length < 4 ? 0 : head.readUInt32LE();
    if (magic === frameMagic) yield* frame(input);
    else if (isSkippable(magic)) await skip(input);
    else throw new Error('bytes follow the end of the zstd stream that are no further frame of it');
  }
};
