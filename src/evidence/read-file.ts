/** Reads one evidence file, and what is packed in it, into records: chooses the way by content, never by name alone. */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createTarReader, type Damage, isTar, isZip, type Visitor, visitZip } from './archive.ts';
import type { ChunkWriter } from './chunk.ts';
import type { Row } from './columns.ts';
import { type Content, type ContentSink, readContent, type Source } from './content.ts';
import { withFile } from './file.ts';
import { crossedLimits, type ReadLimits } from './limits.ts';
import type { FileResult, WorkerFile } from './protocol.ts';
import { isNamedTable, notEvents, notJson, otherJson, otherText, type Shape } from './shape.ts';
import { createSplitter } from './split.ts';
import { createTableReader, csvHeader, type Header, isTable } from './table.ts';
import { type Account, createAccount } from './account.ts';
import { holdEvents, unwrap, unwrapRow } from './unwrap.ts';

export type Reading = {
  limits: ReadLimits;
  writer: ChunkWriter;
  /** Private, for archives and tables that must lie in a file of their own to be read. */
  folder: string;
  /** A number for a member of an archive. */
  nextFileId(): number;
  /** Called after each record. */
  handOut(): void;
  onBytes(bytes: number): void;
};

/** A file, or a member of the archives in it. */
type Place = { fileId: number; name: string; member: string | null; depth: number; location?: Uint8Array };
/** What the content turned out to be, and how reading it ends. */
type Reader = { push: ContentSink; result(content: Content): FileResult | Promise<FileResult> };

/** Of an entry in an archive that is no file. */
const unmeasured = { bytes: null, inflatedBytes: null, sha256: null, sha256Inflated: null };
const headBytes = 64 << 10;
/** An archive in an archive is opened; one more is not. */
const deepestArchive = 2;
const isParquet = (head: Buffer): boolean => head.toString('latin1', 0, 4) === 'PAR1';

const tooDeep: Shape = {
  shape: 'archive',
  status: 'rejected',
  reason: 'an archive in an archive in an archive: not opened; unpack the outer one and run again',
};

/**
 * @returns what became of the file and of each member packed in it; the file comes last
 * @throws UnreadableFile where the system refuses to open or read it
 */
