/** Hands out the content of one evidence file or archive member, unpacked and as UTF-8, hashing it both as found and inflated. */
import { createHash, hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { gunzipMembers } from './gunzip.ts';
import { unzstd } from './zstd.ts';

/** The system refuses to open or read the file. */
export class UnreadableFile extends Error {}

/** The bytes as found: the first of them, and how to get the others. */
export type Source = {
  head: Buffer;
  /** The head is all there is. */
  whole: boolean;
  rest(): Iterable<Buffer> | AsyncIterable<Buffer>;
  /** The bytes come out of an archive, which can make them without end: past a limit no more are asked for, not even to hash them. */
  unpacked?: true;
};

export type Content = {
  /** What the bytes were packed in, outermost first. */
  packed: Packing[];
  /** Unknown, as is its hash, where it could not be had whole: the system, the archive or a limit kept it back. */
  bytes: number | null;
  inflatedBytes: number;
  sha256: string | null;
  sha256Inflated: string;
  /** Why the content ended before its end; undefined where it was read whole. */
  failure: string | undefined;
  /** It holds more than it may. */
  tooLong: boolean;
};

type Packing = 'gzip' | 'zstd' | 'utf-16';

export type ContentLimits = {
  maxInflatedBytes: number;
  /** Inflated bytes for one byte as found. */
  maxRatio: number;
};

/** Takes the next bytes of the content, which are the callee's to keep until the file ends. */
export type ContentSink = (bytes: Buffer, last: boolean) => void | Promise<void>;

/** Files up to this many bytes are read, and if they stay small inflated, in one go: many times faster than a stream each. */
export const smallFile = 4 << 20;
const smallContent = 32 << 20;
/** A small file may be packed as tightly as it likes. */
export const ratioCounts = 100 << 20;
const mostLayers = 3;
const empty = Buffer.alloc(0);

const startsWith = (head: Buffer, ...magic: number[]): boolean => magic.every((byte, i) => head[i] === byte);
/** RFC 1952 section 2.3.1; RFC 8878 section 3.1.1. */
const isGzip = (head: Buffer): boolean => startsWith(head, 0x1f, 0x8b);
const isZstd = (head: Buffer): boolean => startsWith(head, 0x28, 0xb5, 0x2f, 0xfd);
const isBom = (head: Buffer): boolean => startsWith(head, 0xef, 0xbb, 0xbf);

/** UTF-16 by its mark or, where that is missing, by the NUL beside the first ASCII letter. */
const utf16 = (head: Buffer): 'utf-16le' | 'utf-16be' | undefined => {
  if (
    startsWith(head, 0xff, 0xfe) ||
    (head.length > 3 && head[0]! > 0 && head[1] === 0 && head[2]! > 0 && head[3] === 0)
  )
    return 'utf-16le';
  if (
    startsWith(head, 0xfe, 0xff) ||
    (head.length > 3 && head[0] === 0 && head[1]! > 0 && head[2] === 0 && head[3]! > 0)
  )
    return 'utf-16be';
  return undefined;
};

const packingOf = (head: Buffer): Packing | 'bom' | undefined => {
  if (isGzip(head)) return 'gzip';
  if (isZstd(head)) return 'zstd';
  if (isBom(head)) return 'bom';
  return utf16(head) && 'utf-16';
};

const sentence = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR' || message === 'unexpected end of file') return 'the gzip stream ends early';
  if (code === 'Z_DATA_ERROR') return `the gzip stream is damaged (${message})`;
  return message;
};

const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

/** What the last member says of its own length (RFC 1952 section 2.3.1, ISIZE): a hint for one allocation, no more. */
const inflatedHint = (gzip: Buffer): number =>
  Math.min(Math.max(gzip.readUInt32LE(gzip.length - 4), 1 << 10), smallContent);

type Whole = { packed: Packing[]; content: Buffer };

/** The common case in one go: plain UTF-8, or that in one gzip layer; undefined where it needs the stream. */
const atOnce = (head: Buffer): Whole | undefined => {
  const packing = packingOf(head);
  if (packing === undefined) return { packed: [], content: head };
  if (packing !== 'gzip') return undefined;
  try {
    const content = gunzipSync(head, { maxOutputLength: smallContent, chunkSize: inflatedHint(head) + 64 });
    if (packingOf(content) !== undefined) return undefined;
    return { packed: ['gzip'], content };
  } catch {
    return undefined; // Large or damaged: the stream tells which, and gives what can be read.
  }
};

type Blocks = AsyncGenerator<Buffer, void, undefined>;

