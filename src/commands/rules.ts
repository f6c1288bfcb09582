/** `trailscope rules list`: the rules that scope and check run. */
import { rulesJson, rulesText } from '../report/lists.ts';
import { loadRules } from '../rules/rule.ts';
import type { World } from './program.ts';

export const listRules = async (world: World, options: { format: 'table' | 'json' }): Promise<number> => {
  const rules = loadRules().map(({ id, pack, title, severity, category, attack, covers, why, misses }) => ({
    id,
    pack,
    title,
    severity,
    category,
    attack,
    covers,
    why,
    misses,
  }));
  await world.stdout(
    options.format === 'json' ? rulesJson(rules) : rulesText(rules, { width: world.width, colour: world.colour }),
  );
  return 0;
};
