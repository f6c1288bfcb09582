/** From seeds to scope: follows the credentials and writes what the rules read. */
import { type Database, queryText, quoted } from '../database.ts';
import { candidatesAt } from './addresses.ts';
import { learnNormal } from './normal.ts';
import { type Credential, trace } from './trace.ts';
import type { Grade, Window } from './walk.ts';

type Unresolved = {
  access_key_id: string;
  principal: string | null;
  events: number;
  first_seen: string | null;
  last_seen: string | null;
  ips: string[];
  services: string[];
  reason: string;
};

/** What is asked about, and the time that tells what was normal: without any, what lies before the window. */
export type Asking = Window & { normal?: Window | undefined };

export type Scope = {
  credentials: Credential[];
  unresolved: Unresolved[];
  seeds: { access_key_id: string; occurs: boolean; principal: string | null }[];
};

const tableRow = ({
  first_seen: _f,
  last_seen: _l,
  events: _e,
  known_before: _k,
  regions: _r,
  ips: _i,
  ...row
}: Credential): Record<string, unknown> => row;

/** Writes what the rules read; gives the credentials with what was known of their addresses before. */
const fill = async (
  db: Database,
  credentials: Credential[],
  { normal, ...window }: Asking,
  fillScoped: () => Promise<unknown>,
): Promise<Credential[]> => {
  await db.run(
    'DELETE FROM credentials; DELETE FROM consequences; DELETE FROM scoped; DELETE FROM baselined; DELETE FROM learned_span',
  );
  await db.insert('credentials', credentials.map(tableRow));
  await fillScoped();
  await db.run(
    'CREATE OR REPLACE VIEW scope_events AS SELECT * FROM scoped; CREATE OR REPLACE VIEW baseline_events AS SELECT * FROM baselined',
  );
  const before = normal ?? (window.from === null ? undefined : { from: null, to: window.from });
  if (before) await db.run(queryText('steps/baseline'), { ...before });
  await learnNormal(db);
  const known = await db.rows<{ credential: string; events: number }>(queryText('steps/known-before'));
  const knownOf = new Map(known.map(({ credential, events }) => [credential, events]));
  return credentials.map((row) => ({ ...row, known_before: knownOf.get(row.access_key_id) ?? 0 }));
};

/**
 * What came from addresses; follows nothing, and fills the same tables.
 * @param asked addresses and ranges in CIDR notation
 * @throws TrailscopeError (exit 2) where nothing came from them
 */
export const scopeToAddresses = async (db: Database, asked: string[], asking: Asking): Promise<Scope> => {
  const { normal: _normal, ...window } = asking;
  const { addresses, credentials } = await candidatesAt(db, asked, window);
  const counted = await fill(db, credentials, asking, () =>
    db.run(queryText('steps/scope-addresses'), { ...window, addresses }),
  );
  return { credentials: counted, unresolved: [], seeds: [] };
};

/**
 * Follows the seeds and fills credentials, scoped and baselined.
 * @param window RFC 3339 in UTC
 * @param weakest the least proven edge that is followed
 * @throws TrailscopeError (exit 2) where no seed occurs in the evidence
 */
export const scopeTo = async (
  db: Database,
  seeds: string[],
  asking: Asking,
  weakest: Grade = 'strong',
): Promise<Scope> => {
  const { normal: _normal, ...window } = asking;
  const { credentials, occurring } = await trace(db, seeds, window, weakest);
  const counted = await fill(db, credentials, asking, () => db.run(queryText('steps/scope-seeds'), window));
  const unresolved = await db.rows<Unresolved>(queryText('steps/unresolved'), window);
  return {
    credentials: counted,
    unresolved: unresolved.map((row) => ({ ...row, ips: row.ips ?? [], services: row.services ?? [] })),
    seeds: seeds.map((key) => ({
      access_key_id: key,
      occurs: occurring.has(key),
      principal: credentials.find((credential) => credential.access_key_id === key)?.principal ?? null,
    })),
  };
};

/** What was normal is not copied where everything is in scope: it may be half of all events. Times stand in the view as they are, so that the engine skips what lies outside. */
const baselineView = ({ from, to }: Window): string => {
  const inside = [
    ...(from === null ? [] : [`event_time >= TIMESTAMP ${quoted(from)}`]),
    ...(to === null ? [] : [`event_time < TIMESTAMP ${quoted(to)}`]),
  ];
  return `CREATE OR REPLACE VIEW baseline_events AS SELECT * FROM events WHERE ${[...inside, 'event_time IS NOT NULL', 'invoked_by IS NULL', 'coalesce(session_issuer_arn, identity_arn, account_id) IS NOT NULL'].join(' AND ')}`;
};

/**
 * Without seeds: every event is in scope.
 * @param normal the time in which nothing was stolen yet; what is learned from it stays in scope
 */
export const scopeToAll = async (db: Database, normal?: Window): Promise<void> => {
  await db.run(queryText('steps/scope-all'));
  if (normal) {
    await db.run(queryText('steps/baseline-span'), { ...normal });
    await db.run(baselineView(normal));
  }
  await learnNormal(db);
};
