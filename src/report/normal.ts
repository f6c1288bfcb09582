/** What `baseline show` and `baseline diff` print: the callers that a baseline knows, and what changed between two. */
import { visible } from './escape.ts';
import { listed } from './lists.ts';
import type { TableOptions } from './table.ts';
import { addressDataText, count, number, span } from './words.ts';

type Seen = { calls: number; days: number; first_seen: string | null; last_seen: string | null };
type Known = Seen & { value: string };
type Caller = {
  kind: string;
  id: string;
  use: Seen;
  busiest_hour: { calls: number; hours: number };
  aspects: Partial<Record<string, Known[]>>;
};
type Baseline = {
  from: string | null;
  to: string | null;
  address_data: { name: string; built: string | null }[];
  callers: Caller[];
};
type Change = { kind: string; id: string; change: 'new' | 'gone'; aspect: string; values: string[] };

const most = 3;
const few = (values: string[]): string =>
  `${values.slice(0, most).join(', ')}${values.length > most ? ` and ${number(values.length - most)} more` : ''}`;

/** The most used first. */
const top = (caller: Caller, aspect: string): string =>
  few(
    (caller.aspects[aspect] ?? [])
      .toSorted((a, b) => b.calls - a.calls || (a.value < b.value ? -1 : 1))
      .map(({ value }) => value),
  );

const hours = (caller: Caller): string => {
  const seen = (caller.aspects['hour'] ?? []).map(({ value }) => Number(value)).toSorted((a, b) => a - b);
  return seen.length === 24 ? 'all hours' : seen.join(' ');
};

export const normalText = ({ from, to, address_data: data, callers }: Baseline, options: TableOptions): string => {
  const rows = callers.map((caller) => [
    caller.id,
    caller.kind,
    number(caller.use.calls),
    number(caller.use.days),
    span(caller.use.first_seen, caller.use.last_seen),
    number(caller.busiest_hour.calls),
    number((caller.aspects['address'] ?? []).length),
    top(caller, 'network'),
    top(caller, 'country'),
    top(caller, 'agent'),
    top(caller, 'region'),
    hours(caller),
  ]);
  const head = ['caller', 'kind', 'calls', 'days', 'seen', 'busiest hour', 'addresses'].concat([
    'networks',
    'countries',
    'agents',
    'regions',
    'hours (UTC)',
  ]);
  const asked =
    from === null && to === null
      ? ''
      : `, of the time ${from === null ? '' : `from ${from} `}${to === null ? '' : `before ${to}`}`;
  return `${listed(head, rows, -1, { ...options, named: true })}\n${count(callers.length, 'caller')}${asked.trimEnd()}.${visible(addressDataText(data))}\n`;
};

const byCaller = ({ callers }: Baseline): Map<string, Caller> =>
  new Map(callers.map((caller) => [`${caller.kind} ${caller.id}`, caller]));
const valuesOf = (caller: Caller | undefined, aspect: string): string[] =>
  (caller?.aspects[aspect] ?? []).map(({ value }) => value);

/** A caller that only one of the two knows is one change, and not one for each thing it did. */
export const diffBaselines = (before: Baseline, after: Baseline): Change[] => {
  const [old, young] = [byCaller(before), byCaller(after)];
  return [...new Set([...old.keys(), ...young.keys()])].toSorted().flatMap((key): Change[] => {
    const [was, is] = [old.get(key), young.get(key)];
    const { kind, id } = (is ?? was)!;
    if (!was || !is) return [{ kind, id, change: was ? 'gone' : 'new', aspect: 'caller', values: [id] }];
    // Hours and weekdays tell of it already, in fewer lines.
    const aspects = [...new Set([...Object.keys(was.aspects), ...Object.keys(is.aspects)])]
      .filter((aspect) => aspect !== 'week_hour')
      .toSorted();
    return aspects.flatMap((aspect) => {
      const [then, now] = [valuesOf(was, aspect), valuesOf(is, aspect)];
      const [had, has] = [new Set(then), new Set(now)];
      const came = now.filter((value) => !had.has(value));
      const went = then.filter((value) => !has.has(value));
      return [
        ...(came.length > 0 ? [{ kind, id, change: 'new' as const, aspect, values: came }] : []),
        ...(went.length > 0 ? [{ kind, id, change: 'gone' as const, aspect, values: went }] : []),
      ];
    });
  });
};

export const normalDiffText = (changes: Change[], options: TableOptions): string => {
  const rows = changes.map(({ kind, id, change, aspect, values }) => [
    id,
    kind,
    change,
    aspect,
    number(values.length),
    few(values),
  ]);
  return rows.length === 0
    ? 'The two baselines know the same.\n'
    : `${listed(['caller', 'kind', 'change', 'what', 'number', 'which'], rows, 5, { ...options, named: true })}\n`;
};
