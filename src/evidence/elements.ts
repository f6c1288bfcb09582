/** What splitting a stream of JSON is given, and what it tells. */

/** Why splitting stopped before the end of the bytes. */
export type Stop =
  | { kind: 'not_json'; offset: number }
  | { kind: 'malformed'; offset: number; reason: string }
  | { kind: 'truncated'; offset: number };

export type ElementSink = {
  /** One whole JSON object; `scanned` describes it. `container` is the key of the array it stands in, '[' for a bare array. */
  element(bytes: Buffer, start: number, end: number, offset: number, container: string | undefined): void;
  /** One element, or the cut end of the file, that is no readable object. */
  reject(
    reason: string,
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    container: string | undefined,
  ): void;
};

export type Splitter = {
  /** Takes the next bytes; `last` says that none follow. */
  push(bytes: Buffer, last: boolean): void;
  stop(): Stop | undefined;
  /** Whole documents seen so far. */
  documents(): number;
};

export type SplitLimits = { maxRecordBytes: number; maxDepth: number };
