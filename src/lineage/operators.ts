/** Puts the use of the credentials in scope down to a few operators, by network, agent and time; what cannot be told stays undetermined. */
import { type Database, queryText } from '../database.ts';

type Way = { way: number; class: string; events: number };
/** `abroad` and `tools` speak against one person behind both ways, every other kind for it. */
type Pair = { kind: 'abroad' | 'tools' | 'place' | 'issued' | 'agent'; way: number; other: number };

/** More lanes than these are not read; the rest is counted together. */
const mostOperators = 5;
const others = 'others';

/**
 * Joins ways that are one person's, the strongest sign first, and never two that one person cannot have been.
 * @param pairs strongest first
 * @returns groups of way numbers, each in order, by their first
 */
const groupWays = (ways: readonly Way[], pairs: readonly Pair[]): number[][] => {
  const groupOf = new Map(ways.map(({ way }) => [way, [way]]));
  const against = new Map(
    pairs.flatMap(({ kind, way, other }) =>
      kind === 'abroad' || kind === 'tools' ? [[`${way} ${other}`, kind] as const] : [],
    ),
  );
  // Whoever hands a credential on may use other tools there, and cannot be in two countries either.
  const parts = (kind: Pair['kind'], a: number, b: number): boolean => {
    const why = against.get(`${Math.min(a, b)} ${Math.max(a, b)}`);
    return why === 'abroad' || (why === 'tools' && kind !== 'issued');
  };
  for (const { kind, way, other } of pairs) {
    const one = groupOf.get(way)!;
    const two = groupOf.get(other)!;
    if (kind === 'abroad' || kind === 'tools' || one === two) continue;
    if (one.some((a) => two.some((b) => parts(kind, a, b)))) continue;
    const both = [...one, ...two].toSorted((a, b) => a - b);
    for (const member of both) groupOf.set(member, both);
  }
  return [...new Set(ways.map(({ way }) => groupOf.get(way)!))];
};

/** Names by first use: the known-good operator is A; beyond the fifth, those with the fewest events are `others`. */
const nameGroups = (
  groups: readonly number[][],
  ways: readonly Way[],
  hasOwner: boolean,
): { way: number; operator: string }[] => {
  const byWay = new Map(ways.map((way) => [way.way, way]));
  const weigh = (group: readonly number[]) => ({
    actor: group.some((way) => byWay.get(way)!.class === 'actor'),
    events: group.reduce((sum, way) => sum + byWay.get(way)!.events, 0),
  });
  const taken = hasOwner ? 1 : 0;
  const kept = new Set(
    groups
      .map((group) => ({ group, ...weigh(group) }))
      .toSorted((a, b) => Number(b.actor) - Number(a.actor) || b.events - a.events || a.group[0]! - b.group[0]!)
      .slice(0, mostOperators - taken)
      .map(({ group }) => group),
  );
  let next = taken;
  return groups.flatMap((group) => {
    const operator = kept.has(group) ? String.fromCharCode(65 + next++) : others;
    return group.map((way) => ({ way, operator }));
  });
};

/** Writes operators and operator_ways anew. After useKnownGood, since what the file names is known. */
export const findOperators = async (db: Database): Promise<void> => {
  for (const step of ['cells', 'judge', 'doubt', 'ways']) await db.run(queryText(`steps/operators/${step}`));
  const ways = await db.rows<Way>('SELECT way, class, events FROM clusterable ORDER BY way');
  const pairs = await db.rows<Pair>(queryText('steps/operators/pairs'));
  const [owner] = await db.rows("SELECT 1 FROM classed_ways WHERE class = 'owner' LIMIT 1");
  const assigned = nameGroups(groupWays(ways, pairs), ways, owner !== undefined);
  await db.insert('assigned', assigned);
  await db.run(queryText('steps/operators/assign'));
};

/** Forgets those of an earlier run: without seeds there is nobody to tell apart. */
export const forgetOperators = async (db: Database): Promise<void> =>
  void (await db.run('DELETE FROM operators; DELETE FROM operator_ways'));
