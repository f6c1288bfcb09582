/** Finds the files of a zip archive by the headers before each, where the directory at its end is damaged or missing. */
import { fstatSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Entry, fromRandomAccessReaderPromise, parseExtraFields, RandomAccessReader, type ZipFile } from 'yauzl';

/** A file by its own header, as the directory would tell of it; the sum is unknown where the archive is cut in the file. */
export type LocalFile = Pick<
  Entry,
  'compressionMethod' | 'generalPurposeBitFlag' | 'compressedSize' | 'fileNameRaw' | 'extraFields'
> & { at: number; contentAt: number; crc32: number | undefined; uncompressedSize: number | undefined };

const mostBytes = 1 << 20;
const firstBytes = 4 << 10;
/** PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.9, 4.3.12 and 4.3.16. */
const [localHeader, descriptor, directory, endOfDirectory] = [0x0403, 0x0807, 0x0201, 0x0605] as const;
const descriptorBytes = 24;
/** What may come after the content of a file. */
const follows = new Set<number | undefined>([
  localHeader,
  descriptor,
  directory,
  endOfDirectory,
  0x0606,
  0x0706,
  0x0806,
]);
/** Section 4.4.3 knows versions up to 6.3, section 4.4.5 methods up to 99: other numbers are no header. */
const latestVersion = 63;
const lastMethod = 99;
const unknown32 = 0xffffffff;

const readAt = (file: number, from: number, bytes: number): Buffer => {
  const block = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const read = readSync(file, block, filled, bytes - filled, from + filled);
    if (read === 0) break;
    filled += read;
  }
  return block.subarray(0, filled);
};

/** The archive as the library takes it: with a directory of nothing behind it, so that its files can be read by their headers. */
export const withoutDirectory = async (file: number): Promise<ZipFile> => {
  const { size } = fstatSync(file);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const blocks = function* (from: number, to: number): Generator<Buffer> {
    for (let at = from; at < Math.min(to, size); at += mostBytes)
      yield readAt(file, at, Math.min(mostBytes, to - at, size - at));
    if (to > size) yield end.subarray(Math.max(0, from - size), to - size);
  };
  class Archive extends RandomAccessReader {
    override _readStreamForRange(from: number, to: number): Readable {
      return Readable.from(blocks(from, to));
    }
  }
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false };
  return fromRandomAccessReaderPromise(new Archive(), size + end.length, options);
};

/** Every place from `from` on where a signature stands, by chance or not; most are near, so the first blocks are small. */
const signatures = function* (file: number, from: number): Generator<{ at: number; kind: number }> {
  let bytes = firstBytes;
  for (let at = from; ; at += bytes, bytes = Math.min(2 * bytes, mostBytes)) {
    // Blocks overlap by three bytes: a signature may stand across.
    const block = readAt(file, at, bytes + 3);
    for (let i = block.indexOf('PK'); i >= 0 && i < bytes && i + 4 <= block.length; i = block.indexOf('PK', i + 1))
      yield { at: at + i, kind: block.readUInt16LE(i + 2) };
    if (block.length < bytes + 3) return;
  }
};

/** Section 4.5.3: the sizes of a large file, those that the header leaves open in their order. */
const wideSizes = (extraFields: Entry['extraFields'], open: boolean[]): (number | undefined)[] => {
  const data = extraFields.find(({ id }) => id === 1)?.data;
  let at = 0;
  return open.map((isOpen) => {
    if (!isOpen || !data || at + 8 > data.length) return undefined;
    at += 8;
    return Number(data.readBigUInt64LE(at - 8));
  });
};

const localFileAt = async (zip: ZipFile, at: number): Promise<LocalFile | undefined> => {
  try {
    const header = await zip.readLocalFileHeaderPromise(
      Object.assign(new Entry(), { relativeOffsetOfLocalHeader: at, compressedSize: 0 }),
    );
    const { versionNeededToExtract, compressionMethod, generalPurposeBitFlag, fileName, extraField, crc32 } = header;
    if ((versionNeededToExtract & 0xff) > latestVersion || compressionMethod > lastMethod || fileName.length === 0)
      return undefined;
    const extraFields = parseExtraFields(extraField);
    const sizes = [header.uncompressedSize, header.compressedSize];
    const wide = wideSizes(
      extraFields,
      sizes.map((size) => size === unknown32),
    );
    return {
      at,
      contentAt: header.fileDataStart,
      compressionMethod,
      generalPurposeBitFlag,
      fileNameRaw: fileName,
      extraFields,
      crc32,
      compressedSize: wide[1] ?? sizes[1]!,
      uncompressedSize: wide[0] ?? sizes[0]!,
    };
  } catch {
    return undefined; // Only bytes that look like a header, or its beginning at the end of a cut archive.
  }
};

