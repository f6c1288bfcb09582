/** Keeps the account of one file: each record it holds is handed out, ignored or rejected, and has its number. */
import type { ChunkWriter } from './chunk.ts';
import type { Content } from './content.ts';
import type { FileResult, Reject } from './protocol.ts';
import { scanned } from './scan-record.ts';
import { isUnreadExport, type Shape } from './shape.ts';
import type { RecordSink } from './unwrap.ts';

const rawLimit = 1 << 20;

type Measured = Pick<FileResult, 'bytes' | 'inflatedBytes' | 'sha256' | 'sha256Inflated'>;

export type Account = RecordSink & {
  /** The element that is looked into now, and where in the content it lies. */
  at(offset: number, bytes: Buffer, start: number, end: number, container?: string): void;
  /** The file was read, to its end or up to `cut`. */
  read(
    content: Content,
    names: { shape?: string; documents: number; cut?: { reason: string; offset: number } },
  ): FileResult;
  /** The file as a whole is nothing to read or, an archive, not read whole. */
  refused(
    content: Measured,
    what: Shape | (Omit<Shape, 'status'> & { status: 'partial' }),
    head: Buffer,
    offset: number | null,
  ): FileResult;
};

const copied = (bytes: Buffer, start: number, end: number): Uint8Array =>
  Uint8Array.from(bytes.subarray(start, Math.min(end, start + rawLimit)));

const measured = ({ bytes, inflatedBytes, sha256, sha256Inflated }: Measured): Measured => ({
  bytes,
  inflatedBytes,
  sha256,
  sha256Inflated,
});

/**
 * @param writer where records go
 * @param handOut called after each, so that full chunks are handed on
 */
export const createAccount = (
  fileId: number,
  member: string | null,
  writer: ChunkWriter,
  handOut: () => void,
  maxDepth: number,
): Account => {
  const rejects: Reject[] = [];
  let index = 0;
  let lines = 0;
  let ignored = 0;
  let other: Shape | undefined;
  let shape: string | undefined;
  let container: string | undefined;
  let offset = 0;
  let inside: Buffer = Buffer.alloc(0);
  let from = 0;
  let to = 0;
  const base = { fileId, partOf: fileId, member } as const;
  const refused: Account['refused'] = (content, what, head, where) => {
    const { status, reason } = what;
    const all = { index: null, offset: where, reason, raw: copied(head, 0, head.length) };
    const counts = { records: 0, ignored: 0, lines, rejects: status === 'skipped' ? [] : [all] };
    return { ...base, ...measured(content), ...what, ...counts };
  };
  return {
    at(place, bytes, start, end, within) {
      offset = place;
      container = within;
      inside = bytes;
      from = start;
      to = end;
    },
    record(bytes, start, end, name, partial) {
      // What stood inside a text is a record only now: it keeps to the same rules as one that stands in the file.
      if (scanned.controlInString) return this.reject('a raw control character inside a string', bytes, start, end);
      if (scanned.depth > maxDepth)
        return this.reject(
          `nested deeper than ${maxDepth.toLocaleString('en')} levels (--max-depth)`,
          bytes,
          start,
          end,
        );
      shape ??= name === 'record' && container === '[' ? 'array' : name;
      writer.append({
        bytes,
        start,
        end,
        fileId,
        index: index++,
        offset,
        odd: scanned.odd,
        needsId: !scanned.hasEventId,
        multiline: scanned.multiline,
        call: scanned.call,
        id: scanned.id,
        partial,
        element: partial ? { bytes: inside, start: from, end: to } : undefined,
      });
      lines++;
      handOut();
    },
    ignore(what) {
      other ??= what;
      // Of an export that is known, but came without its record, that is a loss: it is a reject, beside records as well.
      if (what.status === 'rejected' && isUnreadExport(what.shape)) return this.reject(what.reason, inside, from, to);
      index++;
      ignored++;
    },
    reject(reason, bytes, start, end) {
      rejects.push({ index: index++, offset, reason, raw: copied(bytes, start, end) });
    },
    read(content, { shape: named, documents, cut }) {
      const damage = content.failure ?? cut?.reason;
      const nothing = lines === 0 && rejects.every(({ reason }) => reason === other?.reason);
      // A file of other objects is another kind of file; only beside records are they counted one by one.
      if (nothing && other && damage === undefined) return refused(content, other, Buffer.alloc(0), null);
      const plain = shape === 'record' && documents > 1 ? 'json-lines' : shape;
      const within = container === 'Records' ? 's3-delivery' : null;
      const counts = { shape: named ?? plain ?? other?.shape ?? within, records: index, ignored, lines, rejects };
      const file = { ...base, ...measured(content), ...counts };
      if (damage === undefined) return { ...file, status: 'read', reason: null };
      const place = cut?.offset ?? content.inflatedBytes;
      // The record that the damage cut is a reject already; damage between records is one without a number.
      if (rejects.at(-1)?.offset !== place || cut === undefined)
        rejects.push({ index: null, offset: place, reason: damage, raw: new Uint8Array() });
      const reason = `${damage}, at byte ${place} of the content: ${lines} whole ${lines === 1 ? 'record' : 'records'} read`;
      return { ...file, status: lines > 0 ? 'partial' : 'rejected', reason };
    },
    refused,
  };
};
