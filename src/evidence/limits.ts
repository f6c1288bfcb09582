/** What reading refuses to take more of: hostile or damaged files must cost neither the machine nor the other files. */
import type { ContentLimits } from './content.ts';
import type { SplitLimits } from './split.ts';

export type ReadLimits = ContentLimits & SplitLimits & { maxEntries: number };

/** Far above what any export needs, far below what a machine cannot bear. */
export const defaultLimits: ReadLimits = {
  maxRecordBytes: 16 << 20,
  maxDepth: 1000,
  maxInflatedBytes: 64e9,
  maxRatio: 1000,
  maxEntries: 1_000_000,
};
