/** What to remove or undo, newest first: things that scope made lean on what it made before. */
import { fill, refusal } from './commands.ts';
import type { Report } from './model.ts';
import { count, few, number, time } from './words.ts';

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
  later_deleted_by: string | null;
  later_deleted_event_id: string | null;
};

/** Longest list; what is cut is counted in the last step. */
const most = 1000;

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

export const where = ({ account, region }: Pick<Undo, 'account' | 'region'>): string =>
  [account === null ? '' : ` in account ${account}`, region === null ? '' : `, ${region}`].join('');

const idOf = ({ id, also, type }: Undo): string =>
  also === null || type.startsWith('unknown:') ? id : `${id} (${also})`;

const whatOf = (thing: Undo, removal: readonly string[], notes: readonly string[]): string => {
  const changed =
    thing.type.includes('.') ||
    /^(Attach|Set|Update|Modify|Add|Associate|Enable|Disable|Stop|Send|Start)/.test(thing.event_name);
  const verb = removal.length === 0 ? 'Look after' : changed ? 'Undo' : 'Remove';
  const made = `${thing.event_name} at ${time(thing.time)} by ${thing.created_by}`;
  const unknown = removal.length === 0 && thing.type.startsWith('unknown:') ? ' No command is known for it.' : '';
  return `${verb}: ${label(thing.type)} ${idOf(thing)}${where(thing)}; ${made}.${unknown}${notes.map((note) => ` ${note}`).join('')}`;
};

const stepOf = (thing: Undo, catalog: readonly EradicationRow[]): Eradication => {
  const removal = linesOf(catalog, thing.type, 'remove');
  const remove = fill(removal, thing);
  const preserve = fill(linesOf(catalog, thing.type, 'preserve'), thing);
  return {
    subject: idOf(thing),
    what: `${whatOf(thing, removal, linesOf(catalog, thing.type, 'note'))}${refusal(remove.refused ?? preserve.refused)}`,
    commands: remove.commands,
    preserve_first: preserve.commands,
    event_ids: [thing.event_id],
  };
};

const gone = (deleted: readonly Undo[]): Eradication[] => {
  if (deleted.length === 0) return [];
  const names = few(
    deleted.map((thing) => `${label(thing.type)} ${idOf(thing)}`),
    20,
    'thing',
  );
  return [
    {
      subject: 'already deleted or undone',
      what: `Nothing to do for ${count(deleted.length, 'thing')} that a later event deletes or undoes: ${names}.`,
      commands: [],
      preserve_first: [],
      event_ids: [...new Set(deleted.flatMap((thing) => thing.later_deleted_event_id ?? []))].slice(0, 100),
    },
  ];
};

const beyond = (cut: readonly Undo[]): Eradication[] =>
  cut.length === 0
    ? []
    : [
        {
          subject: 'further things',
          what: `${number(cut.length)} older things that scope made or changed are not listed here: see the inventories.`,
          commands: [],
          preserve_first: [],
          event_ids: [],
        },
      ];

/** @param undo newest first */
export const eradication = (undo: readonly Undo[], catalog: readonly EradicationRow[]): Eradication[] => {
  const standing = undo.filter((thing) => thing.later_deleted_event_id === null);
  return [
    ...standing.slice(0, most).map((thing) => stepOf(thing, catalog)),
    ...beyond(standing.slice(most)),
    ...gone(undo.filter((thing) => thing.later_deleted_event_id !== null)),
  ];
};
