/** Hands out the members of zip and tar archives, one after the other; a member's name is only ever text. */
import { crc32 } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { type ContentSink, ratioCounts, smallFile, type Source } from './content.ts';

type Member = { name: string; source: Source };
/** Reads the member's source to its end, or leaves it; archives have one member open at a time. False ends the visit. */
export type Visitor = (member: Member) => Promise<boolean>;

/** PKWARE APPNOTE 6.3.10, sections 4.3.7 and 4.3.16. */
export const isZip = (head: Buffer): boolean => /^504b0(304|506)/.test(head.toString('hex', 0, 4));
/** POSIX pax and GNU archives bear `ustar` at byte 257 (POSIX.1-2017 pax, ustar Interchange Format). */
export const isTar = (head: Buffer): boolean => head.toString('latin1', 257, 262) === 'ustar';

/** Collects what is small, so that it is read in one go; an error on the way is thrown where the reader comes to it. */
const sourceOf = async (blocks: AsyncGenerator<Buffer>): Promise<Source> => {
  const collected: Buffer[] = [];
  let bytes = 0;
  let whole = false;
  let failure: unknown;
  while (!whole && failure === undefined && bytes < smallFile) {
    try {
      const { value, done } = await blocks.next();
      if (done === true) whole = true;
      else {
        collected.push(value);
        bytes += value.length;
      }
    } catch (error) {
      failure = error;
    }
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    if (failure !== undefined) throw failure;
    yield* blocks;
  };
  return { head: collected.length === 1 ? collected[0]! : Buffer.concat(collected), whole, rest };
};

const inflatedEntry = async function* (zip: ZipFile, entry: Entry, maxRatio: number): AsyncGenerator<Buffer> {
  if (entry.uncompressedSize > ratioCounts && entry.uncompressedSize > entry.compressedSize * maxRatio)
    throw new Error(`it inflates to more than ${maxRatio} times its size (--max-ratio)`);
  if (entry.isEncrypted()) throw new Error('it is encrypted; unpack the archive with its password first');
  let sum = 0;
  try {
    for await (const block of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(block, sum);
      yield block;
    }
  } catch (error) {
    throw new Error(`the archive is damaged here (${(error as Error).message})`, { cause: error });
  }
  if (sum !== entry.crc32) throw new Error('the archive is damaged here (the checksum is wrong)');
};

/**
 * Visits the members of a zip archive in its order.
 * @throws Error where the archive's directory cannot be read
 */
export const visitZip = async (descriptor: number, maxRatio: number, visit: Visitor): Promise<void> => {
  // Names stay bytes: the library refuses the whole archive for one odd name, and nothing here becomes a path.
  const zip = await fromFdPromise(descriptor, { lazyEntries: true, autoClose: false, decodeStrings: false });
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
    if (name.endsWith('/')) continue;
    if (!(await visit({ name, source: await sourceOf(inflatedEntry(zip, entry, maxRatio)) }))) return;
  }
};

const tarEntry = async function* (entry: ReadEntry): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const block of entry) {
    bytes += block.length;
    yield block;
  }
  if (bytes < entry.size) throw new Error('the archive ends in the middle of this file');
};

const blockBytes = 512;
const files = new Set(['File', 'OldFile', 'ContiguousFile', 'GNUDumpDir']);

/**
 * Visits the members of a tar archive as its bytes come in.
 * @returns where the bytes go, and what was wrong with the archive once the last went in
 */
export const createTarReader = (visit: Visitor): { push: ContentSink; failure(): string | undefined } => {
  let visits = Promise.resolve();
  let failure: string | undefined;
  let goOn = true;
  const parser = new Parser({
    noResume: true,
    onwarn: (_code, message: string | Error) =>
      (failure ??= `the archive is damaged (${typeof message === 'string' ? message : message.message})`),
    onReadEntry: (entry) => {
      if (!files.has(entry.type)) {
        entry.resume();
        return;
      }
      visits = visits.then(async () => {
        goOn &&= await visit({ name: entry.path, source: await sourceOf(tarEntry(entry)) });
        entry.resume();
      });
    },
  });
  let tail: Buffer = Buffer.alloc(0);
  const ended = new Promise((resolve) => parser.once('end', resolve).once('abort', resolve));
  return {
    async push(bytes, last) {
      tail = Buffer.concat([tail, bytes.subarray(-blockBytes)]).subarray(-blockBytes);
      // The caller may use its memory again; the parser may still hold what it was given.
      if (bytes.length > 0 && !parser.write(Buffer.from(bytes)))
        await new Promise((resolve) => parser.once('drain', resolve).once('end', resolve));
      if (last) {
        parser.end();
        await ended;
        await visits;
        // POSIX.1-2017 pax, ustar Interchange Format: blocks of zeros end an archive.
        if (tail.length < blockBytes || tail.some((byte) => byte !== 0))
          failure ??= 'the archive is cut: its end mark is missing';
      }
    },
    failure: () => failure,
  };
};
