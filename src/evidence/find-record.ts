/** Finds one record again in its evidence file, to the byte. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { ChunkWriter } from './chunk.ts';
import { findFiles, pathOfText } from './find.ts';
import type { ReadLimits } from './limits.ts';
import { readFile } from './read-file.ts';

/** Where the case says that it lies. */
export type RecordPlace = {
  location: string;
  bytes: number;
  /** Of the file as found: of the archive, where it is packed. */
  sha256: string;
  member: string | null;
  record_index: number;
  /** JSON: what it was read with, which decides what counts as one record. */
  limits: string;
  /** As for the worker: each line is a row of a table. */
  rows?: true;
};

export type FoundRecord = {
  /** As it stands in the file; without the envelope that an export put it in, if the record was whole in it. */
  record: Buffer;
  /** Offset of the record, or of its envelope, in the unpacked content. */
  offset: number;
};

const hashOf = async (path: Buffer): Promise<string> => {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path)) hash.update(block as Buffer);
  return hash.digest('hex');
};

/**
 * The evidence file where it was or, if its folder was moved, wherever it lies under `folder`: name and time may differ, its content may not.
 * @returns undefined where no file has that content
 */
export const findEvidence = async (
  { location, bytes, sha256 }: RecordPlace,
  folder: string | undefined,
): Promise<Buffer | undefined> => {
  const place = pathOfText(location);
  const candidates = [
    ...(statSync(place, { throwIfNoEntry: false })?.size === bytes ? [place] : []),
    ...(folder === undefined
      ? []
      : findFiles([folder], [])
          .filter((file) => file.unusable === undefined && file.bytes === bytes)
          .map((file) => file.location)),
  ];
  for (const candidate of candidates) if ((await hashOf(candidate)) === sha256) return candidate;
  return undefined;
};

/**
 * Reads the file as it was read for the case.
 * @param work a private folder
 * @returns the record, or the Parquet table it is a row of
 */
export const findRecord = async (
  file: Buffer,
  { bytes, member, record_index, limits, rows }: RecordPlace,
  work: string,
): Promise<FoundRecord | { table: string } | undefined> => {
  const found = new Map<number, FoundRecord>();
  const writer: ChunkWriter = {
    append({ fileId, index, offset, element, ...line }) {
      if (index !== record_index) return;
      const { bytes: all, start, end } = element ?? line;
      found.set(fileId, { record: Buffer.from(all.subarray(start, end)), offset });
    },
    bytes: () => 0,
    lines: () => 0,
    close: () => undefined,
  };
  let next = 2;
  const results = await readFile(
    { fileId: 1, path: member ?? 'file', location: file, bytes, ...(rows && { rows }) },
    {
      limits: JSON.parse(limits) as ReadLimits, // As the ledger keeps them.
      writer,
      folder: work,
      nextFileId: () => next++,
      handOut: () => undefined,
      onBytes: () => undefined,
    },
  );
  const result = results.find((one) => one.member === member);
  if (result?.table !== undefined) return { table: result.table };
  return result && found.get(result.fileId);
};
