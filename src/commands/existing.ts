/** Opens a case that commands only look into. */
import { existsSync } from 'node:fs';
import { type Case, openCase } from '../case.ts';
import { TrailscopeError } from '../errors.ts';
import type { EngineOptions } from './program.ts';

/** @throws TrailscopeError where there is none */
export const requireCase = (path: string): void => {
  if (existsSync(path)) return;
  throw new TrailscopeError(
    `The case ${path} does not exist. Make one with trailscope ingest, or name it with --case.`,
  );
};

/**
 * Opens the case that `--case` names, without changing it.
 * @param writable files the engine may write
 * @throws TrailscopeError where there is none
 */
export const openExisting = async (
  { case: path, jobs, memory }: EngineOptions & { case: string },
  writable: string[] = [],
): Promise<Case> => {
  requireCase(path);
  return openCase({ path, threads: jobs, memoryMB: memory, readOnly: true, writable });
};
