/** What rests on whose use: the report's rows by the class of the events behind them. */
import type { Database } from '../database.ts';
import { queryText } from '../database.ts';

const classes = ['actor', 'undetermined', 'owner'] as const;
type Class = (typeof classes)[number];

type Use = {
  /** Null where it cannot be told which one. */
  operator: string | null;
  class: Class;
  /** The comparison that gave the class. */
  reason: string;
  /** In CIDR notation, /24 or /48; null where an AWS service called, or the source cannot be placed. */
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

/**
 * After findOperators.
 * @param counted the events that each row of an inventory rests on
 */
export const attribute = async (db: Database, counted: Counted): Promise<Attribution> => {
  const [before] = await db.rows<{ compared: boolean }>(
    "SELECT EXISTS (FROM normal WHERE aspect = 'address' AND kind <> 'credential') AS compared",
  );
  const uses = await db.rows<Use>(queryText('steps/attribution-uses'));
  const asked = [...new Set(Object.values(counted).flat(2))];
  const rows = await db.rows<{ event_id: string; class: Class }>(
    'SELECT event_id, class FROM operator_events WHERE list_contains($asked, event_id) ORDER BY event_id',
    { asked },
  );
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
