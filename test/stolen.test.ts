/** Two months of 200 credentials, ten stolen in ten ways: what the rules on addresses find of it, miss, and cry over. */
import { expect, it } from 'vitest';
import { measure } from './stolen-measure.ts';
import { stolenStory } from './stolen-story.ts';

it('ten thefts among innocent change: found, missed and false alarms by kind', async () => {
  const { table, found, missed } = await measure(stolenStory(1));
  console.log(table);
  expect(missed).toEqual(["on the owner's VPN, same tools"]);
  expect(found).toHaveLength(9);
});
