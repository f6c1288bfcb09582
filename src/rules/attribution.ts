/** Tells the owner's use of the credentials from the actor's, where earlier use allows it; what cannot be told is a class of its own. */
import type { Database } from '../database.ts';
import { queryText } from '../database.ts';
import { networkOf, parseAddress } from '../events/numbers.ts';

const classes = ['actor', 'undetermined', 'owner'] as const;
type Class = (typeof classes)[number];

type Use = {
  class: Class;
  /** The comparison that gave the class. */
  reason: string;
  /** In CIDR notation, /24 or /48; null where an AWS service called. */
  network: string | null;
  /** Family of the user agent. */
  agent: string | null;
  events: number;
  first_seen: string | null;
  last_seen: string | null;
  addresses: string[];
  credentials: string[];
};

type Attribution = {
  /** Without a window, or use before it, there is nothing to compare with. */
  compared: boolean;
  uses: Use[];
  /** Of each class: how many of the report's rows rest on an event of it. A row may rest on events of several classes. */
  totals: { class: Class; events: number; created: number; backdoors: number; secrets: number }[];
};

/** Event ids by what they count as in the totals. */
type Counted = Record<'created' | 'backdoors' | 'secrets', string[][]>;

const addressesOf = `
  SELECT DISTINCT source_ip_address AS address FROM scope_events WHERE source_kind IN ('public', 'private')
  UNION
  SELECT DISTINCT source_ip_address FROM baseline_events WHERE source_kind IN ('public', 'private')
  ORDER BY address`;

/** @param counted the events that each row of an inventory rests on */
export const attribute = async (db: Database, counted: Counted): Promise<Attribution> => {
  const [before] = await db.rows<{ compared: boolean }>(
    "SELECT EXISTS (FROM baseline_events WHERE source_kind IN ('public', 'private')) AS compared",
  );
  const addresses = await db.rows<{ address: string }>(addressesOf);
  const networks = JSON.stringify(
    addresses.map(({ address }) => {
      const parsed = parseAddress(address);
      return { address, network: parsed && networkOf(parsed) };
    }),
  );
  await db.run(queryText('steps/attribution'), { networks });
  const uses = await db.rows<Use>(queryText('steps/attribution-uses'));
  const asked = [...new Set(Object.values(counted).flat(2))];
  const rows = await db.rows<{ event_id: string; class: Class }>(
    'SELECT DISTINCT event_id, class FROM attributed WHERE list_contains($asked, event_id) ORDER BY event_id',
    { asked },
  );
  await db.run('DROP TABLE temp.attributed');
  const classOf = new Map(rows.map((row) => [row.event_id, row.class]));
  const resting = (of: Class, groups: string[][]): number =>
    groups.filter((ids) => ids.some((id) => classOf.get(id) === of)).length;
  return {
    compared: before?.compared ?? false,
    uses: uses.map((use) => ({ ...use, addresses: use.addresses ?? [] })),
    totals: classes.map((name) => ({
      class: name,
      events: uses.reduce((sum, use) => sum + (use.class === name ? use.events : 0), 0),
      created: resting(name, counted.created),
      backdoors: resting(name, counted.backdoors),
      secrets: resting(name, counted.secrets),
    })),
  };
};
