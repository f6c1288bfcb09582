/** Takes stock of the scope: what it made, changed, read and reached, and what others did with that later. */
import { type Database, queryText } from '../database.ts';

type Outcome = 'success' | 'denied' | 'dry_run' | 'throttled' | 'not_found' | 'failed' | 'mixed';

type Making = {
  account: string | null;
  created_by: string;
  event_id: string;
  event_name: string;
  time: string | null;
  outcome: Outcome;
  /** From an address that the same principal used before the window. */
  known_before: boolean;
  later_deleted_by: string | null;
  later_deleted_event_id: string | null;
};

/** Later calls, anyone's, that changed it and did not delete it; the last of them. */
type Changed = { later_changes: number; later_changed_by: string | null; later_changed_event_id: string | null };
type Resource = Making & Changed & { type: string; id: string; region: string | null };
type Principal = Making & Changed & { kind: string; name: string; id: string | null };

/** A thing as the worksheet needs it: made or changed, with the two parts of its id. */
export type Undo = Making & {
  /** As in queries/catalog/creates.csv; `unknown:<service>:<call>` where that does not know the call. */
  type: string;
  id: string;
  /** The last part of an ARN, or the id itself: what most commands want. */
  name: string;
  /** Second part of a compound id. */
  also: string | null;
  region: string | null;
};

type Read = {
  kind: string;
  id: string;
  account: string | null;
  region: string | null;
  outcome: Outcome;
  calls: number;
  bytes_out: number | null;
  /** Different objects of a bucket; null where the row is not about objects. */
  objects: number | null;
  credentials: string[];
  first_seen: string | null;
  last_seen: string | null;
  event_ids: string[];
};

type Consequence = {
  time: string | null;
  event_id: string;
  event_name: string | null;
  what: string[];
  actor: string | null;
  account: string | null;
  source_ip_address: string | null;
  outcome: Exclude<Outcome, 'mixed'>;
  subject: string;
  because_event_id: string;
  because_event_name: string | null;
  because_time: string | null;
  file: string;
  record_index: number;
};

export type ScopeSummary = {
  events: number;
  credentials: number;
  credentials_used: number;
  first_event: string | null;
  last_event: string | null;
  outcomes: Partial<Record<Exclude<Outcome, 'mixed'>, number>>;
};

export type Inventories = {
  resources: Resource[];
  principals: Principal[];
  secrets: Read[];
  data_access: Read[];
  consequences: Consequence[];
};

/**
 * Fills the table consequences, and reads every inventory of the scope.
 * After scopeTo or scopeToAll.
 */
export const takeInventories = async (db: Database): Promise<Inventories> => {
  for (const step of ['made', 'unmade', 'changed', 'reads', 'consequences']) await db.run(queryText(`steps/${step}`));
  return {
    resources: await db.rows<Resource>(queryText('steps/resources')),
    principals: await db.rows<Principal>(queryText('steps/principals')),
    secrets: await db.rows<Read>(queryText('steps/secrets')),
    data_access: await db.rows<Read>(queryText('steps/data-access')),
    consequences: await db.rows<Consequence>(queryText('steps/consequence-list')),
  };
};

/** Everything the scope made or changed that came to be, newest first. After takeInventories. */
export const readUndo = async (db: Database): Promise<Undo[]> => db.rows<Undo>(queryText('steps/undo'));

/** One line of queries/catalog/eradication.csv: how to remove a type of thing, and what to keep of it first. */
type EradicationLine = { type: string; phase: string; line: string; command: string };

export const readEradicationCatalog = async (db: Database): Promise<EradicationLine[]> =>
  db.rows<EradicationLine>(
    'SELECT type, phase, line, command FROM catalog_eradication ORDER BY type, phase, line::INTEGER',
  );

export const summarizeScope = async (db: Database): Promise<ScopeSummary> => {
  const [row] = await db.rows<
    Omit<ScopeSummary, 'outcomes'> & { outcomes: { outcome: Exclude<Outcome, 'mixed'>; events: number }[] | null }
  >(queryText('steps/scope-summary'));
  return {
    ...row!,
    outcomes: Object.fromEntries((row!.outcomes ?? []).map(({ outcome, events }) => [outcome, events])),
  };
};
