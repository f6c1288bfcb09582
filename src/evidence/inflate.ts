/** Opens one evidence file read-only and hands out its content, inflated where it is gzip, hashing it both as found and inflated. */
import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { createGunzip, gunzipSync } from 'node:zlib';

/** The system refuses to open or read the file. */
export class UnreadableFile extends Error {}

export type Inflated = {
  gzip: boolean;
  bytes: number;
  inflatedBytes: number;
  sha256: string;
  sha256Inflated: string;
  /** Why the content ended before its end; undefined where it was read whole. */
  failure: string | undefined;
};

/** Takes the next bytes of the content, which are the callee's to keep until the file ends. */
export type ContentSink = (bytes: Buffer, last: boolean) => void;

/** Files up to this many bytes are read, and if they stay small inflated, in one go: many times faster than a stream each. */
const smallFile = 4 << 20;
const smallContent = 32 << 20;
const blockBytes = 1 << 20;
const empty = Buffer.alloc(0);

const isGzip = (head: Buffer): boolean => head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;

const sentence = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'the gzip stream ends early';
  if (code === 'Z_DATA_ERROR') return `the gzip stream is damaged (${message})`;
  return message;
};

/** The message without the path, which is a place on this machine. */
const refused = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw new UnreadableFile((error as Error).message.replace(/, (open|read)\b.*$/, ''));
  }
};

/** The first bytes of the file in hand; one buffer for all files, since fresh memory costs more than reading into it. */
const headBuffer = Buffer.allocUnsafeSlow(smallFile);

/** @param enough where a read ends short with this many bytes or more, the file has ended: asking again only costs time */
const readInto = (block: Buffer, descriptor: number, bytes: number, enough: number): Buffer => {
  let filled = 0;
  while (filled < enough) {
    const read = refused(() => readSync(descriptor, block, filled, bytes - filled, null));
    if (read === 0) break;
    filled += read;
  }
  return block.subarray(0, filled);
};

const sha256 = (bytes: Buffer): string => hash('sha256', bytes, 'hex');

/** What the last member says of its own length (RFC 1952 section 2.3.1, ISIZE): a hint for one allocation, no more. */
const inflatedHint = (gzip: Buffer): number =>
  Math.min(Math.max(gzip.readUInt32LE(gzip.length - 4), 1 << 10), smallContent);

const whole = (found: Buffer, content: Buffer, sink: ContentSink, gzip: boolean): Inflated => {
  const hash = sha256(found);
  const result = {
    gzip,
    bytes: found.length,
    inflatedBytes: content.length,
    sha256: hash,
    sha256Inflated: gzip ? sha256(content) : hash,
    failure: undefined,
  };
  sink(content, true);
  return result;
};

/** The streaming way, for what is large or damaged: memory stays flat, and what precedes the damage is handed out. */
const streamed = async (head: Buffer, descriptor: number, gzip: boolean, sink: ContentSink): Promise<Inflated> => {
  const asFound = createHash('sha256');
  const inflated = createHash('sha256');
  const result = { gzip, bytes: 0, inflatedBytes: 0, failure: undefined as string | undefined };
  const nextBlock = (): Buffer => readInto(Buffer.allocUnsafe(blockBytes), descriptor, blockBytes, blockBytes);
  const found = function* (): Generator<Buffer> {
    for (let block = head; block.length > 0; block = nextBlock()) {
      asFound.update(block);
      result.bytes += block.length;
      yield block;
    }
  };
  const take = (content: Buffer): void => {
    inflated.update(content);
    result.inflatedBytes += content.length;
    sink(content, false);
  };
  const blocks = found();
  if (gzip) {
    const gunzip = createGunzip({ chunkSize: blockBytes });
    const feed = async (): Promise<void> => {
      for (const block of blocks) {
        if (gunzip.destroyed) return;
        if (!gunzip.write(block)) await new Promise((resolve) => gunzip.once('drain', resolve).once('close', resolve));
      }
      gunzip.end();
    };
    const fed = feed();
    try {
      for await (const content of gunzip) take(content as Buffer);
    } catch (error) {
      result.failure = sentence(error);
    }
    await fed;
    // After damage the rest is still hashed as found.
    for (const _ of blocks);
  } else for (const block of blocks) take(block);
  sink(empty, true);
  return { ...result, sha256: asFound.digest('hex'), sha256Inflated: inflated.digest('hex') };
};

/**
 * Reads a file as bytes: gzip is recognised by its magic number (RFC 1952 section 2.3.1), never by name; all members are read.
 * @param expected bytes the file had when it was found; a hint for one allocation and one read, no more
 * @throws UnreadableFile where the system refuses to open or read it
 */
export const inflate = async (path: Uint8Array, expected: number, sink: ContentSink): Promise<Inflated> => {
  const descriptor = refused(() => openSync(Buffer.from(path), 'r'));
  try {
    const most = Math.min(expected + 1, smallFile);
    const head = readInto(headBuffer, descriptor, most, Math.max(1, Math.min(expected, smallFile)));
    const gzip = isGzip(head);
    if (head.length < most) {
      if (!gzip) return whole(head, head, sink, false);
      let content: Buffer | undefined;
      try {
        content = gunzipSync(head, { maxOutputLength: smallContent, chunkSize: inflatedHint(head) + 64 });
      } catch {
        // Large or damaged: the stream below tells which, and gives what can be read.
      }
      if (content) return whole(head, content, sink, true);
    }
    return await streamed(head, descriptor, gzip, sink);
  } finally {
    closeSync(descriptor);
  }
};
