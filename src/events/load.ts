/** Loads batches of records into the events table, one transaction each, and accounts for every line that DuckDB refused. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Connection, type Database, queryText } from '../database.ts';
import { type Chunk, inGroups, isLarge } from '../evidence/chunk.ts';
import type { Batch } from '../evidence/read.ts';
import type { FileResult, Reject } from '../evidence/protocol.ts';
import { inTransaction } from '../transaction.ts';

const loadSql = queryText('steps/load');
/** The reader takes memory by its largest object; chunks say how long their longest line is. */
const objectBytes = { least: 1 << 20, slack: 1 << 10 };

const prefix = /^\{"_f":(\d+),"_i":(\d+),"_o":(\d+)/;

const whyRefused = (line: Buffer): string => {
  if (!isUtf8(line)) return 'not UTF-8';
  try {
    JSON.parse(line.toString('utf8'));
    return 'not readable as a record';
  } catch (error) {
    return `not JSON: ${(error as Error).message.replace(/ in JSON at position.*$| \(line \d+ column \d+\)$/, '').slice(0, 120)}`;
  }
};

/** Lines of the chunks that are not in events: DuckDB could not parse them. */
const findRefused = async (db: Connection, chunks: Chunk[]): Promise<Map<number, Reject[]>> => {
  const refused = new Map<number, Reject[]>();
  const loaded = new Map<number, Set<number>>();
  for (const path of inGroups(chunks)) {
    for await (const line of createInterface({ input: createReadStream(path, 'latin1'), crlfDelay: Infinity })) {
      const place = prefix.exec(line);
      if (!place) continue;
      const [fileId, index, offset] = place.slice(1).map(Number) as [number, number, number];
      let present = loaded.get(fileId);
      if (!present) {
        const rows = await db.rows<{ record_index: number }>(
          'SELECT record_index FROM events WHERE file_id = $fileId',
          { fileId },
        );
        loaded.set(fileId, (present = new Set(rows.map((row) => row.record_index))));
      }
      if (present.has(index)) continue;
      const raw = Buffer.from(line.replace(prefix, '{').replace('{,', '{'), 'latin1');
      const rejects = refused.get(fileId) ?? [];
      rejects.push({ index, offset, reason: whyRefused(raw), raw: raw.subarray(0, 1 << 20) });
      refused.set(fileId, rejects);
    }
  }
  return refused;
};

/** A file may hold a hundred thousand small ones, or a few of 1 MiB each. */
const rejectsAtOnce = { rows: 10_000, bytes: 16 << 20 };

const insertRejects = async (db: Connection, fileId: number, rejects: Reject[]): Promise<void> => {
  let rows: Record<string, unknown>[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (rows.length > 0)
      await db.run(queryText('steps/insert-rejects'), { file_id: fileId, rows: JSON.stringify(rows) });
    rows = [];
    bytes = 0;
  };
  for (const { index, offset, reason, raw } of rejects) {
    rows.push({ record_index: index, byte_offset: offset, reason, raw: Buffer.from(raw).toString('hex') });
    bytes += raw.length;
    if (rows.length >= rejectsAtOnce.rows || bytes >= rejectsAtOnce.bytes) await flush();
  }
  await flush();
};

/** What the ledger tells of a file beside what reading it gave. */
export type NamedFile = { path: string; location: string; modifiedMs: number };

const ledgerRow = (result: FileResult, file: NamedFile): Record<string, unknown> => ({
  file_id: result.fileId,
  path: result.member === null ? file.path : `${file.path}/${result.member}`,
  part_of: result.partOf,
  member: result.member,
  location: file.location,
  modified_ms: file.modifiedMs,
  bytes: result.bytes,
  inflated_bytes: result.inflatedBytes,
  sha256: result.sha256,
  sha256_inflated: result.sha256Inflated,
  shape: result.shape,
  status: result.status,
  reason: result.reason,
  records: result.records,
  ignored: result.ignored,
  limits: result.limits ?? null,
  crossed: result.crossed ?? [],
});

const loadRecords = async (writer: Connection, chunks: Chunk[]): Promise<void> => {
  const longest = Math.max(...chunks.map((chunk) => chunk.longestLine)) + objectBytes.slack;
  const loaded = await writer.run(loadSql, {
    chunks: inGroups(chunks),
    longest_line: Math.max(objectBytes.least, longest),
  });
  const written = chunks.reduce((sum, chunk) => sum + chunk.lines, 0);
  if (loaded !== written)
    for (const [fileId, rejects] of await findRefused(writer, chunks)) await insertRejects(writer, fileId, rejects);
};

/** Enters files into the ledger; records that are in no file of the ledger are discarded when the case is next loaded into. */
const enter = async (db: Database, finished: FileResult[], files: Map<number, NamedFile>): Promise<void> => {
  for (const { fileId, rejects } of finished) await insertRejects(db, fileId, rejects);
  // A file that turned out to be malformed is rejected as a whole, what was handed out of it included.
  const discarded = finished
    .filter(({ status, lines }) => status !== 'read' && status !== 'partial' && lines > 0)
    .map(({ fileId }) => fileId);
  if (discarded.length > 0) {
    const list = discarded.join(', ');
    await db.run(`DELETE FROM events WHERE file_id IN (${list})`);
    await db.run(`DELETE FROM rejects WHERE file_id IN (${list}) AND record_index IS NOT NULL`);
  }
  await db.insert(
    'evidence',
    finished.map((result) => ledgerRow(result, files.get(result.partOf)!)),
  );
};

/**
 * Loads one batch: its records in one transaction and then, once all before it are loaded, the files that end with them in another.
 * @param files by file id; members of archives go by the archive's
 * @param writer a connection that no other batch uses meanwhile
 */
export const loadBatch = async (
  db: Database,
  { chunks, finished }: Batch,
  files: Map<number, NamedFile>,
  { before = Promise.resolve(), writer = db }: { before?: Promise<void>; writer?: Connection } = {},
): Promise<void> => {
  if (chunks.some(isLarge)) await before;
  if (chunks.length > 0) await inTransaction(writer, async () => loadRecords(writer, chunks));
  await before;
  if (finished.length > 0) await inTransaction(db, async () => enter(db, finished, files));
  await Promise.all(inGroups(chunks).map(async (path) => unlink(path)));
};
