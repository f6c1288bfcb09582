/** The lineage as a drawing: which credentials stand in it, where, and what each says; the rest is counted, never dropped. */
import { visible } from './escape.ts';
import { groupBy } from './group.ts';
import type { Report } from './model.ts';
import { apartPlenty, inTreeOrder, issue, type Plenty, plentyOf, use } from './tree.ts';
import { count, number, time } from './words.ts';

type Credential = Report['credentials'][number];

/** One box: a credential, or a number of them that there is no room for. */
export type GraphNode = {
  /** The hop from the seed, and the line down the page; both count from 0. */
  column: number;
  row: number;
  grade: Credential['confidence'];
  /** The word on the line that leads to it; none for what has no issuer in the drawing. */
  edge: string;
  /** Place of its issuer in the list, always before its own; null for a root. */
  from: number | null;
  /** Up to four, each to fit the box; the first is the name. */
  lines: string[];
  /** All that is known, a fact a line. */
  about: string[];
  /** The table, and the row of it, that this box stands for. */
  target: { table: string; row: number | null };
  /** How many credentials it stands for. */
  holds: number;
  live: boolean;
};

export type Graph = {
  nodes: GraphNode[];
  columns: number;
  rows: number;
  /** Column and row that each sheet of paper begins with. */
  sheets: { column: number; row: number }[];
  /** It would take too many sheets. */
  screenOnly: boolean;
};

/** Boxes on a landscape sheet, A4 or letter, and the sheets that one still lays side by side. */
export const onPaper = { columns: 5, rows: 13, sheets: 8 };
/** Characters that fit the box on one line. */
const widest = 40;
/** A drawing of more is not read: those under one issuer, those to look at under one issuer, and all. */
const most = { issued: 20, weak: 5, all: 250 };

