/** What the main thread and its workers say to each other. */
import type { Chunk } from './chunk.ts';
import type { ReadLimits } from './limits.ts';
import type { Met } from './met.ts';

export type WorkerFile = {
  fileId: number;
  path: string;
  location: Uint8Array;
  /** The size it had when it was found. */
  bytes: number;
  /** Where they are its own. */
  limits?: ReadLimits;
  /** Each line is a row of a table that the engine wrote out. */
  rows?: true;
};

export type WorkerInput = {
  files: WorkerFile[];
  folder: string;
  name: string;
  /** Slots of `Shared`. */
  shared: Int32Array<SharedArrayBuffer>;
  limits: ReadLimits;
  met: Met;
  /** A chunk is handed out when it has this many bytes or lines. */
  chunkBytes: number;
  chunkLines: number;
  /** A worker waits while more than this many bytes of chunks are not yet loaded. */
  maxPendingKiB: number;
};

/** Slots of the counters that the threads share. */
export const Shared = { next: 0, pendingKiB: 1, filesDone: 2, readKiB: 3, records: 4, nextFileId: 5 } as const;

export type Reject = { index: number | null; offset: number | null; reason: string; raw: Uint8Array };

/** What became of one file. */
export type FileResult = {
  fileId: number;
  /** The file in the folder: itself, or the archive it was packed in. */
  partOf: number;
  /** Its path in the archive that it was packed in; null for a file that is one. */
  member: string | null;
  status: 'read' | 'partial' | 'skipped' | 'rejected';
  shape: string | null;
  reason: string | null;
  bytes: number | null;
  inflatedBytes: number | null;
  sha256: string | null;
  sha256Inflated: string | null;
  records: number;
  ignored: number;
  /** Records handed out in chunks. */
  lines: number;
  rejects: Reject[];
  /** What it was read with, and which of these limits something in it crossed; undefined until it is read to its end. */
  limits?: ReadLimits;
  crossed?: (keyof ReadLimits)[];
  /** Where a Parquet table lies in the private folder, for the engine to read. */
  table?: string;
};

/** Lines of the files that end in this chunk, or before it, are all in this chunk or an earlier one. */
export type WorkerMessage = { chunk: Chunk | undefined; finished: FileResult[] };
