/** Baselines as commands take them: saved ones, and logs that are read only to learn from. */
import { type AddressFile } from '../events/address-files.ts';
import { checkPaths } from '../evidence/find.ts';
import { type Baseline, hashOf, readBaselineFile } from '../lineage/normal.ts';
import { learnFrom } from './baseline.ts';
import type { EngineOptions, LimitOptions, World } from './program.ts';

export type NormalOptions = { baselineLogs?: string[]; normal?: string[] };

/** @throws TrailscopeError where a saved baseline is none, or the logs tell nothing */
export const readNormalOptions = async (
  world: World,
  options: NormalOptions & EngineOptions & LimitOptions,
  addressFiles: AddressFile[],
): Promise<Baseline[]> => {
  const saved = (options.normal ?? []).map(readBaselineFile);
  const paths = options.baselineLogs ?? [];
  if (paths.length === 0) return saved;
  checkPaths(paths);
  // The window's own times are of other logs.
  const { baseline } = await learnFrom(world, paths, { ...options, from: undefined, to: undefined, addressFiles });
  return [...saved, baseline];
};

/** For the custody log. */
export const normalGiven = (saved: Baseline[]): Record<string, string> =>
  saved.length === 0 ? {} : { baseline_sha256: saved.map(hashOf).join(' ') };