const kindAt = (file: number, at: number): number | undefined => {
  const bytes = readAt(file, at, 4);
  return bytes.toString('latin1', 0, 2) === 'PK' && bytes.length === 4 ? bytes.readUInt16LE(2) : undefined;
};

type End = Pick<LocalFile, 'crc32' | 'uncompressedSize'> & { at: number };

/** Section 4.3.9: what is told behind a file whose header does not say its size, if its content ends at `at`. */
const toldAt = (file: number, at: number, contentAt: number): End | undefined => {
  const bytes = readAt(file, at, descriptorBytes);
  const length = at - contentAt;
  if (bytes.length >= 16 && bytes.readUInt32LE(8) === length)
    return { at, crc32: bytes.readUInt32LE(4), uncompressedSize: bytes.readUInt32LE(12) };
  if (bytes.length === descriptorBytes && bytes.readBigUInt64LE(8) === BigInt(length))
    return { at, crc32: bytes.readUInt32LE(4), uncompressedSize: Number(bytes.readBigUInt64LE(16)) };
  return undefined;
};

/** Where a file ends whose size is not told, or cannot be true: where the next thing begins. */
const endOf = async (
  zip: ZipFile,
  file: number,
  { contentAt, crc32, generalPurposeBitFlag }: LocalFile,
): Promise<End> => {
  const later = (generalPurposeBitFlag & 8) !== 0;
  const unknown = { crc32: later ? undefined : crc32, uncompressedSize: undefined };
  for (const { at, kind } of signatures(file, contentAt)) {
    const told = kind === descriptor && later ? toldAt(file, at, contentAt) : undefined;
    if (told) return told;
    if (kind === directory || kind === endOfDirectory || (kind === localHeader && (await localFileAt(zip, at))))
      return { at, ...unknown };
  }
  return { at: fstatSync(file).size, ...unknown };
};

const nextFile = async (zip: ZipFile, file: number, from: number): Promise<LocalFile | undefined> => {
  for (const { at, kind } of signatures(file, from)) {
    const found = kind === localHeader ? await localFileAt(zip, at) : undefined;
    if (found) return found;
  }
  return undefined;
};

/**
 * The files of the archive in their order, each by its header alone.
 * @returns the first place where something stands that is none, the directory itself as a rule
 */
export const localFiles = async function* (zip: ZipFile, file: number): AsyncGenerator<LocalFile, number> {
  const { size } = fstatSync(file);
  let from = 0;
  let lost: number | undefined;
  for (;;) {
    const found = (await localFileAt(zip, from)) ?? (await nextFile(zip, file, from));
    if (!found) return lost ?? from;
    if (found.at > from && kindAt(file, from) !== descriptor) lost ??= from;
    const { contentAt, compressedSize, generalPurposeBitFlag } = found;
    const end = contentAt + compressedSize;
    const said = (generalPurposeBitFlag & 8) === 0 || compressedSize > 0;
    if (said && (end === size || follows.has(kindAt(file, end)))) {
      yield found;
      from = end;
      continue;
    }
    const { at, ...told } = await endOf(zip, file, found);
    from = at;
    if (said && end < at) {
      // What comes next has lost its header, or this size is wrong, as the checksum will show.
      lost ??= end;
      yield found;
    } else yield { ...found, ...told, compressedSize: at - contentAt };
  }
};

/** Its content, inflated; the library checks no size of it. */
export const openLocalFile = async (
  zip: ZipFile,
  { contentAt, compressedSize, compressionMethod }: LocalFile,
): Promise<Readable> =>
  new Promise((resolve, reject) => {
    const inflate = compressionMethod === 8;
    zip.openReadStreamLowLevel(contentAt, compressedSize, 0, compressedSize, inflate, null, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
