/** Reads files with worker threads into chunks of records, and hands them on in batches while the workers go on reading. */
import { Worker } from 'node:worker_threads';
import { TrailscopeError } from '../errors.ts';
import { type Chunk, isLarge } from './chunk.ts';
import type { ReadLimits } from './limits.ts';
import { createMet } from './met.ts';
import { type FileResult, Shared, type WorkerFile, type WorkerInput, type WorkerMessage } from './protocol.ts';

/** Records to load in one transaction, and the files that end with them. */
export type Batch = { chunks: Chunk[]; finished: FileResult[] };

export type ReadProgress = { files: number; bytes: number; records: number };

export type ReadOptions = {
  /** Private folder for the chunks. */
  folder: string;
  jobs: number;
  /** A batch has as many whole groups of this many records as wait, up to the most; or bytes. */
  groupLines: number;
  mostGroups: number;
  batchBytes: number;
  /** Batches that may be loaded at once; as many again may wait meanwhile. */
  loaders: number;
  limits: ReadLimits;
  /** Numbers from here on are free for the members of archives. */
  nextFileId: number;
  onProgress: (progress: ReadProgress) => void;
};

/** Small enough for a flat memory. */
const chunkBytes = 32 << 20;
/** So that a batch ends where it should, not a whole chunk later. */
const chunksOfGroup = 4;
const progressMs = 200;
/** Node 20 starts no worker from TypeScript, so tests, which run from src, take the built one. */
const workerFile = import.meta.url.endsWith('.ts') ? '../../dist/evidence/worker.js' : './worker.js';

/**
 * Reads the files and calls `load` with each batch; a batch is on disk until `load` resolves.
 * @param load is also given what resolves once every batch before is loaded: until then, what a file's last message says does not hold
 * @throws TrailscopeError where the work folder cannot be written; whatever a worker or `load` throws
 */
export const readFiles = async (
  files: WorkerFile[],
  options: ReadOptions,
  load: (batch: Batch, before: Promise<void>) => Promise<void>,
): Promise<void> => {
  const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(Shared).length));
  Atomics.store(shared, Shared.nextFileId, options.nextFileId);
  const { folder, limits, batchBytes, groupLines, mostGroups, loaders } = options;
  const met = createMet(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const maxPendingKiB = Math.floor((2 * loaders * batchBytes) / 1024); // Not shifted: it passes 32 bits.
  const workers = Array.from({ length: Math.max(1, Math.min(options.jobs, files.length)) }, (_, i) => {
    const workerData: WorkerInput = {
      files,
      folder,
      name: `chunk-${i}`,
      shared,
      limits,
      met,
      chunkBytes,
      chunkLines: Math.ceil(groupLines / chunksOfGroup),
      maxPendingKiB,
    };
    return new Worker(new URL(workerFile, import.meta.url), { workerData });
  });
  let waiting: WorkerMessage[] = [];
  let running = workers.length;
  let failure: unknown;
  let wake = (): void => {};
  for (const worker of workers) {
    worker.on('message', (message: WorkerMessage) => {
      waiting.push(message);
      wake();
    });
    worker.on('error', (error) => {
      failure ??=
        error instanceof Error && error.name === 'TrailscopeError' ? new TrailscopeError(error.message) : error;
      wake();
    });
    worker.on('exit', () => {
      running--;
      wake();
    });
  }
  const report = (): void =>
    options.onProgress({
      files: Atomics.load(shared, Shared.filesDone),
      bytes: Atomics.load(shared, Shared.readKiB) * 1024,
      records: Atomics.load(shared, Shared.records),
    });
  const ticker = setInterval(report, progressMs);
  /** The first messages that fill a batch, in their order: what a file's last message says holds once all before it are loaded. */
  const nextBatch = (): Batch | undefined => {
    const groups = waiting.reduce((sum, { chunk }) => sum + (chunk?.lines ?? 0), 0) / groupLines;
    // What is left at the end is for all loaders.
    const ready = running > 0 ? Math.floor(groups) : Math.ceil(groups / loaders);
    const batchLines = Math.min(mostGroups, Math.max(1, ready)) * groupLines;
    let bytes = 0;
    let lines = 0;
    let taken = 0;
    let full = false;
    for (const { chunk } of waiting) {
      const large = chunk !== undefined && isLarge(chunk);
      full = large && taken > 0;
      if (full) break;
      taken++;
      bytes += chunk?.bytes ?? 0;
      lines += chunk?.lines ?? 0;
      full = large || lines >= batchLines || bytes >= batchBytes;
      if (full) break;
    }
    if (taken === 0 || (running > 0 && !full)) return undefined;
    const messages = waiting.splice(0, taken);
    return {
      chunks: messages.flatMap(({ chunk }) => chunk ?? []),
      finished: messages.flatMap(({ finished }) => finished),
    };
  };
  const loading = new Set<Promise<void>>();
  let before = Promise.resolve();
  const start = (batch: Batch): void => {
    const outcome = load(batch, before);
    before = outcome;
    const work = outcome
      .then(() => {
        for (const chunk of batch.chunks) Atomics.sub(shared, Shared.pendingKiB, chunk.bytes >> 10);
        Atomics.notify(shared, Shared.pendingKiB);
      })
      .catch((error: unknown) => void (failure ??= error))
      .finally(() => {
        loading.delete(work);
        wake();
      });
    loading.add(work);
  };
  try {
    for (;;) {
      if (failure !== undefined) throw failure;
      if (running === 0 && waiting.length === 0 && loading.size === 0) break;
      const batch = loading.size < loaders ? nextBatch() : undefined;
      if (batch) start(batch);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    report();
  } finally {
    clearInterval(ticker);
    await Promise.all([...loading, ...workers.map(async (worker) => worker.terminate())]);
  }
};
