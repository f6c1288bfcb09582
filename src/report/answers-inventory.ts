/** Answers read from what was made and what was handed out: what was created, and which credentials were exposed. */
import { kinds, rankOf } from './kinds.ts';
import type { Report } from './model.ts';
import { type Answer, type AnswersInput, answer, attempts, type Detail, tally } from './tally.ts';
import { bytes, byWhom, changedLater, count, number, shortName, thing, time } from './words.ts';

type Made = Report['principals'][number] | Report['resources'][number];

export const answerCreated = (report: AnswersInput): Answer => {
  const principals = report.principals.filter(isMaking);
  const named = new Set(report.principals.map((row) => row.event_id));
  // A new user can stand in both lists: the event that made it is counted once.
  const made: Made[] = [...principals, ...report.resources.filter((row) => !named.has(row.event_id))];
  const { done, attempted } = tally(made);
  const changes = tally(report.principals.filter((row) => !isMaking(row))).done.length;
  const recorded = report.coverage.management_events > 0;
  return answer({
    id: 'created',
    done: done.length === 0 ? '' : `${kinds(done.map(kindOf))} created${fates(done)}`,
    attempted: attempts(attempted),
    otherwise: recorded
      ? { state: 'none', headline: 'No creation is recorded.' }
      : { state: 'not_recorded', headline: 'Not recorded: the evidence holds no management events.' },
    details: done.toSorted((a, b) => urgency(a) - urgency(b) || rankOf(kindOf(a)) - rankOf(kindOf(b))).map(madeDetail),
    notes: changes > 0 ? [`${count(changes, 'change')} to principals (see New principals).`] : [],
    coverage: report.coverage.sentence,
  });
};

/** What still stands comes first, of that what may be the owner's last. */
const urgency = (row: Made): number => (row.later_deleted_by === null ? 0 : 2) + (row.known_before ? 1 : 0);

const fates = (rows: readonly Made[]): string => {
  const standing = rows.filter((row) => row.later_deleted_by === null);
  const owners = standing.filter((row) => row.known_before).length;
  return [
    untilNow(rows.length, rows.length - standing.length),
    owners === 0 ? '' : `, ${number(owners)} of them perhaps the owner's (from addresses known before)`,
  ].join('');
};

/** What became of things, as the end of a clause. */
export const untilNow = (all: number, deleted: number, verb = 'deleted'): string => {
  if (deleted === 0) return '; no deletion seen';
  return deleted === all
    ? `; ${all === 1 ? '' : 'all '}${verb} later`
    : `; ${number(deleted)} ${verb} later, ${number(all - deleted)} with no deletion seen`;
};

/** The list of principals also holds what was done to them, such as a policy attached. */
const isMaking = (row: Report['principals'][number]): boolean => {
  return !/^(Attach|Detach|Put|Add|Remove|Update|Set|Delete|Change|Tag|Untag|Enable|Disable|Deactivate)/.test(
    row.event_name,
  );
};

const kindOf = (row: Made): string => thing('kind' in row ? row.kind : row.type);

const madeDetail = (row: Made): Detail => {
  const gone = row.later_deleted_by === null ? '' : `; deleted later by ${byWhom(row)}`;
  const changes = changedLater(row);
  const changed = changes === '' ? '' : `; ${changes}`;
  const doubt = row.known_before ? "; from an address known before, so it may be the owner's" : '';
  return { text: `${kindOf(row)} ${nameOf(row)} at ${time(row.time)} by ${row.created_by}${changed}${gone}${doubt}` };
};

const nameOf = (row: Made): string => {
  if (!('name' in row)) return shortName(row.id);
  return row.id === null || row.id.includes(row.name) ? row.name : `${row.id} of ${row.name}`;
};

export const answerCredentials = (report: AnswersInput): Answer => {
  const secrets = tally(report.secrets.toSorted((a, b) => rankOf(thing(a.kind)) - rankOf(thing(b.kind))));
  const issued = report.credentials.filter((row) => row.in_scope && row.hop > 0);
  const certain = issued.filter((row) => row.confidence === 'certain');
  const inferred = issued.filter((row) => row.confidence === 'strong' || row.confidence === 'weak').length;
  const used = certain.filter((row) => row.events > 0).length;
  const read = kinds(
    secrets.done.map((row) => thing(row.kind)),
    'other thing that can hold secrets',
  );
  return answer({
    id: 'credentials',
    done: [
      ...(secrets.done.length > 0 ? [`${read} read`] : []),
      ...(certain.length > 0 ? [`${count(certain.length, 'credential')} issued, ${usedOf(used, certain.length)}`] : []),
    ].join('; '),
    attempted: attempts(secrets.attempted),
    otherwise: report.coverage.read_events
      ? { state: 'none', headline: 'No read of a secret and no issue of a credential is recorded.' }
      : {
          state: 'not_recorded',
          headline: 'Not recorded: the evidence holds no read-only events, which reads of secrets are.',
        },
    details: [...secrets.done.map(readDetail), ...certain.map(issuedDetail)],
    notes:
      inferred > 0
        ? [`${count(inferred, 'more credential')} tied to the scope by inference, not by a key id that AWS wrote.`]
        : [],
    coverage: report.coverage.sentence,
  });
};

const issuedDetail = (row: Report['credentials'][number]): Detail => ({
  text: `credential ${row.access_key_id} issued by ${row.via_event_name ?? 'an unnamed call'} at ${time(row.issued_at)}: ${row.events === 0 ? 'not seen used' : count(row.events, 'event')}`,
});

const usedOf = (used: number, all: number): string => {
  if (used === 0) return all === 1 ? 'not seen used' : 'none seen used';
  return used === all ? (all === 1 ? 'seen used' : 'all seen used') : `${number(used)} seen used`;
};

export const readDetail = (row: Report['secrets'][number]): Detail => {
  const objects = row.objects === null || row.objects < 2 ? '' : `${count(row.objects, 'object')} in `;
  const out = row.bytes_out === null ? '' : `, ${bytes(row.bytes_out)} out`;
  return {
    text: `${thing(row.kind)} ${shortName(row.id)}: ${objects}${count(row.calls, 'call')}${out}, first at ${time(row.first_seen)}`,
  };
};
