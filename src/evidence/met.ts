/** Tells whether an eventID was met before, by any worker: a Bloom filter that the threads share, which takes few ids for known that are not. */

const leastWords = 1 << 12;
/** 16 MiB: room for 16,000,000 ids, of which one in 100 is taken for known. */
const mostWords = 1 << 22;
/** Bytes of evidence to a word: a packed record has about 170, and what fits a cache is asked faster. */
const bytesToWord = 1024;

export type Met = Int32Array<SharedArrayBuffer>;

/** @param bytes of all the files to read; more ids than it is made for only make it guess more often */
export const createMet = (bytes: number): Met => {
  const words = 2 ** Math.ceil(Math.log2(Math.max(1, bytes / bytesToWord)));
  return new Int32Array(new SharedArrayBuffer(4 * Math.min(mostWords, Math.max(leastWords, words))));
};

/**
 * Remembers an id. Not atomic, which takes several times as long: of two workers that meet one at once each may call it new.
 * @param high and @param low two hashes of it
 */
export const meet = (met: Met, high: number, low: number): boolean => {
  const bits =
    (1 << (low >>> 27)) | (1 << ((low >>> 22) & 31)) | (1 << ((low >>> 17) & 31)) | (1 << ((low >>> 12) & 31));
  const word = (high >>> 10) & (met.length - 1);
  const before = met[word]!;
  if ((before & bits) === bits) return true;
  met[word] = before | bits;
  return false;
};
