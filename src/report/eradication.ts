/** What to remove or undo, newest first: things that scope made lean on what it made before. */
import { accountId, fill, refusal } from './commands.ts';
import type { Report } from './model.ts';
import { brief, byWhom, number, time } from './words.ts';

type Eradication = Report['eradication'][number];

/** One line of queries/catalog/eradication.csv; `line` orders those of one type and phase (preserve, remove, note). */
export type EradicationRow = { type: string; phase: string; line: string; command: string };

/** A thing that scope made or changed and that came to be, with the two parts of its id; see rules/inventories.ts. */
export type Undo = {
  type: string;
  id: string;
  name: string;
  also: string | null;
  account: string | null;
  region: string | null;
  created_by: string;
  event_id: string;
  event_name: string;
  time: string | null;
  known_before: boolean;
  later_deleted_by: string | null;
  later_deleted_event_id: string | null;
};

/** Longest list; what is cut is counted in the last step. */
const most = 1000;

/** Said of every step on what may not be the doing of whoever took the key. */
export const mayBeOwners =
  "From an address that this principal used before the window: it may be the owner's. Check first.";

export const linesOf = (catalog: readonly EradicationRow[], type: string, phase: string): string[] =>
  catalog
    .filter((row) => row.type === type && row.phase === phase)
    .toSorted((a, b) => Number(a.line) - Number(b.line))
    .map((row) => row.command);

/** `AWS::IAM::Role.TrustPolicy` as `IAM Role trust policy`. */
export const label = (type: string): string =>
  type
    .replace(/^AWS::/, '')
    .replaceAll('::', ' ')
    .replace(/^unknown:([^:]*):(.*)$/, 'thing made by $1 $2')
    .replace(
      /\.([A-Za-z]+)$/,
      (_match, part: string) => ` ${part.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()}`,
    );

const where = ({ account, region }: Pick<Undo, 'account' | 'region'>): string =>
  [account === null ? '' : `account ${account}`, region ?? ''].filter(Boolean).join(', ');

const isUnknown = ({ type }: Undo): boolean => type.startsWith('unknown:');

const idOf = (thing: Undo): string =>
  thing.also === null || isUnknown(thing) ? thing.id : `${thing.id} (${thing.also})`;

const nameOf = (thing: Undo): string =>
  thing.also === null || isUnknown(thing) ? brief(thing.name) : `${brief(thing.name)} (${brief(thing.also)})`;

const verbOf = (thing: Undo, removal: readonly string[]): string => {
  if (removal.length === 0) return 'Look after';
  const changed =
    thing.type.includes('.') ||
    /^(Attach|Set|Update|Modify|Add|Associate|Enable|Disable|Stop|Send|Start)/.test(thing.event_name);
  return changed ? 'Undo' : 'Remove';
};

const stepOf = (thing: Undo, catalog: readonly EradicationRow[]): Eradication => {
  const removal = linesOf(catalog, thing.type, 'remove');
  const remove = fill(removal, thing);
  const preserve = fill(linesOf(catalog, thing.type, 'preserve'), thing);
  const made = `${thing.event_name} at ${time(thing.time)} by ${thing.created_by}${placed(thing)}.`;
  const unknown = removal.length === 0 && isUnknown(thing) ? ['No command is known for it.'] : [];
  return {
    state: 'to_do',
    subject: idOf(thing),
    title: `${verbOf(thing, removal)} ${label(thing.type)} ${nameOf(thing)}`,
    what:
      [made, ...unknown, ...linesOf(catalog, thing.type, 'note')].join(' ') +
      refusal(remove.refused ?? preserve.refused),
    caution: thing.known_before ? mayBeOwners : null,
    account: accountId(thing.account),
    commands: remove.commands,
    preserve_first: preserve.commands,
    event_ids: [thing.event_id],
  };
};

const placed = (thing: Undo): string => (where(thing) === '' ? '' : `, in ${where(thing)}`);

const settled = (thing: Undo): Eradication => ({
  state: 'settled',
  subject: idOf(thing),
  title: `${label(thing.type)} ${nameOf(thing)}`,
  what: `deleted or undone later by ${byWhom(thing)}`,
  caution: null,
  account: accountId(thing.account),
  commands: [],
  preserve_first: [],
  event_ids: [thing.event_id, ...(thing.later_deleted_event_id === null ? [] : [thing.later_deleted_event_id])],
});

const beyond = (cut: readonly unknown[], what: string): Eradication[] =>
  cut.length === 0
    ? []
    : [
        {
          state: 'open',
          subject: 'further things',
          title: 'Further things',
          what: `${number(cut.length)} older things that scope ${what} are not listed here: see the inventories.`,
          caution: null,
          account: null,
          commands: [],
          preserve_first: [],
          event_ids: [],
        },
      ];

/** What may be the owner's own work comes last. @param undo newest first */
export const eradication = (undo: readonly Undo[], catalog: readonly EradicationRow[]): Eradication[] => {
  const standing = undo.filter((thing) => thing.later_deleted_event_id === null);
  const gone = undo.filter((thing) => thing.later_deleted_event_id !== null);
  const ordered = [
    ...standing.filter((thing) => !thing.known_before),
    ...standing.filter((thing) => thing.known_before),
  ];
  return [
    ...ordered.slice(0, most).map((thing) => stepOf(thing, catalog)),
    ...beyond(ordered.slice(most), 'made or changed'),
    ...gone.slice(0, most).map(settled),
    ...beyond(gone.slice(most), 'made or changed and that are deleted or undone'),
  ];
};
