/** Owner and actor on the same credentials: how their use was told apart, into which operators it falls, and what could not be told. */
import { lanesOf } from '../lanes.ts';
import type { Report } from '../model.ts';
import { count, few, number, sentence } from '../words.ts';
import {
  amount,
  type Block,
  type Cell,
  code,
  first,
  muted,
  type Section,
  stack,
  table,
  tag,
  text,
  time,
} from './blocks.ts';

type Use = Report['attribution']['uses'][number];
type Operator = Report['operators']['list'][number];

const names = {
  actor: 'Actor: unlike the use before the window',
  owner: 'Owner: like the use before the window',
  undetermined: 'Undetermined',
};

const className = (of: Use['class']): string => names[of].split(':')[0]!;

const order = ['actor', 'undetermined', 'owner'] as const;

/** Some side was told: by comparison, or by the known-good file alone. */
const isTold = ({ compared, totals }: Report['attribution']): boolean =>
  compared || totals.some((row) => row.class !== 'undetermined' && row.events > 0);

export const attribution = (report: Report): Section => {
  const { attribution: told, operators } = report;
  return {
    id: 'attribution',
    title: 'Owner and actor',
    blocks: [
      { kind: 'text', text: introduction(report) },
      ...(operators.list.length + operators.shared_addresses.length > 0 ? operatorBlocks(report) : []),
      ...(isTold(told) ? comparison(told) : []),
    ],
  };
};

const introduction = ({ attribution: told, operators, window }: Report): string => {
  const many =
    operators.list.length > 1
      ? ` By network, agent and time it falls to ${count(operators.list.length, 'operator')}.`
      : operators.list.length === 1
        ? ' By network, agent and time it may be one operator’s.'
        : '';
  if (told.compared)
    return `Whoever holds a key can use it, so the owner and the actor can stand behind the same credential. Each call is compared with what its principal did before the window, by address, network and agent; a credential that a call of the actor issued is the actor’s. Ways of use that share a network or an agent, without a pause of days, are taken for one operator, and never two places at once. This is inference and proves nobody’s identity. What cannot be told is undetermined, and counts in every total of this report, as the other two do.${many}`;
  const why =
    window.from === null
      ? 'no start of the window was given (--from)'
      : 'the evidence shows no use of these principals before the window';
  return isTold(told)
    ? `No use can be compared with earlier use: ${why}. What comes from an address that the known-good file names counts as the owner’s; all other use is undetermined, and counts in every total of this report.${many}`
    : `No side can be told: ${why}, so there is nothing to compare with. All use is undetermined, and counts in every total of this report.${many}`;
};

const sides: Record<Operator['class'], Cell> = {
  owner: text('Owner (known good)'),
  actor: tag('Actor', 'warning'),
  undetermined: text('Undetermined'),
  mixed: text('Mixed'),
};

const operatorName = (operator: string): string =>
  operator.length === 1 ? operator : `${operator.charAt(0).toUpperCase()}${operator.slice(1)}`;

const why = (title: string, lines: readonly string[], side: Cell): Block => ({
  kind: 'entry',
  title,
  tags: [side],
  blocks: [{ kind: 'list', items: lines.map(text) }],
});

type Line = Pick<Operator, 'operator' | 'events' | 'first_seen' | 'last_seen' | 'credentials'> & {
  side: Cell;
  networks: string[];
  agents: string[];
};

/** The lanes, and the same numbers as a table. */
const overTime = (report: Report): Block[] => {
  const lanes = lanesOf(report);
  if (lanes === null) return [];
  const buckets = new Map<number, { when: string; counts: Map<string, number> }>();
  for (const { name, bars } of lanes.lanes)
    for (const { bucket, events, about } of bars) {
      const row = buckets.get(bucket) ?? { when: about.slice(0, about.lastIndexOf(': ')), counts: new Map() };
      row.counts.set(name, events);
      buckets.set(bucket, row);
    }
  const rows = [...buckets].toSorted(([a], [b]) => a - b).map(([, row]) => row);
  return [
    { kind: 'lanes', title: 'Operators over time', lanes },
    {
      kind: 'fold',
      summary: `Events of each operator over time, as numbers: a row for each ${lanes.each}`,
      blocks: [
        table({ id: 'operators-over-time', caption: 'Events over time', empty: '', ordered: true }, rows, {
          'From and to': (row) => text(row.when),
          ...Object.fromEntries(
            lanes.lanes.map(({ name }) => [name, (row: (typeof rows)[number]) => amount(row.counts.get(name) ?? null)]),
          ),
        }),
      ],
    },
  ];
};