export const readFile = async (file: WorkerFile, reading: Reading): Promise<FileResult[]> => {
  const { writer, folder } = reading;
  const results: FileResult[] = [];
  let entries = 0;
  /** Why an archive was not read to its end. */
  let refusal: string | undefined;
  /** What went wrong inside a visit, which an archive must not take for damage of its own. */
  let crash: { error: unknown } | undefined;
  /** What came out of the file so far: one limit for all that is in it, since many small bombs are one large. */
  let spentBytes = 0;
  const limits = file.limits ?? reading.limits;
  const names = new Map<string, number>();

  const accountOf = ({ fileId, member }: Place): Account =>
    createAccount(fileId, member, writer, () => reading.handOut(), limits.maxDepth);

  const jsonReader = (place: Place, head: Buffer): Reader => {
    const account = accountOf(place);
    const splitter = createSplitter(
      {
        element(bytes, start, end, offset, container) {
          account.at(offset, bytes, start, end, container);
          if (file.rows) {
            const row = bytes.subarray(start, end);
            return unwrapRow(JSON.parse(row.toString()) as Row, 'parquet', account, row);
          }
          unwrap(bytes, start, end, container === 'Records' ? 's3-delivery' : undefined, account);
        },
        reject(reason, bytes, start, end, offset, container) {
          account.at(offset, bytes, start, end, container);
          // Of a damaged table a row is the reason alone.
          if (file.rows && bytes[start] === 0x22)
            return account.reject(JSON.parse(bytes.toString('utf8', start, end)) as string, bytes, start, start);
          // A list of other things is another kind of file.
          if (container === '[' && bytes[start] !== 0x7b) account.ignore(otherJson([], ''));
          else account.reject(reason, bytes, start, end);
        },
      },
      limits,
    );
    return {
      push: (bytes, last) => splitter.push(bytes, last),
      result(content) {
        const stop = splitter.stop();
        const whole = (what: Shape, offset: number | null): FileResult => account.refused(content, what, head, offset);
        // Out of a damaged stream comes what is no JSON: what came before it is read.
        if (stop?.kind === 'malformed' && content.failure === undefined) {
          const reason = `not JSON: ${stop.reason}, at byte ${stop.offset}`;
          return whole({ shape: 's3-delivery', status: 'rejected', reason }, stop.offset);
        }
        if (stop?.kind !== 'not_json')
          return account.read(content, {
            documents: splitter.documents(),
            ...(stop && { cut: { reason: 'the file ends early', offset: stop.offset } }),
          });
        if (content.failure === undefined)
          return whole(notJson(basename(place.name), head, content.packed.length > 0), null);
        const { failure, inflatedBytes } = content;
        const reason = inflatedBytes === 0 ? failure : `${failure} after ${inflatedBytes} bytes, before any record`;
        return whole({ shape: 'unknown', status: 'rejected', reason }, null);
      },
    };
  };

  const tableReader = (place: Place, header: Header): Reader => {
    const account = accountOf(place);
    const shape = header.columns.includes('Event name') ? 'event-history-csv' : 'csv';
    let cut: { reason: string; offset: number } | undefined;
    const table = createTableReader(header, limits.maxRecordBytes, {
      row(row, raw, offset) {
        account.at(offset, raw, 0, raw.length);
        unwrapRow(row, shape, account, raw);
      },
      reject(reason, raw, offset) {
        account.at(offset, raw, 0, raw.length);
        account.reject(reason, raw, 0, raw.length);
      },
      broken(reason, offset) {
        cut = { reason, offset };
      },
    });
    return {
      push: table.push,
      result(content) {
        const read = account.read(content, { documents: 1, ...(cut && { cut }) });
        return { ...read, shape: read.shape === 'json' ? 'csv' : (read.shape ?? shape) };
      },
    };
  };

  /** An archive may hold two files of one name: the second is told apart by its number. */
  const freeName = (name: string): string => {
    let free = name;
    let n = names.get(name) ?? 1;
    for (; names.has(free); n++) free = `${name}#${n + 1}`;
    names.set(name, n).set(free, 1);
    return free;
  };

  const visitor =
    (place: Place): Visitor =>
    async ({ name, source, unusable }) => {
      if (entries >= limits.maxEntries) {
        refusal ??= `it holds more files than the limit of ${limits.maxEntries} (--max-entries); nothing after file ${entries} in it is read`;
        return false;
      }
      entries++;
      const member = freeName(place.member === null ? name : `${place.member}/${name}`);
      const inner = { fileId: reading.nextFileId(), name, member, depth: place.depth + 1 };
      if (unusable) {
        results.push(accountOf(inner).refused(unmeasured, unusable, Buffer.alloc(0), null));
        return true;
      }
      try {
        results.push(await read(source, inner));
        return refusal === undefined;
      } catch (error) {
        crash ??= { error };
        return false;
      }
    };

  /**
   * An archive is read as far as it goes: what is wrong with it, beside its members, is told of it alone.
   * @param before results there were before its first member
   */
  const archived = (
    place: Place,
    content: Content,
    shape: string,
    damage?: Damage,
    before = results.length,
  ): FileResult => {
    const account = accountOf(place);
    if (damage === undefined) return account.read(content, { shape, documents: 0 });
    const members = results.slice(before);
    const whole = members.filter(({ status }) => status === 'read' || status === 'skipped').length;
    const some = whole > 0 || members.some(({ status }) => status === 'partial');
    const at = damage.offset === null ? '' : `, at byte ${damage.offset}`;
    const files = `${members.length} ${members.length === 1 ? 'file' : 'files'}`;
    const reason = `${damage.reason}${at}: ${whole} of ${files} found in it ${whole === 1 ? 'is' : 'are'} whole`;
    return account.refused(
      content,
      { shape, status: some ? 'partial' : 'rejected', reason },
      Buffer.alloc(0),
      damage.offset,
    );
  };

  /** The content before the archive: what is missing of the one explains what is wrong with the other. */
  const damaged = ({ failure, inflatedBytes }: Content): Damage | undefined => {
    if (failure !== undefined) return { reason: failure, offset: inflatedBytes };
    return refusal === undefined ? undefined : { reason: refusal, offset: null };
  };

  const tarReader = (place: Place): Reader => {
    const before = results.length;
    const tar = createTarReader(visitor(place));
    return {
      push: tar.push,
      result: (content) => archived(place, content, 'tar', damaged(content) ?? tar.damage(), before),
    };
  };

  const zip = async (place: Place, content: Content, descriptor: number): Promise<FileResult> => {
    const before = results.length;
    const damage = await visitZip(descriptor, limits.maxRatio, visitor(place));
    return archived(place, content, 'zip', damaged(content) ?? damage, before);
  };

  /** Writes the content into the private folder, for what cannot be read as a stream. */
  const spooled = (place: Place, use: (path: string, content: Content) => Promise<FileResult>): Reader => {
    const path = join(folder, `spooled-${place.fileId}`);
    const descriptor = openSync(path, 'wx', 0o600);
    return {
      push: (bytes) => void writeSync(descriptor, bytes),
      async result(content) {
        closeSync(descriptor);
        return use(path, content);
      },
    };
  };

  const readerOf = (place: Place, head: Buffer): Reader => {
    const refused = (what: Shape): Reader => ({
      push: () => undefined,
      result: (content) => accountOf(place).refused(content, what, head, null),
    });
    if ((isTar(head) || isZip(head)) && place.depth >= deepestArchive) return refused(tooDeep);
    if (isTar(head)) return tarReader(place);
    if (isZip(head))
      return spooled(place, async (path, content) => {
        const result = await withFile(Buffer.from(path), 0, async (_, descriptor) => zip(place, content, descriptor));
        unlinkSync(path);
        return result;
      });
    if (isParquet(head))
      return spooled(place, async (path, content) => {
        const result = archived(place, content, 'parquet', damaged(content));
        // Its index stands at its end: of a table that is not whole nothing can be read.
        if (content.failure === undefined) return { ...result, table: path };
        unlinkSync(path);
        return result;
      });
    if (/^\s*[{[]/.test(head.toString('latin1', 0, 1000)) || otherText(head)) return jsonReader(place, head);
    const text = head.toString('utf8');
    const header = csvHeader(text);
    if (holdEvents(header.columns)) return tableReader(place, header);
    return isTable(text, header) || (isNamedTable(place.name) && header.columns.some((name) => /^[ -~]+$/.test(name)))
      ? refused(notEvents('csv', header.columns))
      : jsonReader(place, head);
  };

  const read = async (source: Source, place: Place): Promise<FileResult> => {
    let reader: Reader | undefined;
    let waiting: Buffer[] = [];
    const before = spentBytes;
    const take = async (bytes: Buffer, last: boolean): Promise<void> => {
      reading.onBytes(bytes.length);
      if (reader) return reader.push(bytes, last);
      waiting.push(bytes);
      if (!last && waiting.reduce((sum, { length }) => sum + length, 0) < headBytes) return undefined;
      const first = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      waiting = [];
      reader = readerOf(place, first.subarray(0, headBytes));
      return reader.push(first, last);
    };
    const content = await readContent(source, limits, take, before);
    // Members of an archive have counted for it already.
    spentBytes = Math.max(spentBytes, before + content.inflatedBytes);
    if (content.tooLong && place.depth > 0)
      refusal ??= `it holds more than the limit of ${limits.maxInflatedBytes} bytes, unpacked (--max-inflated); nothing after file ${entries} in it is read`;
    return reader!.result(content);
  };

  const place = { fileId: file.fileId, name: file.path, member: null, depth: 0 };
  const result = await withFile(file.location, file.bytes, async (source, descriptor) => {
    if (!isZip(source.head)) return read(source, place);
    // Read once for its hash, then member by member from where each lies.
    const content = await readContent(source, limits, () => undefined);
    return zip(place, content, descriptor);
  });
  if (crash) throw crash.error;
  return [...results, result].map((one) => {
    const reasons = [one.reason ?? '', ...one.rejects.map(({ reason }) => reason)];
    return { ...one, partOf: file.fileId, limits, crossed: crossedLimits(reasons) };
  });
};
