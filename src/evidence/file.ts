/** Opens one evidence file read-only: its first bytes at once, the others block by block. */
import { closeSync, openSync, readSync } from 'node:fs';
import { smallFile, type Source, UnreadableFile } from './content.ts';

const blockBytes = 1 << 20;

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

/**
 * @param expected bytes the file had when it was found; a hint for one read, no more
 * @param use gets the source, whose head lasts until the next file is opened by this thread, and the open file for reading at will
 * @throws UnreadableFile where the system refuses to open or read it
 */
export const withFile = async <T>(
  path: Uint8Array,
  expected: number,
  use: (source: Source, descriptor: number) => Promise<T>,
): Promise<T> => {
  const descriptor = refused(() => openSync(Buffer.from(path), 'r'));
  try {
    const most = Math.min(expected + 1, smallFile);
    const head = readInto(headBuffer, descriptor, most, Math.max(1, Math.min(expected, smallFile)));
    const rest = function* (): Generator<Buffer> {
      for (;;) {
        const block = readInto(Buffer.allocUnsafe(blockBytes), descriptor, blockBytes, blockBytes);
        if (block.length === 0) return;
        yield block;
      }
    };
    return await use({ head, whole: head.length < most, rest }, descriptor);
  } finally {
    closeSync(descriptor);
  }
};