/** The first bytes of a stream, and the stream with them. */
const peek = async (blocks: AsyncIterable<Buffer>): Promise<[Buffer, Blocks]> => {
  const iterator = blocks[Symbol.asyncIterator]();
  let head: Buffer = empty;
  while (head.length < 4) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const all = async function* (): Blocks {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return [head, all()];
};

const unpackers: Record<Packing | 'bom', (blocks: Blocks, head: Buffer) => AsyncIterable<Buffer>> = {
  gzip: gunzipMembers,
  zstd: unzstd,
  async *'utf-16'(blocks, head) {
    const decoder = new TextDecoder(utf16(head));
    for await (const block of blocks) yield Buffer.from(decoder.decode(block, { stream: true }));
    yield Buffer.from(decoder.decode());
  },
  async *bom(blocks) {
    let mark = 3;
    for await (const block of blocks) {
      const cut = Math.min(mark, block.length);
      mark -= cut;
      yield block.subarray(cut);
    }
  },
};

/** Takes off one layer after the other; a mark of the byte order hides nothing, so it is not told of. */
const unpacked = async function* (blocks: AsyncIterable<Buffer>, packed: Packing[]): AsyncGenerator<Buffer> {
  const [head, all] = await peek(blocks);
  const packing = packed.length < mostLayers ? packingOf(head) : undefined;
  if (packing !== undefined && packing !== 'bom') packed.push(packing);
  yield* packing === undefined ? all : unpacked(unpackers[packing](all, head), packed);
};

/** The streaming way, for what is large or damaged or packed otherwise: memory stays flat, and what precedes damage is handed out. */
const streamed = async (
  source: Source,
  limits: ContentLimits,
  sink: ContentSink,
  spentBytes: number,
): Promise<Content> => {
  const asFound = createHash('sha256');
  const inflated = createHash('sha256');
  const packed: Packing[] = [];
  const result = { packed, bytes: 0, inflatedBytes: 0, failure: undefined as string | undefined, tooLong: false };
  const left = Math.max(0, limits.maxInflatedBytes - spentBytes);
  let foundAll = false;
  let lost: string | undefined;
  const found = async function* (): Blocks {
    const take = (block: Buffer): Buffer => {
      asFound.update(block);
      result.bytes += block.length;
      return block;
    };
    if (source.head.length > 0) yield take(source.head);
    try {
      if (!source.whole) for await (const block of source.rest()) yield take(block);
      foundAll = true;
    } catch (error) {
      // To an unpacker this is an early end, so that it hands out what it holds.
      lost = sentence(error);
    }
  };
  const blocks = found();
  // An unpacker that fails must leave the rest of the file to be hashed.
  const lent: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => ({ next: async () => blocks.next() }) };
  const crossed = (): string | undefined => {
    if (result.inflatedBytes > left)
      return `the content is longer than the limit of ${limits.maxInflatedBytes} bytes for ${spentBytes > 0 ? 'all that is in an archive' : 'one file'} (--max-inflated)`;
    return result.inflatedBytes > ratioCounts && result.inflatedBytes > result.bytes * limits.maxRatio
      ? `it inflates to more than ${limits.maxRatio} times its size (--max-ratio)`
      : undefined;
  };
  const contents = unpacked(lent, packed);
  const next = async (): Promise<Buffer | undefined> => {
    try {
      const { value, done } = await contents.next();
      return done === true ? undefined : value;
    } catch (error) {
      result.failure = sentence(error);
      return undefined;
    }
  };
  for (let content = await next(); content; content = await next()) {
    result.inflatedBytes += content.length;
    const failure = crossed();
    result.tooLong = result.inflatedBytes > left;
    const taken = result.tooLong
      ? content.subarray(0, Math.max(0, left - result.inflatedBytes + content.length))
      : content;
    result.inflatedBytes -= content.length - taken.length;
    inflated.update(taken);
    if (taken.length > 0) await sink(taken, false);
    if (failure === undefined) continue;
    result.failure = failure;
    break;
  }
  while (source.unpacked !== true || result.bytes <= left) if ((await blocks.next()).done === true) break;
  result.failure = lost ?? result.failure;
  await sink(empty, true);
  return {
    ...result,
    bytes: foundAll ? result.bytes : null,
    sha256: foundAll ? asFound.digest('hex') : null,
    sha256Inflated: inflated.digest('hex'),
  };
};

/**
 * Hands the content of a source to the sink. Packing is recognised by magic numbers, never by name; of gzip all members are read,
 * and layers in layers (`.json.gz` packed once more) are taken off.
 * @param spentBytes what came out of the same file before, which counts for the limit as well
 */
export const readContent = async (
  source: Source,
  limits: ContentLimits,
  sink: ContentSink,
  spentBytes = 0,
): Promise<Content> => {
  const small = source.whole ? atOnce(source.head) : undefined;
  if (!small || small.content.length + spentBytes > limits.maxInflatedBytes)
    return streamed(source, limits, sink, spentBytes);
  const { packed, content } = small;
  const sha = sha256(source.head);
  const result = {
    packed,
    bytes: source.head.length,
    inflatedBytes: content.length,
    sha256: sha,
    sha256Inflated: packed.length > 0 ? sha256(content) : sha,
    failure: undefined,
    tooLong: false,
  };
  await sink(content, true);
  return result;
};
