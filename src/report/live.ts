/** What each credential is worth once the seed is stopped: when it ends, whether stopping the seed ends it, and which step does. */
import { accountOf } from './commands.ts';
import type { Report } from './model.ts';
import { isFederated, isPermissionSet, isRoot, roleOf, userOf } from './names.ts';
import { deadEnds } from './tree.ts';

type Credential = Report['credentials'][number];
type Live = Report['live'][number];
type Step = Report['containment'][number];

/** Of one credential, from the evidence. */
export type Expiry = {
  access_key_id: string;
  expires_at: string | null;
  expires_by: 'answer' | 'duration' | null;
  /** The call that deactivated or deleted the key, where none enabled it again, or that deleted its role or user. */
  deactivated_event_id: string | null;
  deactivated_at: string | null;
};

const hours = 3600;

/**
 * The longest that a credential of its kind lives, in seconds from its issue; null where it has no end, or is renewed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
 */
const kinds = {
  'long-lived key': { limit: null, stop: 'Deactivate it; nothing else ends it.' },
  'service credential': { limit: null, stop: 'Deny everything to its user, and delete it.' },
  'session token': { limit: 36 * hours, stop: 'Deny everything to its user: it outlives the key that fetched it.' },
  'federation token': { limit: 36 * hours, stop: 'Deny everything to the user who fetched it: it outlives the key.' },
  'root session': {
    limit: 36 * hours,
    stop: 'No identity policy denies it: an SCP does in a member account, nothing in the management account.',
  },
  'assumed root': { limit: 900, stop: 'It ends by itself within 15 minutes; an SCP denies it at once.' },
  'console session': {
    limit: 12 * hours,
    stop: 'Deny its user, or revoke the sessions of its role: signing out or a new password does not end it.',
  },
  'portal sign-in': {
    limit: null,
    stop: 'Delete the portal sessions of its user in Identity Center; the role sessions it opened go on.',
  },
  'service session': {
    limit: null,
    stop: 'AWS renews it as long as the machine, function or job runs: stop that or take its role away, and revoke the role’s sessions.',
  },
  'permission-set session': {
    limit: 12 * hours,
    stop: 'Its role cannot be edited in IAM: deny its user by an SCP, or remove the assignment and delete the portal sessions.',
  },
  'role session': { limit: 12 * hours, stop: 'Revoke the sessions of its role: a deny on tokens issued before now.' },
  'key of a service': { limit: null, stop: 'It ends with the credential that the service acts for.' },
} as const;

type Kind = keyof typeof kinds;

const kindOf = (row: Credential): Kind => {
  if (row.edge === 'forwarded') return 'key of a service';
  if (row.kind === 'long_lived') return 'long-lived key';
  if (row.edge === 'bearer' || row.access_key_id.endsWith('/bearer')) return 'service credential';
  if (row.kind === 'session' && row.principal === null) return 'portal sign-in';
  if (row.via_event_name === 'AssumeRoot') return 'assumed root';
  if (isRoot(row.principal)) return 'root session';
  if (isPermissionSet(row.principal)) return 'permission-set session';
  if (row.kind === 'session' || row.edge === 'console') return 'console session';
  if (['host', 'code', 'passed'].includes(row.edge) || row.note === 'issued_by_service') return 'service session';
  if (isFederated(row.principal)) return 'federation token';
  return roleOf(row.principal) === null ? 'session token' : 'role session';
};

/** The step that stops it; of a key that a service uses, the one of the credential it acts for. */
const stepOf = (row: Credential, all: Map<string, Credential>, steps: readonly Step[], depth = 0): Step | undefined => {
  const issuer = all.get(row.issued_by ?? '');
  if (row.edge === 'forwarded') return issuer && depth < all.size ? stepOf(issuer, all, steps, depth + 1) : undefined;
  const owner = isFederated(row.principal) ? (issuer?.principal ?? null) : row.principal;
  const subjects =
    row.kind === 'long_lived' ? [row.access_key_id] : [roleOf(owner), userOf(owner), owner, row.access_key_id];
  return steps.find(
    (step) =>
      subjects.includes(step.subject) &&
      (step.account === null || accountOf(owner) === null || step.account === accountOf(owner)),
  );
};

/** Used after its end: the record contradicts itself, so nothing is said. */
const stateOf = (
  row: Credential,
  known: Expiry | undefined,
  latest: string | null,
  asOf: string | null,
): Live['state'] => {
  const ends: [Live['state'], string | null | undefined][] = [
    ['deactivated', known?.deactivated_at],
    ['expired', latest],
  ];
  for (const [state, end] of ends) {
    if (end === null || end === undefined || (asOf !== null && end > asOf)) continue;
    return row.last_seen !== null && row.last_seen > end && row.events > 0 ? 'unknown' : state;
  }
  return 'live';
};

const after = (time: string, seconds: number): string =>
  new Date(Date.parse(time) + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

export type LiveParts = Pick<Report, 'generated' | 'credentials' | 'containment'>;

/** One row a credential in scope, in the order of the lineage. */
export const live = ({ generated, credentials, containment }: LiveParts, expiries: readonly Expiry[]): Live[] => {
  const all = new Map(credentials.map((row) => [row.access_key_id, row]));
  const expiryOf = new Map(expiries.map((row) => [row.access_key_id, row]));
  return credentials
    .filter((row) => row.in_scope)
    .map((row) => {
      const kind = kindOf(row);
      const known = expiryOf.get(row.access_key_id);
      const { limit: longest, stop } = kinds[kind];
      // Whose issue is not known may be a service's, which AWS renews.
      const limit = deadEnds.includes(row.note ?? '') && kind === 'role session' ? null : longest;
      // The second in which a session was made stands in its name; the event that led to it may be days older.
      const made =
        (row.session ?? row.access_key_id).match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)?.[0] ??
        (row.edge === 'key' ? row.issued_at : null);
      const atLatest = limit !== null && made !== null ? after(made, limit) : null;
      const expires_at = known?.expires_at ?? atLatest;
      return {
        access_key_id: row.access_key_id,
        kind,
        last_seen: row.last_seen,
        expires_at,
        expires_by: known?.expires_by ?? (atLatest === null ? null : 'limit'),
        state: stateOf(row, known, expires_at, generated.as_of),
        deactivated_event_id: known?.deactivated_event_id ?? null,
        stopped_by_seed:
          row.hop === 0
            ? kind === 'long-lived key'
            : kind === 'key of a service' &&
              all.get(row.issued_by ?? '')?.hop === 0 &&
              all.get(row.issued_by ?? '')?.kind === 'long_lived',
        stop,
        step: stepOf(row, all, containment)?.title ?? null,
      };
    });
};
