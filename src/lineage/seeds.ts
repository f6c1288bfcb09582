/** From what was asked about to the credentials to follow: keys, principals by any of their names, events to start from. */
import { type Database, queryText } from '../database.ts';
import { TrailscopeError } from '../errors.ts';

export type Asked = {
  /** Access key ids, as typed. */
  accessKeys: string[];
  /** ARNs, names or ids of users, roles and sessions; `root` or an account id for the root of an account. */
  principals: string[];
  /** eventIDs: what their credentials did from then on. */
  events: string[];
  /** Addresses and ranges in CIDR notation, alone: what came from them, with nothing followed. */
  addresses: string[];
};

export type Seeds = {
  /** Credentials, each once. */
  credentials: string[];
  /** RFC 3339 in UTC: time of the first event asked about; null where there is none, or it bears no time. */
  from: string | null;
};

/** One edit away, the same but for case, or a part of it: what a mistyped name may have meant. */
export const lookAlikes = (asked: string, known: string[]): string[] =>
  known.filter((other) => {
    if (other.toUpperCase() === asked.toUpperCase()) return true;
    if (Math.abs(other.length - asked.length) > 1) return false;
    let start = 0;
    while (start < asked.length && asked[start] === other[start]) start++;
    let end = 0;
    while (end < Math.min(asked.length, other.length) - start && asked.at(-1 - end) === other.at(-1 - end)) end++;
    return Math.max(asked.length, other.length) - start - end <= 2;
  });

const mostNear = 5;

const refusePrincipal = async (db: Database, principal: string): Promise<never> => {
  const rows = await db.rows<{ name: string }>(
    `SELECT DISTINCT unnest([identity_arn, session_issuer_arn, user_name, session_issuer_user_name, split_part(principal_id, ':', 1),
       split_part(principal_id, ':', 2)]) AS name FROM events ORDER BY name`,
  );
  const names = rows.flatMap(({ name }) => name ?? []);
  const near = [
    ...new Set([
      ...lookAlikes(principal, names),
      ...names.filter((name) => principal.length > 2 && name.toLowerCase().includes(principal.toLowerCase())),
    ]),
  ].slice(0, mostNear);
  throw new TrailscopeError(
    `No call with a credential is by a principal ${principal}. ${
      near.length > 0
        ? `Similar ones are: ${near.join(', ')}.`
        : 'Run trailscope summary to see who the evidence knows.'
    } Give an ARN, name or id of a user, role or session.`,
  );
};

const ofPrincipal = async (db: Database, principal: string): Promise<string[]> => {
  for (const step of ['steps/principal-credentials', 'steps/principal-issued']) {
    const rows = await db.rows<{ credential: string }>(queryText(step), { principal });
    if (rows.length > 0) return rows.map(({ credential }) => credential);
  }
  return refusePrincipal(db, principal);
};

const ofEvent = async (db: Database, event: string): Promise<{ credential: string; time: string | null }> => {
  // Who comes from outside shows no credential, and may be given one.
  const [row] = await db.rows<{ credential: string | null; time: string | null }>(
    `SELECT coalesce(credential, issued_access_key_id) AS credential, event_time AS time
     FROM signed_events WHERE event_id = $event`,
    { event },
  );
  if (row === undefined)
    throw new TrailscopeError(
      `No event ${event} is in the evidence. Check the eventID, and that its logs were loaded.`,
    );
  if (row.credential === null)
    throw new TrailscopeError(
      `The event ${event} shows no credential and issues none, so nothing can be followed from it. Give an access key, a principal or another event.`,
    );
  return { credential: row.credential, time: row.time };
};

/** @throws TrailscopeError (exit 2) where a principal or event is not in the evidence, or shows no credential */
export const resolveSeeds = async (db: Database, asked: Asked): Promise<Seeds> => {
  const credentials = new Set(asked.accessKeys);
  for (const principal of asked.principals)
    for (const credential of await ofPrincipal(db, principal)) credentials.add(credential);
  let untimed = false;
  let first: string | null = null;
  for (const event of asked.events) {
    const { credential, time } = await ofEvent(db, event);
    credentials.add(credential);
    if (time === null) untimed = true;
    else if (first === null || time < first) first = time;
  }
  // Only where nothing but events was asked about: all use of a key or a principal is in scope.
  const bounded = asked.accessKeys.length + asked.principals.length === 0 && !untimed;
  return { credentials: [...credentials], from: bounded ? first : null };
};