const operatorBlocks = (report: Report): Block[] => {
  const { list: all, undetermined, shared_addresses: shared } = report.operators;
  const values = ({ first: some }: Operator['networks']): string[] => some.map(({ value }) => value);
  const lines: Line[] = all.map((row) => ({
    ...row,
    side: sides[row.class],
    networks: values(row.networks),
    agents: values(row.agents),
  }));
  const none: Line = {
    operator: 'none',
    side: text('Undetermined'),
    events: undetermined.events,
    first_seen: null,
    last_seen: null,
    networks: [],
    agents: [],
    credentials: [],
  };
  const doubts = undetermined.reasons.map(({ reason, events }) => sentence(`${reason}: ${count(events, 'event')}`));
  return [
    ...overTime(report),
    table(
      { id: 'operators', caption: 'Operators', empty: '', ordered: true },
      undetermined.events > 0 ? [...lines, none] : lines,
      {
        Operator: (row) => text(operatorName(row.operator)),
        Side: (row) => row.side,
        Networks: (row) => first(row.networks, 3, code),
        Agents: (row) => first(row.agents, 3, text),
        Events: (row) => amount(row.events),
        First: (row) => time(row.first_seen),
        Last: (row) => time(row.last_seen),
        Credentials: (row) => first(row.credentials, 2, code),
      },
    ),
    ...all.map((row) => why(`Operator ${operatorName(row.operator)}: why`, row.why, sides[row.class])),
    ...(undetermined.events > 0
      ? [why('What cannot be put down to one operator', doubts, text(count(undetermined.events, 'event')))]
      : []),
    ...(shared.length === 0
      ? []
      : [
          table(
            {
              id: 'operators-shared',
              caption: 'Shared addresses: whoever else uses one is not in scope by that',
              empty: '',
            },
            shared,
            {
              Address: (row) => code(row.address),
              'Used by': (row) =>
                text(
                  [...row.operators.map(operatorName), ...(row.undetermined ? ['use of no one operator'] : [])].join(
                    ', ',
                  ),
                ),
              'Identities out of scope': (row) => amount(row.other_identities),
              Events: (row) => amount(row.events),
            },
          ),
        ]),
  ];
};

const comparison = ({ uses, totals }: Report['attribution']): Block[] => [
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
      Operator: (row) => (row.operator === null ? muted('none') : text(operatorName(row.operator))),
      Why: (row) => text(row.reason),
      Network: (row) =>
        row.network === null && row.addresses.length === 0
          ? muted('of AWS')
          : row.network === null
            ? stack(muted('cannot be placed'), first(row.addresses, 2, code))
            : stack(code(row.network), first(row.addresses, 2, code)),
      Agent: (row) => text(row.agent ?? 'none'),
      Events: (row) => amount(row.events),
      First: (row) => time(row.first_seen),
      Last: (row) => time(row.last_seen),
      Credentials: (row) => first(row.credentials, 2, code),
    },
  ),
];

/** What a side rests on: a file that names addresses tells nobody's earlier use. */
export const attributionBasis = ({ compared, uses }: Report['attribution']): string => {
  const named = uses.some((row) => row.reason.includes('the known-good file names'));
  if (!compared) return 'by the known-good file alone: there is no earlier use to compare with';
  return named ? 'inferred from earlier use and from the known-good file' : 'inferred from earlier use';
};

/** In a line, for the terminal and the opening; empty where nobody was told apart. */
export const attributionLine = (told: Report['attribution']): string =>
  isTold(told)
    ? few(
        told.totals
          .filter((row) => row.events > 0)
          .map((row) => `${className(row.class).toLowerCase()}: ${number(row.events)}`),
        order.length,
        'class',
      )
    : '';
