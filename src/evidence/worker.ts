/** A worker thread: claims files one after the other, reads them, and hands chunks of records to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { createChunkWriter } from './chunk.ts';
import { UnreadableFile } from './content.ts';
import { type FileResult, Shared, type WorkerInput, type WorkerMessage } from './protocol.ts';
import { readFile } from './read-file.ts';

const unreadable = (fileId: number, { message }: UnreadableFile): FileResult => {
  const reason = `cannot be read: ${message}`;
  const nothing = {
    bytes: null,
    inflatedBytes: null,
    sha256: null,
    sha256Inflated: null,
    records: 0,
    ignored: 0,
    lines: 0,
  };
  const rejects = [{ index: null, offset: null, reason, raw: new Uint8Array() }];
  return { fileId, partOf: fileId, member: null, status: 'rejected', shape: null, reason, rejects, ...nothing };
};

const input = workerData as WorkerInput;
const { shared } = input;
const writer = createChunkWriter(input.folder, input.name, input.met);
let finished: FileResult[] = [];

const handOut = (): void => {
  const chunk = writer.close();
  if (!chunk && finished.length === 0) return;
  parentPort!.postMessage({ chunk, finished } satisfies WorkerMessage);
  finished = [];
  Atomics.add(shared, Shared.pendingKiB, (chunk?.bytes ?? 0) >> 10);
  for (
    let pending = Atomics.load(shared, Shared.pendingKiB);
    pending > input.maxPendingKiB;
    pending = Atomics.load(shared, Shared.pendingKiB)
  )
    Atomics.wait(shared, Shared.pendingKiB, pending, 1000);
};

const reading = {
  limits: input.limits,
  writer,
  folder: input.folder,
  nextFileId: () => Atomics.add(shared, Shared.nextFileId, 1),
  handOut: () => {
    if (writer.bytes() >= input.chunkBytes || writer.lines() >= input.chunkLines) handOut();
  },
  onBytes: (bytes: number) => void Atomics.add(shared, Shared.readKiB, bytes >> 10),
};

for (;;) {
  const file = input.files[Atomics.add(shared, Shared.next, 1)];
  if (!file) break;
  try {
    const results = await readFile(file, reading);
    finished.push(...results);
    for (const { records } of results) Atomics.add(shared, Shared.records, records);
  } catch (error) {
    // A file the system refuses is a reject; all else, our own errors included, ends the run.
    if (!(error instanceof UnreadableFile)) throw error;
    finished.push(unreadable(file.fileId, error));
  }
  Atomics.add(shared, Shared.filesDone, 1);
}
handOut();