/** The start and the end of a name: what tells names apart stands at either. */
const fitting = (text: string): string => {
  const characters = Array.from(visible(text));
  if (characters.length <= widest) return characters.join('');
  const half = (widest - 1) >> 1;
  return `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
};

/** `role Deploy` or `user ci` of an ARN; account, path and session stand in `about`. */
const actsAs = (principal: string): string => {
  const [kind = '', ...names] = /^arn:(?:[^:]*:){4}(.+)$/.exec(principal)?.[1]?.split('/') ?? [];
  if (kind === 'assumed-role') return `role ${names[0] ?? ''}`;
  return kind === '' ? principal : [kind, ...names.slice(-1)].join(' ');
};

type Drawn = Omit<GraphNode, 'row' | 'column'>;

const box = (row: Credential, from: number | null, target: GraphNode['target'], live: boolean): Drawn => {
  const when = row.issued_at === null ? [] : [time(row.issued_at)];
  return {
    from,
    target,
    live,
    holds: 1,
    grade: row.confidence,
    edge: from === null ? '' : row.edge,
    lines: [
      row.access_key_id,
      ...(row.principal === null ? [] : [actsAs(row.principal)]),
      row.confidence === 'seed' ? 'given as seed' : [row.via_event_name ?? 'issued', ...when].join(' '),
      row.events === 0 ? 'never used' : `${count(row.events, 'event')}, ${count(row.ips.length, 'address')}`,
    ].map(fitting),
    about: [row.access_key_id, issue(row), ...use(row), ...(live ? ['still live'] : [])].map(visible),
  };
};

const gathered = ({ words, keys, events, edge, grade }: Plenty, from: number | null, table: string): Drawn => ({
  from,
  grade,
  holds: keys,
  edge: from === null ? '' : edge,
  lines: [words, count(events, 'event')].map(fitting),
  about: [`${words}, with ${count(events, 'event')}: the table has them`],
  target: { table, row: null },
  live: false,
});

type Forest = {
  roots: Credential[];
  under: (row: Credential) => Credential[];
  /** Keys by the hundred, by their issuer. */
  plenty: Map<Credential | undefined, Credential[]>;
  order: Map<Credential, number>;
};

/** An issuer that stands later in the order is none: what claims to have issued itself is a root. */
const forestOf = (rows: readonly Credential[]): Forest => {
  const { shown, plenty } = apartPlenty(rows);
  const ordered = inTreeOrder(shown);
  const order = new Map(ordered.map((row, at) => [row, at]));
  const byName = new Map(shown.map((row) => [row.access_key_id, row]));
  const issuerOf = (row: Credential): Credential | undefined => byName.get(row.issued_by ?? '');
  const children = groupBy(ordered, (row) => {
    const issuer = issuerOf(row);
    return issuer !== undefined && order.get(issuer)! < order.get(row)! ? issuer : undefined;
  });
  return {
    order,
    roots: children.get(undefined) ?? [],
    under: (row) => children.get(row) ?? [],
    plenty: groupBy(plenty, issuerOf),
  };
};

/** All that hangs under these, with them. */
const below = (rows: readonly Credential[], { under, plenty }: Forest): { keys: number; events: number } => {
  const sum = { keys: 0, events: 0 };
  const waiting = [...rows];
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    for (const one of [row, ...(plenty.get(row) ?? [])]) {
      sum.keys += 1;
      sum.events += one.events;
    }
    for (const next of under(row)) waiting.push(next);
  }
  return sum;
};

/** Of more than fit, those that issued others come first, then the most used; drawn in the order of the tree. */
const chosen = (rows: readonly Credential[], room: number, { under, order }: Forest): Credential[] =>
  rows
    .toSorted((a, b) => Number(under(b).length > 0) - Number(under(a).length > 0) || b.events - a.events)
    .slice(0, Math.max(room, 0))
    .toSorted((a, b) => order.get(a)! - order.get(b)!);

/** 0, step, 2 × step, … below `to`; 0 at least. */
const steps = (to: number, step: number): number[] =>
  Array.from({ length: Math.max(1, Math.ceil(to / step)) }, (_, i) => i * step);

/** Each root on a line of its own, the first of those issued beside its issuer, the others below. */
const placed = (drawn: readonly Drawn[]): Graph => {
  const under = groupBy(Array.from(drawn.keys()), (at) => drawn[at]!.from);
  const nodes: GraphNode[] = drawn.map((node) => ({ ...node, row: 0, column: 0 }));
  let row = -1;
  const waiting = (under.get(null) ?? []).toReversed();
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const node = nodes[at]!;
    const issuer = node.from === null ? undefined : nodes[node.from]!;
    if (issuer === undefined || (under.get(node.from) ?? [])[0] !== at) row += 1;
    node.row = row;
    node.column = issuer === undefined ? 0 : issuer.column + 1;
    waiting.push(...(under.get(at) ?? []).toReversed());
  }
  const rows = row + 1;
  const columns = Math.max(-1, ...nodes.map((node) => node.column)) + 1;
  const sheets = steps(rows, onPaper.rows).flatMap((first) =>
    // Neighbours share a column, so that each line leads to and from a box that is seen.
    steps(columns - 1, onPaper.columns - 1).map((column) => ({ column, row: first })),
  );
  return { nodes, rows, columns, sheets, screenOnly: sheets.length > onPaper.sheets };
};

/** What did not fit, as one box. */
const restOf = (rows: readonly Credential[], weak: boolean, forest: Forest): Plenty => {
  const sum = below(rows, forest);
  const edges = [...new Set(rows.map((row) => row.edge))];
  return {
    ...sum,
    words: weak ? `${number(sum.keys)} more to look at` : count(sum.keys, 'more credential'),
    edge: edges.length === 1 ? edges[0]! : 'several',
    grade: weak ? 'weak' : rows.some((row) => row.confidence === 'strong') ? 'strong' : 'certain',
  };
};

/**
 * Credentials in scope and those to look at, as `tables` list them: the id of each table with its credentials in their order.
 * Same rows, same drawing.
 */
export const graphOf = (
  tables: readonly { id: string; rows: readonly Credential[] }[],
  live: ReadonlySet<string>,
): Graph => {
  const forest = forestOf(tables.flatMap(({ rows }) => rows));
  const targets = new Map(tables.flatMap(({ id, rows }) => rows.map((row, at) => [row, { table: id, row: at }])));
  const drawn: Drawn[] = [];
  const waiting: { row: Credential; at: number }[] = [];

  const draw = (all: readonly Credential[], from: number | null): void => {
    for (const weak of [false, true]) {
      const alike = all.filter((row) => (row.confidence === 'weak') === weak);
      const room = Math.min(weak ? most.weak : most.issued, most.all - drawn.length);
      // A box that says "1 more" is as large as the one it stands for.
      const kept = new Set(chosen(alike, alike.length === room + 1 ? room + 1 : room, forest));
      for (const row of alike.filter((one) => kept.has(one))) {
        waiting.push({ row, at: drawn.length });
        drawn.push(box(row, from, targets.get(row)!, live.has(row.access_key_id)));
      }
      const rest = alike.filter((row) => !kept.has(row));
      if (rest.length > 0)
        drawn.push(gathered(restOf(rest, weak, forest), from, weak ? 'credentials-weak' : 'credentials'));
    }
  };
  const drawPlenty = (issuer: Credential | undefined, from: number | null): void => {
    for (const keys of plentyOf(forest.plenty.get(issuer) ?? []))
      drawn.push(gathered(keys, from, keys.grade === 'weak' ? 'credentials-weak' : 'credentials-plenty'));
  };

  draw(forest.roots, null);
  drawPlenty(undefined, null);
  // Grows as it is walked: hop by hop, so that what is near the seed finds room first.
  for (const { row, at } of waiting) {
    draw(forest.under(row), at);
    drawPlenty(row, at);
  }
  return placed(drawn);
};
