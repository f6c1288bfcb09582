/** Traces seeds through the events: every credential they turned into, how each was used, and by which call it was issued. */
import { type Database, queryText } from '../database.ts';
import { TrailscopeError } from '../errors.ts';
import { lookAlikes } from './seeds.ts';
import { type Edge, type Grade, grades, type Reached, walk, type Window } from './walk.ts';

export type Credential = {
  access_key_id: string;
  session: string | null;
  kind: 'long_lived' | 'temporary' | 'session' | 'other';
  hop: number;
  issued_by: string | null;
  issued_at: string | null;
  via_event_id: string | null;
  via_event_name: string | null;
  edge: string;
  confidence: Reached['confidence'];
  in_scope: boolean;
  note: string | null;
  principal: string | null;
  first_seen: string | null;
  last_seen: string | null;
  events: number;
  /** Of these, from addresses that its principal used before the window. */
  known_before: number;
  regions: string[];
  ips: string[];
};

type Use = {
  key: string;
  events: number;
  first_seen: string | null;
  last_seen: string | null;
  principal: string | null;
  session: string | null;
  dead_end: string;
  regions: string[] | null;
  ips: string[] | null;
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
const kindOf = (key: string): Credential['kind'] =>
  key.startsWith('AKIA')
    ? 'long_lived'
    : key.startsWith('ASIA')
      ? 'temporary'
      : key.includes('/') || /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(key)
        ? 'session'
        : 'other';

const noteOf = (reached: Reached, use: Use | undefined): string | null => {
  if (reached.note) return reached.note;
  if (!use) return 'never_used';
  return reached.via ? null : use.dead_end;
};

const credentialOf = (reached: Reached, use: Use | undefined): Credential => ({
  access_key_id: reached.access_key_id,
  session: use?.session ?? null,
  kind: kindOf(reached.access_key_id),
  hop: reached.hop,
  issued_by: reached.via?.issuer ?? null,
  issued_at: reached.via?.event_time ?? null,
  via_event_id: reached.via?.event_id ?? null,
  via_event_name: reached.via?.event_name ?? null,
  edge: reached.hop === 0 ? 'seed' : (reached.via?.edge ?? 'key'),
  confidence: reached.confidence,
  in_scope: reached.in_scope,
  note: noteOf(reached, use),
  principal: use?.principal ?? reached.via?.principal ?? null,
  first_seen: use?.first_seen ?? null,
  last_seen: use?.last_seen ?? null,
  events: use?.events ?? 0,
  known_before: 0,
  regions: use?.regions ?? [],
  ips: use?.ips ?? [],
});

/** Which seeds occur at all, as a signer or as an issued key. */
const findSeeds = async (db: Database, keys: string[]): Promise<Set<string>> => {
  const rows = await db.rows<{ key: string }>(
    `SELECT DISTINCT unnest([credential, issued_access_key_id]) AS key
     FROM signed_events
     WHERE list_contains($keys, access_key_id) OR list_contains($keys, issued_access_key_id)
       OR (access_key_id IS NULL AND list_contains($keys, credential))`,
    { keys },
  );
  const asked = new Set(keys);
  return new Set(rows.flatMap(({ key }) => (asked.has(key) ? key : [])));
};

const refuseUnknown = async (db: Database, keys: string[]): Promise<never> => {
  const [masked] = await db.rows<{ key: string }>(
    'SELECT key FROM (SELECT unnest($keys::VARCHAR[]) AS key) WHERE unmasked(key) IS NULL',
    { keys },
  );
  if (masked)
    throw new TrailscopeError(
      `The access key ${masked.key} is masked: different keys look alike under it, so nothing can be followed from it. Ask about a principal, an event or an address.`,
    );
  const rows = await db.rows<{ key: string }>(
    'SELECT DISTINCT access_key_id AS key FROM events WHERE access_key_id IS NOT NULL ORDER BY key',
  );
  const near = keys
    .flatMap((key) =>
      lookAlikes(
        key,
        rows.map((row) => row.key),
      ),
    )
    .slice(0, 5);
  const hint =
    near.length > 0
      ? `Similar keys do: ${near.join(', ')}.`
      : `The evidence holds ${rows.length} other access ${rows.length === 1 ? 'key' : 'keys'}.`;
  throw new TrailscopeError(
    `No event names the access key ${keys.join(', ')}. ${hint} Check the id and that the logs cover its account and time.`,
  );
};

/**
 * How each was used, in the order given.
 * @param addresses as logged: only use from these counts; null for use from anywhere
 */
export const usedCredentials = async (
  db: Database,
  reached: Reached[],
  window: Window,
  addresses: string[] | null = null,
): Promise<Credential[]> => {
  const credentials = JSON.stringify(reached.map(({ access_key_id, in_scope }) => ({ access_key_id, in_scope })));
  const uses = await db.rows<Use>(queryText('steps/credential-use'), { ...window, credentials, addresses });
  const useOf = new Map(uses.map((use) => [use.key, use]));
  return reached.map((one) => credentialOf(one, useOf.get(one.access_key_id)));
};

export type Trace = { credentials: Credential[]; occurring: Set<string> };

/** In this order: later files build on what earlier ones found. */
const edgeFiles = [
  '00-signers',
  '10-key',
  '20-session',
  '25-login',
  '30-console',
  '35-identity',
  '40-user',
  '45-bearer',
  '50-role',
  '55-portal',
  '60-host',
  '65-fleet',
  '70-code',
  '75-passed',
  '80-forwarded',
];

const findEdges = async (db: Database, weakest: Grade): Promise<Edge[]> => {
  for (const file of edgeFiles) await db.run(queryText(`steps/edges/${file}`));
  return db.rows<Edge>(queryText('steps/lineage-edges'), { follow: grades.slice(0, grades.indexOf(weakest) + 1) });
};

/** What weak edges lead to from the credentials in scope: listed, never counted. */
const lookHere = async (db: Database, reached: Reached[], window: Window): Promise<Reached[]> => {
  const hops = new Map(reached.filter((one) => one.in_scope).map((one) => [one.access_key_id, one.hop]));
  const known = reached.map((one) => one.access_key_id);
  const edges = await db.rows<Edge>(queryText('steps/look-here'), { ...window, reached: [...hops.keys()], known });
  return edges.map((via) => ({
    access_key_id: via.issued,
    hop: (hops.get(via.issuer!) ?? 0) + 1,
    via,
    confidence: 'weak',
    in_scope: false,
    note: 'look_here',
  }));
};

/**
 * Follows the seeds without writing anything but temporary tables; `known_before` is left at 0.
 * @param window RFC 3339 in UTC
 * @param weakest the least proven edge that is followed
 * @throws TrailscopeError (exit 2) where no seed occurs in the evidence
 */
export const trace = async (
  db: Database,
  seeds: string[],
  window: Window,
  weakest: Grade = 'strong',
): Promise<Trace> => {
  const occurring = await findSeeds(db, seeds);
  if (occurring.size === 0) return refuseUnknown(db, seeds);
  const followed = walk(seeds, await findEdges(db, weakest), window);
  const reached = [...followed, ...(await lookHere(db, followed, window))];
  await db.run('DROP TABLE temp.signers; DROP TABLE temp.edges');
  const credentials = (await usedCredentials(db, reached, window)).map((one) =>
    one.hop === 0 && !occurring.has(one.access_key_id) ? { ...one, note: 'not_in_evidence' } : one,
  );
  return { credentials, occurring };
};
