/** Writes records as lines of newline-delimited JSON into chunk files, each line led by where the record came from. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TrailscopeError } from '../errors.ts';
import { meet, type Met } from './met.ts';
import type { OddMember } from './scan-record.ts';

/** Files ready for DuckDB, one for each group of calls that has a record in it; the places of the others are empty. */
export type Chunk = { paths: (string | undefined)[]; bytes: number; lines: number; longestLine: number };

/**
 * Records are grouped by a hash of their eventName, and loaded group by group. Text is stored in blocks, each unpacked as a whole: a rule that asks
 * for a few calls then meets them in few blocks. All rules over 800,000 events: 7.1 CPU-s as they come, 5.5 grouped by 16. The load takes 2 % more;
 * with ORDER BY in steps/load.sql, 10 %.
 */
const callBits = 4;
/** Records met before go to the last group, most of them to be deleted again: what nothing is deleted from is read faster (3 % copies: 4.5 CPU-s). */
const metBefore = 1 << callBits;
const groupNumbers = Array.from({ length: metBefore + 1 }, (_, group) => group);

/** Paths of several chunks, those of one group beside one another. */
export const inGroups = (chunks: Chunk[]): string[] =>
  groupNumbers.flatMap((group) => chunks.flatMap(({ paths }) => paths[group] ?? []));

/** The engine takes many times the memory of its longest line: such a chunk is loaded alone. */
export const isLarge = ({ longestLine }: Chunk): boolean => longestLine > 1 << 20;

export type ChunkWriter = {
  /**
   * @param odd members that go to `_x`, and so to the column `extra`
   * @param multiline raw line breaks stand between tokens; they become spaces
   */
  append(line: {
    bytes: Buffer;
    start: number;
    end: number;
    fileId: number;
    index: number;
    offset: number;
    odd: OddMember[];
    needsId: boolean;
    multiline: boolean;
    /** As `scanned` has them. */
    call: number;
    id: { high: number; low: number };
    /** The export dropped fields of the record. */
    partial: boolean;
    /** What the record was made from, where it does not stand there as such. */
    element: { bytes: Buffer; start: number; end: number } | undefined;
  }): void;
  bytes(): number;
  lines(): number;
  /** Closes the chunk and names it; undefined where nothing was written since the last. */
  close(): Chunk | undefined;
};

/** Of each group. */
const bufferBytes = 64 << 10;

/** Keys sorted at every level, no spaces: equal content gives equal text. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

/** The stable id of a record that has none: equal for each delivery of it. */
const contentId = (record: string): string | null => {
  try {
    return `content-${createHash('sha256')
      .update(canonical(JSON.parse(record)))
      .digest('hex')}`;
  } catch {
    return null; // Not JSON: DuckDB will refuse the line, and it is accounted as rejected.
  }
};

const prefix = (line: Parameters<ChunkWriter['append']>[0]): string => {
  const { bytes, start, end, fileId, index, offset, odd, needsId, partial } = line;
  // A record's own `_p` is among its odd members.
  const place = `{"_f":${fileId},"_i":${index},"_o":${offset}${partial || odd.length > 0 ? `,"_p":${partial}` : ''}`;
  if (odd.length === 0 && !needsId) return place;
  // DuckDB takes the first of equal keys, so ours stand before any of the record's own.
  const members = odd.map(
    (m) =>
      `"${m.under}${bytes.toString('utf8', m.keyStart + 1, m.keyEnd)}:${bytes.toString('utf8', m.valueStart, m.valueEnd)}`,
  );
  const id = needsId ? contentId(bytes.toString('utf8', start, end)) : null;
  return `${place},"_id":${JSON.stringify(id)},"_x":${odd.length > 0 ? `{${members.join(',').replace(/[\r\n]/g, ' ')}}` : 'null'}`;
};

/**
 * @param folder where the chunk files go
 * @param name unique to this writer
 * @param met ids that this writer and others have written
 */
export const createChunkWriter = (folder: string, name: string, met: Met): ChunkWriter => {
  const groups = groupNumbers.map(() => ({
    buffer: Buffer.allocUnsafe(bufferBytes),
    filled: 0,
    descriptor: -1,
  }));
  type Group = (typeof groups)[number];
  let serial = 0;
  let chunk: Chunk | undefined;

  const writeAll = ({ descriptor }: Group, bytes: Buffer): void => {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    } catch (error) {
      throw new TrailscopeError(
        `Cannot write to the work folder beside the case: ${(error as Error).message}. Free some space and run the same command again; what was loaded is kept.`,
      );
    }
  };
  const flush = (group: Group): void => {
    if (group.filled > 0) writeAll(group, group.buffer.subarray(0, group.filled));
    group.filled = 0;
  };
  const groupOf = ({ call, id, needsId }: Parameters<ChunkWriter['append']>[0], { paths }: Chunk): Group => {
    const number = !needsId && meet(met, id.high, id.low) ? metBefore : call >>> (32 - callBits);
    const group = groups[number]!;
    if (group.descriptor < 0) {
      const path = join(folder, `${name}-${serial}-${number}.ndjson`);
      group.descriptor = openSync(path, 'wx', 0o600);
      paths[number] = path;
    }
    return group;
  };

  return {
    append(line) {
      chunk ??= { paths: [], bytes: 0, lines: 0, longestLine: 0 };
      const group = groupOf(line, chunk);
      const { bytes, start, end } = line;
      const head = prefix(line);
      let after = start + 1;
      while (after < end && bytes[after]! <= 0x20) after++;
      const separator = bytes[after] === 0x7d ? '' : ',';
      const most = head.length * 3 + 2 + end - after;
      let target = group.buffer;
      if (most > bufferBytes) {
        flush(group);
        target = Buffer.allocUnsafe(most);
      } else if (group.filled + most > bufferBytes) flush(group);
      let at = target === group.buffer ? group.filled : 0;
      const lineStart = at;
      at += target.write(head + separator, at);
      const bodyStart = at;
      at += bytes.copy(target, at, after, end);
      if (line.multiline)
        for (let i = bodyStart; i < at; i++) if (target[i] === 0x0a || target[i] === 0x0d) target[i] = 0x20;
      target[at++] = 0x0a;
      const length = at - lineStart;
      if (target === group.buffer) group.filled = at;
      else writeAll(group, target.subarray(0, at));
      chunk.bytes += length;
      chunk.lines++;
      if (length > chunk.longestLine) chunk.longestLine = length;
    },
    bytes: () => chunk?.bytes ?? 0,
    lines: () => chunk?.lines ?? 0,
    close() {
      if (!chunk) return undefined;
      for (const group of groups) {
        if (group.descriptor < 0) continue;
        flush(group);
        closeSync(group.descriptor);
        group.descriptor = -1;
      }
      serial++;
      const done = chunk;
      chunk = undefined;
      return done;
    },
  };
};
