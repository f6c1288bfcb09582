/** Writes each report file whole or not at all: under a temporary name first, then renamed. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refusal, TrailscopeError } from '../errors.ts';

/** Pieces are gathered up to this size: one write a line would cost minutes for a million events. */
const batchLength = 1 << 18;

export type Pieces = Iterable<string> | AsyncIterable<string>;

export const writeWhole = async (folder: string, file: string, pieces: Pieces): Promise<string> => {
  const path = join(folder, file);
  const temporary = join(folder, `.${file}.partial`);
  const failed = `Could not write ${path}`;
  // What a killed run left behind goes first, and `wx` follows no link that someone put in its place.
  const handle = await explained(failed, async () => {
    await rm(temporary, { force: true });
    return open(temporary, 'wx');
  });
  try {
    try {
      await writeAll(handle, pieces, failed);
    } finally {
      await handle.close();
    }
    await explained(failed, () => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return path;
};

const writeAll = async (handle: FileHandle, pieces: Pieces, failed: string): Promise<void> => {
  let batch = '';
  for await (const piece of pieces) {
    batch += piece;
    if (batch.length < batchLength) continue;
    const full = batch;
    batch = '';
    await explained(failed, () => handle.writeFile(full));
  }
  await explained(failed, async () => {
    await handle.writeFile(batch);
    await handle.sync();
  });
};

/** Only the file system's refusals are the analyst's to mend; anything else is a bug and keeps its stack. */
const explained = async <Result>(failed: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`${failed}: ${why}. Choose another folder with --out, or make room there.`);
  }
};
