/** Answers read from what was made and what was handed out: what was created, and which credentials were exposed. */
import type { Report } from './model.ts';
import { type Answer, type AnswersInput, answer, attempts, tally } from './tally.ts';
import { bytes, count, few, list, number, shortName, thing, time } from './words.ts';

/** Details beyond these stand in the tables. */
const mostDetails = 8;

const mostKinds = 4;

/** What is a secret for certain comes before what can hold one. */
const surest = [
  'secret',
  'secret_batch',
  'decrypted_parameter',
  'database_credential',
  'bucket_access_key',
  'windows_password',
  'private_certificate',
  'object_with_keys',
];

type Made = Report['principals'][number] | Report['resources'][number];

export const answerCreated = (report: AnswersInput): Answer => {
  const principals = report.principals.filter(isMaking);
  const named = new Set(report.principals.map((row) => row.event_id));
  // A new user can stand in both lists: the event that made it is counted once.
  const made: Made[] = [...principals, ...report.resources.filter((row) => !named.has(row.event_id))];
  const { done, attempted } = tally(made);
  const deleted = done.filter((row) => row.later_deleted_by !== null).length;
  const changes = tally(report.principals.filter((row) => !isMaking(row)));
  const recorded = report.coverage.management_events > 0;
  return answer({
    id: 'created',
    done: [
      ...(done.length > 0 ? [`${kinds(done.map(kindOf))} created`] : []),
      ...(deleted > 0 ? [`${deleted === done.length ? 'all' : number(deleted)} deleted later`] : []),
    ].join(', '),
    attempted: attempts(attempted),
    otherwise: recorded
      ? { state: 'none', headline: 'No creation is recorded.' }
      : { state: 'not_recorded', headline: 'Not recorded: the evidence holds no management events.' },
    details: [
      ...cut(done.map(madeDetail)),
      ...(changes.done.length > 0
        ? [`${count(changes.done.length, 'change')} to principals (see New principals).`]
        : []),
    ],
    coverage: report.coverage.sentence,
  });
};

/** The list of principals also holds what was done to them, such as a policy attached. */
const isMaking = (row: Report['principals'][number]): boolean => {
  return !/^(Attach|Detach|Put|Add|Remove|Update|Set|Delete|Change|Tag|Untag|Enable|Disable|Deactivate)/.test(
    row.event_name,
  );
};

const kindOf = (row: Made): string => thing('kind' in row ? row.kind : row.type);

const madeDetail = (row: Made): string => {
  const gone = row.later_deleted_by === null ? '' : `; deleted later by ${shortName(row.later_deleted_by)}`;
  return `${kindOf(row)} ${nameOf(row)} at ${time(row.time)} by ${row.created_by}${gone}`;
};

const nameOf = (row: Made): string => {
  if (!('name' in row)) return shortName(row.id);
  return row.id === null || row.id.includes(row.name) ? row.name : `${row.id} of ${row.name}`;
};

export const answerCredentials = (report: AnswersInput): Answer => {
  const secrets = tally(report.secrets.toSorted((a, b) => sureness(a) - sureness(b)));
  const issued = report.credentials.filter((row) => row.in_scope && row.hop > 0);
  const certain = issued.filter((row) => row.confidence === 'certain');
  const inferred = issued.filter((row) => row.confidence === 'strong' || row.confidence === 'weak');
  const used = certain.filter((row) => row.events > 0).length;
  const { read_events: readsRecorded } = report.coverage;
  return answer({
    id: 'credentials',
    done: list([
      ...(secrets.done.length > 0
        ? [
            `${kinds(
              secrets.done.map((row) => thing(row.kind)),
              'other thing that can hold secrets',
            )} read`,
          ]
        : []),
      ...(certain.length > 0 ? [`${count(certain.length, 'credential')} issued, ${usedOf(used, certain.length)}`] : []),
    ]),
    attempted: attempts(secrets.attempted),
    otherwise: readsRecorded
      ? { state: 'none', headline: 'No read of a secret and no issue of a credential is recorded.' }
      : {
          state: 'not_recorded',
          headline: 'Not recorded: the evidence holds no read-only events, which reads of secrets are.',
        },
    details: [
      ...cut(secrets.done.map(readDetail)),
      ...(certain.length > 0
        ? [
            `Issued: ${few(
              certain.map((row) => row.access_key_id),
              6,
              'credential',
            )}.`,
          ]
        : []),
      ...(inferred.length > 0
        ? [
            `${count(inferred.length, 'more credential')} tied to the scope by inference, not by a key id that AWS wrote.`,
          ]
        : []),
    ],
    coverage: report.coverage.sentence,
  });
};

const sureness = (row: Report['secrets'][number]): number => {
  const rank = surest.indexOf(row.kind);
  return rank < 0 ? surest.length : rank;
};

const usedOf = (used: number, all: number): string => {
  if (used === 0) return all === 1 ? 'not seen used' : 'none seen used';
  return used === all ? (all === 1 ? 'seen used' : 'all seen used') : `${number(used)} seen used`;
};

export const readDetail = (row: Report['secrets'][number]): string => {
  const out = row.bytes_out === null ? '' : `, ${bytes(row.bytes_out)} out`;
  return `${thing(row.kind)} ${shortName(row.id)}: ${count(row.calls, 'call')}${out}, first at ${time(row.first_seen)}`;
};

/** `2 users, 1 access key and 3 EC2 Instances`, in the order of first mention; kinds beyond a few are one number. */
export const kinds = (names: readonly string[], rest = 'other thing'): string => {
  const amounts = new Map<string, number>();
  for (const name of names) amounts.set(name, (amounts.get(name) ?? 0) + 1);
  const all = [...amounts].map(([name, amount]) => ({ words: count(amount, name), amount }));
  const shown = all.length > mostKinds ? all.slice(0, mostKinds - 1) : all;
  const others = all.slice(shown.length).reduce((sum, { amount }) => sum + amount, 0);
  return list([...shown.map(({ words }) => words), ...(others > 0 ? [count(others, rest)] : [])]);
};

export const cut = (details: readonly string[]): string[] => {
  if (details.length <= mostDetails) return [...details];
  return [
    ...details.slice(0, mostDetails - 1),
    `and ${number(details.length - mostDetails + 1)} more: see the tables.`,
  ];
};
