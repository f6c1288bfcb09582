/** Hands out the members of zip and tar archives, one after the other; a member's name is only ever text. */
import { crc32 } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { fromFdPromise, getFileNameLowLevel } from 'yauzl';
import { type ContentSink, ratioCounts, smallFile, type Source } from './content.ts';
import { type LocalFile, localFiles, openLocalFile, withoutDirectory } from './salvage.ts';
import type { Shape } from './shape.ts';

type Member = {
  name: string;
  source: Source;
  /** What it is, where it is no file. */
  unusable?: Shape;
};
/** Reads the member's source to its end, or leaves it; archives have one member open at a time. False ends the visit. */
export type Visitor = (member: Member) => Promise<boolean>;

const blockBytes = 512;

/** PKWARE APPNOTE 6.3.10, sections 4.3.7 and 4.3.16. */
export const isZip = (head: Buffer): boolean => /^504b0(304|506)/.test(head.toString('hex', 0, 4));
/** POSIX pax and GNU archives bear `ustar` at byte 257 (POSIX.1-2017 pax, ustar Interchange Format). */
const isUstar = (head: Buffer): boolean => head.toString('latin1', 257, 262) === 'ustar';
/** Older ones only by the sum of their first header, whose own eight bytes count as spaces (tar(5) of FreeBSD, Old-Style Archive Format). */
const hasTarSum = (head: Buffer): boolean => {
  if (head.length < blockBytes || head[0] === 0) return false;
  const said = /^[ 0]*([0-7]+)[ \0]/.exec(head.toString('latin1', 148, 156))?.[1];
  let sum = 0;
  for (let i = 0; i < blockBytes; i++) sum += i >= 148 && i < 156 ? 0x20 : head[i]!;
  return said !== undefined && Number.parseInt(said, 8) === sum;
};
export const isTar = (head: Buffer): boolean => isUstar(head) || hasTarSum(head);

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
  return { head: collected.length === 1 ? collected[0]! : Buffer.concat(collected), whole, rest, unpacked: true };
};

/** What is wrong with an archive as a whole, and where; what could be read of it stands. */
export type Damage = { reason: string; offset: number | null };

/** The directory's word for a file, or the file's own. */
type ZippedFile = Omit<LocalFile, 'at' | 'contentAt'>;

const inflatedEntry = async function* (
  {
    compressionMethod: method,
    generalPurposeBitFlag: flags,
    compressedSize,
    uncompressedSize,
    crc32: told,
  }: ZippedFile,
  maxRatio: number,
  open: () => Promise<AsyncIterable<Buffer>>,
): AsyncGenerator<Buffer> {
  const checkRatio = (bytes: number): void => {
    if (bytes > ratioCounts && bytes > compressedSize * maxRatio)
      throw new Error(`it inflates to more than ${maxRatio} times its size (--max-ratio)`);
  };
  checkRatio(uncompressedSize ?? 0);
  // PKWARE APPNOTE 6.3.10, sections 4.4.4 and 4.4.5: encrypted; stored, deflated.
  if ((flags & 1) !== 0) throw new Error('it is encrypted; unpack the archive with its password first');
  if (method !== 0 && method !== 8)
    throw new Error(`it is packed in a way that is not read (method ${method}); unpack the archive first`);
  let sum = 0;
  let bytes = 0;
  try {
    for await (const block of await open()) {
      sum = crc32(block, sum);
      bytes += block.length;
      checkRatio(bytes);
      yield block;
    }
  } catch (error) {
    const { message } = error as Error;
    throw message.includes('(--max-') ? error : new Error(`the archive is damaged here (${message})`, { cause: error });
  }
  if (told === undefined) throw new Error('the archive is cut or damaged here (what follows the file is missing)');
  if (sum !== told) throw new Error('the archive is damaged here (the checksum is wrong)');
};

/**
 * Visits the members of a zip archive in the order of its directory and, where that cannot be read, those that it did not name by the header
 * before each.
 * @returns what is wrong with the directory
 */
