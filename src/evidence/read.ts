/** Reads files with worker threads into chunks of records, and hands them on in batches while the workers go on reading. */
import { Worker } from 'node:worker_threads';
import { TrailscopeError } from '../errors.ts';
import type { Chunk } from './chunk.ts';
import { type FileResult, Shared, type WorkerFile, type WorkerInput, type WorkerMessage } from './protocol.ts';

/** Records to load in one transaction, and the files that end with them. */
export type Batch = { chunks: Chunk[]; finished: FileResult[] };

export type ReadProgress = { files: number; bytes: number; records: number };

export type ReadOptions = {
  /** Private folder for the chunks. */
  folder: string;
  jobs: number;
  /** A batch is handed on when it has this many bytes; as many again may wait meanwhile. */
  batchBytes: number;
  maxRecordBytes: number;
  onProgress: (progress: ReadProgress) => void;
};

/** Small enough for a flat memory. */
const chunkBytes = 32 << 20;
const progressMs = 200;
/** Node 20 starts no worker from TypeScript, so tests, which run from src, take the built one. */
const workerFile = import.meta.url.endsWith('.ts') ? '../../dist/evidence/worker.js' : './worker.js';

/**
 * Reads the files and calls `load` with each batch, one at a time; a batch is on disk until `load` resolves.
 * @throws TrailscopeError where the work folder cannot be written; whatever a worker or `load` throws
 */
export const readFiles = async (
  files: WorkerFile[],
  options: ReadOptions,
  load: (batch: Batch) => Promise<void>,
): Promise<void> => {
  const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(Shared).length));
  const { folder, maxRecordBytes, batchBytes } = options;
  const maxPendingKiB = (2 * batchBytes) >> 10;
  const workers = Array.from({ length: Math.max(1, Math.min(options.jobs, files.length)) }, (_, i) => {
    const workerData: WorkerInput = {
      files,
      folder,
      name: `chunk-${i}`,
      shared,
      maxRecordBytes,
      chunkBytes,
      maxPendingKiB,
    };
    return new Worker(new URL(workerFile, import.meta.url), { workerData });
  });
  let waiting: Batch = { chunks: [], finished: [] };
  let running = workers.length;
  let failure: unknown;
  let wake = (): void => {};
  for (const worker of workers) {
    worker.on('message', ({ chunk, finished }: WorkerMessage) => {
      if (chunk) waiting.chunks.push(chunk);
      waiting.finished.push(...finished);
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
  const size = (batch: Batch): number => batch.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  try {
    for (;;) {
      if (failure !== undefined) throw failure;
      if (running > 0 && size(waiting) < batchBytes) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const batch = waiting;
      waiting = { chunks: [], finished: [] };
      if (batch.chunks.length + batch.finished.length > 0) await load(batch);
      for (const chunk of batch.chunks) Atomics.sub(shared, Shared.pendingKiB, chunk.bytes >> 10);
      Atomics.notify(shared, Shared.pendingKiB);
      if (running === 0 && waiting.chunks.length + waiting.finished.length === 0) break;
    }
    report();
  } finally {
    clearInterval(ticker);
    await Promise.all(workers.map(async (worker) => worker.terminate()));
  }
};
