/** What a command says where a case holds more evidence than the paths it was given. */
import { TrailscopeError } from '../errors.ts';
import type { OtherFiles } from '../events/ingest.ts';
import { visible } from '../report/escape.ts';
import type { World } from './program.ts';

/**
 * A case that was named is added to, and that is said. One that only lies where the report goes is an earlier report's: its evidence must not
 * slip into this one.
 */
export const onOthers =
  (world: World, path: string, named: boolean) =>
  ({ files, example }: OtherFiles): void => {
    const [some, they] =
      files === 1 ? ['a file that is', 'it'] : [`${files.toLocaleString('en')} files that are`, 'them'];
    const holds = `case ${path} holds ${some} not under the paths given, or changed since loading (${visible(example)})`;
    if (named) return world.stderr(`trailscope: The ${holds}; the answer covers ${they} too.\n`);
    throw new TrailscopeError(
      `The ${holds}. Give another folder with --out, or add to that case by naming it with --case.`,
    );
  };