export const visitZip = async (descriptor: number, maxRatio: number, visit: Visitor): Promise<Damage | undefined> => {
  const visited = new Set<number>();
  const goOn = async (file: ZippedFile, open: () => Promise<AsyncIterable<Buffer>>): Promise<boolean> => {
    const name = getFileNameLowLevel(file.generalPurposeBitFlag, file.fileNameRaw, file.extraFields, false);
    return name.endsWith('/') || visit({ name, source: await sourceOf(inflatedEntry(file, maxRatio, open)) });
  };
  let message: string;
  try {
    // Names stay bytes: the library refuses the whole archive for one odd name, and nothing here becomes a path.
    const zip = await fromFdPromise(descriptor, { lazyEntries: true, autoClose: false, decodeStrings: false });
    for await (const entry of zip.eachEntry()) {
      visited.add(entry.relativeOffsetOfLocalHeader);
      if (!(await goOn(entry, async () => zip.openReadStreamPromise(entry)))) return undefined;
    }
    return undefined;
  } catch (error) {
    message = (error as Error).message.replace(/\.( Are there extra bytes.*)?$/s, '');
  }
  const reason = `the archive is damaged or incomplete (${message})`;
  try {
    const zip = await withoutDirectory(descriptor);
    const files = localFiles(zip, descriptor);
    for (;;) {
      const { value, done } = await files.next();
      if (done === true) return { reason, offset: value };
      if (!visited.has(value.at) && !(await goOn(value, async () => openLocalFile(zip, value)))) return undefined;
    }
  } catch (error) {
    return { reason: `${reason}; then: ${(error as Error).message}`, offset: null }; // The system refuses to read it.
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

const files = new Set(['File', 'OldFile', 'ContiguousFile']);
const nothing: Source = { head: Buffer.alloc(0), whole: true, rest: () => [] };

/** What an entry is that is no file; undefined for folders. */
const otherEntry = ({ type, linkpath }: ReadEntry): Shape | undefined => {
  if (type === 'Directory' || type === 'GNUDumpDir') return undefined;
  if (type === 'Link' || type === 'SymbolicLink')
    return { shape: 'link', status: 'skipped', reason: `a link to ${linkpath ?? 'nothing'} in the archive, no file` };
  if (/Device$|^FIFO$/.test(type))
    return { shape: 'unknown', status: 'skipped', reason: 'neither a file nor a folder' };
  return { shape: 'unknown', status: 'rejected', reason: `an entry of a kind that is not read (${type})` };
};

/**
 * Visits the members of a tar archive as its bytes come in.
 * @returns where the bytes go, and what was wrong with the archive once the last went in
 */
export const createTarReader = (visit: Visitor): { push: ContentSink; damage(): Damage | undefined } => {
  let visits = Promise.resolve();
  let damage: Damage | undefined;
  let bytesIn = 0;
  let latest: string | undefined;
  let goOn = true;
  const parser = new Parser({
    noResume: true,
    brotli: false,
    onwarn: (_code, message: string | Error) => {
      const why = typeof message === 'string' ? message : message.message;
      damage ??= {
        reason: `the archive is damaged ${latest === undefined ? 'at its start' : `after ${latest}`} (${why})`,
        offset: null,
      };
    },
    onReadEntry: (entry) => {
      latest = entry.path;
      if (!files.has(entry.type)) {
        tellOf(entry);
        entry.resume();
        return;
      }
      visits = visits.then(async () => {
        goOn &&= await visit({ name: entry.path, source: await sourceOf(tarEntry(entry)) });
        entry.resume();
      });
    },
  });
  const tellOf = (entry: ReadEntry): void => {
    const unusable = otherEntry(entry);
    if (unusable)
      visits = visits.then(async () => void (goOn &&= await visit({ name: entry.path, source: nothing, unusable })));
  };
  parser.on('ignoredEntry', tellOf);
  let tail: Buffer = Buffer.alloc(0);
  const ended = new Promise((resolve) => parser.once('end', resolve).once('abort', resolve));
  return {
    async push(bytes, last) {
      bytesIn += bytes.length;
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
          damage ??= { reason: 'the archive is cut: its end mark is missing', offset: bytesIn };
      }
    },
    damage: () => damage,
  };
};
