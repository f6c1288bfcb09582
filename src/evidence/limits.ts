/** What reading refuses to take more of: hostile or damaged files must cost neither the machine nor the other files. */
import type { ContentLimits } from './content.ts';
import type { SplitLimits } from './elements.ts';

export type ReadLimits = ContentLimits & SplitLimits & { maxEntries: number };

/** The option that sets each: the reason of what crossed a limit names it. */
const optionOf: Record<keyof ReadLimits, string> = {
  maxRecordBytes: '--max-record',
  maxDepth: '--max-depth',
  maxInflatedBytes: '--max-inflated',
  maxRatio: '--max-ratio',
  maxEntries: '--max-entries',
};
const names = Object.keys(optionOf) as (keyof ReadLimits)[]; // They are the keys of the type.

/** Far above what any export needs, far below what a machine cannot bear. */
export const defaultLimits: ReadLimits = {
  maxRecordBytes: 16 << 20,
  maxDepth: 1000,
  maxInflatedBytes: 64e9,
  maxRatio: 1000,
  maxEntries: 1_000_000,
};

/** The limits that these reasons name. */
export const crossedLimits = (reasons: Iterable<string>): (keyof ReadLimits)[] => {
  const crossed = new Set<keyof ReadLimits>();
  for (const reason of reasons)
    if (reason.includes('(--max-'))
      for (const name of names) if (reason.includes(`(${optionOf[name]})`)) crossed.add(name);
  return names.filter((name) => crossed.has(name));
};

/** The limits to read a file again with, where one that something in it crossed was raised: none is lower than it was. */
export const raisedLimits = (
  earlier: ReadLimits,
  crossed: (keyof ReadLimits)[],
  now: ReadLimits,
): ReadLimits | undefined =>
  crossed.some((name) => now[name] > earlier[name])
    ? (Object.fromEntries(names.map((name) => [name, Math.max(earlier[name], now[name])])) as ReadLimits) // All its keys.
    : undefined;
