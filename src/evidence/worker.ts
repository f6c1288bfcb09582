/** A worker thread: claims files one after the other, inflates, hashes and splits them, and hands chunks of records to the main thread. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createChunkWriter } from './chunk.ts';
import { inflate, UnreadableFile } from './inflate.ts';
import { identifyingBits } from './known-fields.ts';
import { scanned } from './scan-record.ts';
import {
  type FileResult,
  type Reject,
  Shared,
  type WorkerFile,
  type WorkerInput,
  type WorkerMessage,
} from './protocol.ts';
import { isS3Notification, notJson, otherJson, s3Notification } from './shape.ts';
import { createSplitter } from './split.ts';

const rawLimit = 1 << 20;
const headBytes = 64 << 10;

const readFile = async (file: WorkerFile, input: WorkerInput, handOut: () => void): Promise<FileResult> => {
  const { fileId } = file;
  const rejects: Reject[] = [];
  let head: Buffer | undefined;
  let ignored = 0;
  let lines = 0;
  let notification = false;
  const raw = (bytes: Buffer, start: number, end: number): Uint8Array =>
    Uint8Array.from(bytes.subarray(start, Math.min(end, start + rawLimit)));
  const splitter = createSplitter(
    {
      record(bytes, start, end, index, offset) {
        if (index === 0) notification = isS3Notification(bytes.toString('latin1', start, Math.min(end, start + 2000)));
        if (notification || (scanned.seen & identifyingBits) === 0) {
          ignored++;
          return;
        }
        const { odd, multiline } = scanned;
        writer.append({ bytes, start, end, fileId, index, offset, odd, needsId: !scanned.hasEventId, multiline });
        lines++;
        if (writer.bytes() >= input.chunkBytes || writer.lines() >= input.chunkLines) handOut();
      },
      reject(reason, bytes, start, end, index, offset) {
        rejects.push({ index, offset, reason, raw: raw(bytes, start, end) });
      },
    },
    input.maxRecordBytes,
  );
  const content = await inflate(file.location, file.bytes, (bytes, last) => {
    head ??= bytes.subarray(0, headBytes);
    Atomics.add(input.shared, Shared.readKiB, bytes.length >> 10);
    splitter.push(bytes, last);
  });
  head ??= Buffer.alloc(0);
  const records = splitter.records();
  const stop = splitter.stop();
  const measured = {
    fileId,
    bytes: content.bytes,
    inflatedBytes: content.inflatedBytes,
    sha256: content.sha256,
    sha256Inflated: content.sha256Inflated,
    rejects,
  };
  const wholeFile = (shape: string | null, reason: string, offset: number | null): FileResult => {
    const all = { index: null, offset, reason, raw: raw(head!, 0, head!.length) };
    return { ...measured, rejects: [all], status: 'rejected', shape, reason, records: 0, ignored: 0, lines };
  };
  if (notification) return { ...measured, rejects: [], ...s3Notification, records: 0, ignored: 0, lines };
  if (stop?.kind === 'malformed')
    return wholeFile('s3-delivery', `not JSON: ${stop.reason}, at byte ${stop.offset}`, stop.offset);
  if (stop && stop.kind !== 'truncated') {
    if (content.failure !== undefined)
      return wholeFile(null, `${content.failure} after ${content.inflatedBytes} bytes, before any record`, null);
    const other =
      stop.kind === 'not_json'
        ? notJson(basename(file.path), head, content.gzip)
        : otherJson(stop.keys, stop.array, head.toString('utf8'));
    if (other.status === 'rejected') return wholeFile(other.shape, other.reason, null);
    return { ...measured, rejects: [], ...other, records: 0, ignored: 0, lines };
  }
  const whole = records - rejects.length;
  const cut = content.failure ?? (stop ? 'the file ends early' : undefined);
  const counts = { shape: 's3-delivery', records, ignored, lines };
  if (cut === undefined) return { ...measured, ...counts, status: 'read', reason: null };
  const place = `${cut}, at byte ${stop?.offset ?? content.inflatedBytes} of the content: ${whole} whole records read`;
  if (rejects.at(-1)?.index !== records - 1 || !stop)
    rejects.push({ index: null, offset: stop?.offset ?? null, reason: cut, raw: new Uint8Array() });
  return { ...measured, ...counts, status: whole > 0 ? 'partial' : 'rejected', reason: place };
};

const unreadable = (fileId: number, error: UnreadableFile): FileResult => {
  const reason = `cannot be read: ${error.message}`;
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
  return { fileId, status: 'rejected', shape: null, reason, rejects, ...nothing };
};

const input = workerData as WorkerInput;
const writer = createChunkWriter(input.folder, input.name);

const work = async (): Promise<void> => {
  const { shared } = input;
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
  for (;;) {
    const file = input.files[Atomics.add(shared, Shared.next, 1)];
    if (!file) break;
    let result: FileResult;
    try {
      result = await readFile(file, input, handOut);
    } catch (error) {
      // A file the system refuses is a reject; all else, our own errors included, ends the run.
      if (!(error instanceof UnreadableFile)) throw error;
      result = unreadable(file.fileId, error);
    }
    finished.push(result);
    Atomics.add(shared, Shared.filesDone, 1);
    Atomics.add(shared, Shared.records, result.records);
  }
  handOut();
};

await work();
