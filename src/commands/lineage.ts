/** `trailscope lineage`: the tree of credentials that the keys given turned into. */
import { exit } from '../errors.ts';
import { candidatesAt } from '../lineage/addresses.ts';
import { resolveSeeds } from '../lineage/seeds.ts';
import { trace } from '../lineage/trace.ts';
import type { Grade } from '../lineage/walk.ts';
import { treeText } from '../report/tree-text.ts';
import { treeDot, treeMermaid } from '../report/tree.ts';
import { readLedger } from '../rules/ledger.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';
import { askedOf, type SeedOptions, type WindowOptions, windowOf } from './question.ts';

type LineageOptions = EngineOptions &
  WindowOptions &
  SeedOptions & { case: string; minConfidence: Grade; format: 'text' | 'json' | 'dot' | 'mermaid' };

export const lineage = async (world: World, options: LineageOptions): Promise<number> => {
  const resolve = windowOf(options);
  const asked = askedOf(options);
  const opened = await openExisting(options);
  try {
    const { last_event } = await readLedger(opened.db);
    const { credentials: seeds, from: start } = await resolveSeeds(opened.db, asked);
    const window = resolve(last_event);
    const { from, to } = { from: window.from ?? start, to: window.to };
    const { credentials } =
      asked.addresses.length > 0
        ? await candidatesAt(opened.db, asked.addresses, { from, to })
        : await trace(opened.db, seeds, { from, to }, options.minConfidence);
    const written = {
      text: () => treeText(credentials, world.outputIsTerminal ? world.width : Infinity),
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
