/** Owner and actor on the same credentials: how their use was told apart, and what could not be. */
import type { Report } from '../model.ts';
import { few, number } from '../words.ts';
import { amount, type Block, code, first, muted, type Section, stack, table, tag, text, time } from './blocks.ts';

type Use = Report['attribution']['uses'][number];

const names = {
  actor: 'Actor: unlike the use before the window',
  owner: 'Owner: like the use before the window',
  undetermined: 'Undetermined',
};

const className = (of: Use['class']): string => names[of].split(':')[0]!;

const order = ['actor', 'undetermined', 'owner'] as const;

export const attribution = ({ attribution: { compared, uses, totals }, window }: Report): Section => ({
  id: 'attribution',
  title: 'Owner and actor',
  blocks: [
    {
      kind: 'text',
      text: compared
        ? 'Whoever holds a key can use it, so the owner and the actor can stand behind the same credential. Each call is compared with what its principal did before the window, by address, network and agent; a credential that a call of the actor issued is the actor’s. This is inference and proves nobody’s identity. What cannot be told is undetermined, and counts in every total of this report, as the other two do.'
        : `Nobody can be told apart: ${
            window.from === null
              ? 'no start of the window was given (--from)'
              : 'the evidence shows no use of these principals before the window'
          }, so there is nothing to compare with. All use is undetermined, and counts in every total of this report.`,
    },
    ...(compared ? told(uses, totals) : []),
  ],
});

const told = (uses: readonly Use[], totals: Report['attribution']['totals']): Block[] => [
  table({ id: 'attribution-totals', caption: 'What rests on whose use', empty: '', ordered: true }, totals, {
    Class: (row) => text(names[row.class]),
    Events: (row) => amount(row.events),
    'Created or changed': (row) => amount(row.created),
    Backdoors: (row) => amount(row.backdoors),
    'Secrets read': (row) => amount(row.secrets),
  }),
  table(
    { id: 'attribution-uses', caption: 'Ways of use, by class', empty: 'No use is in scope.', ordered: true },
    uses.toSorted((a, b) => order.indexOf(a.class) - order.indexOf(b.class)),
    {
      Class: (row) => (row.class === 'actor' ? tag(className(row.class), 'warning') : text(className(row.class))),
      Why: (row) => text(row.reason),
      Network: (row) =>
        row.network === null ? muted('of AWS') : stack(code(row.network), first(row.addresses, 2, code)),
      Agent: (row) => text(row.agent ?? 'none'),
      Events: (row) => amount(row.events),
      First: (row) => time(row.first_seen),
      Last: (row) => time(row.last_seen),
      Credentials: (row) => first(row.credentials, 2, code),
    },
  ),
];

/** In a line, for the terminal and the opening; empty where nobody was told apart. */
export const attributionLine = ({ compared, totals }: Report['attribution']): string =>
  compared
    ? few(
        totals
          .filter((row) => row.events > 0)
          .map((row) => `${className(row.class).toLowerCase()}: ${number(row.events)}`),
        order.length,
        'class',
      )
    : '';
