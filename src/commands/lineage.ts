/** `trailscope lineage`: the tree of credentials that the keys given turned into. */
import { exit } from '../errors.ts';
import { trace } from '../lineage/trace.ts';
import { treeDot, treeMermaid, treeText } from '../report/tree.ts';
import { readLedger } from '../rules/ledger.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';
import { accessKeys, type WindowOptions, windowOf } from './question.ts';

type LineageOptions = EngineOptions &
  WindowOptions & { case: string; accessKey: string[]; format: 'text' | 'json' | 'dot' | 'mermaid' };

export const lineage = async (world: World, options: LineageOptions): Promise<number> => {
  const resolve = windowOf(options);
  const seeds = accessKeys(options.accessKey);
  const opened = await openExisting(options);
  try {
    const { last_event } = await readLedger(opened.db);
    const { from, to } = resolve(last_event);
    const { credentials } = await trace(opened.db, seeds, { from, to });
    const written = {
      text: () => treeText(credentials),
      json: () => `${JSON.stringify({ seeds, window: { from, to }, credentials }, null, 2)}\n`,
      dot: () => treeDot(credentials),
      mermaid: () => treeMermaid(credentials),
    }[options.format]();
    await world.stdout(written);
    return exit.ok;
  } finally {
    opened.close();
  }
};
