/** Who issued what: the credentials in scope as a tree under their seeds, and keys nearby that could not be tied to them. */
import { graphOf } from '../graph.ts';
import { groupBy } from '../group.ts';
import type { Report } from '../model.ts';
import { proven } from '../opening.ts';
import { apartPlenty, inTreeOrder, noteOf, plentyLines } from '../tree.ts';
import { count, knownShare, list, number } from '../words.ts';
import {
  amount,
  type Block,
  type Cell,
  code,
  event,
  first,
  muted,
  type Section,
  stack,
  table,
  tag,
  text,
  time,
} from './blocks.ts';

type Credential = Report['credentials'][number];

export const lineage = (report: Report): Section => {
  const { credentials, scope } = report;
  const { shown: inScope, plenty } = apartPlenty(credentials.filter((row) => row.in_scope));
  const outside = credentials.filter((row) => !row.in_scope && row.note !== 'look_here');
  const weak = credentials.filter((row) => row.note === 'look_here');
  const graph = graphOf(
    [
      { id: 'credentials', rows: inTreeOrder(inScope) },
      { id: 'credentials-plenty', rows: inTreeOrder(plenty) },
      { id: 'credentials-weak', rows: inTreeOrder(weak) },
    ],
    new Set(report.live.flatMap((row) => (row.state === 'live' ? [row.access_key_id] : []))),
  );
  const leftOut = [
    ...(graph.screenOnly ? ['the graph'] : []),
    ...(inScope.length > mostOnPaper ? [`the table of ${count(inScope.length, 'credential')}`] : []),
    ...(outside.length > 0 ? ['credentials issued outside the window'] : []),
  ];
  const counted = `${count(scope.credentials, 'credential')} in scope, ${number(scope.credentials_used)} of them used, with ${count(scope.events, 'event')}${proven(scope)}`;
  const earlier: Block = {
    kind: 'fold',
    summary: `${count(outside.length, 'credential')} issued outside the window, not counted`,
    blocks: [tree({ id: 'credentials-outside', caption: 'Credentials out of scope', empty: '' }, outside)],
  };
  const keys: Block = {
    kind: 'fold',
    summary: `${count(plenty.length, 'key')} that AWS services and console sessions used for them, counted: ${count(
      plenty.reduce((sum, row) => sum + row.events, 0),
      'event',
    )}`,
    blocks: [
      tree({ id: 'credentials-plenty', caption: 'Keys of services and of console sessions', empty: '' }, plenty),
    ],
  };
  const nearby: Block = {
    kind: 'fold',
    summary: `${count(weak.length, 'credential')} to look at, tied to the scope by weak edges and not counted`,
    blocks: [tree({ id: 'credentials-weak', caption: 'Credentials to look at', empty: '' }, weak)],
  };
  return {
    id: 'lineage',
    title: 'Scope and lineage',
    ...(leftOut.length > 0 && {
      onPaper: `Left out on paper: ${list(leftOut)}. See report.html or report.json.`,
    }),
    blocks: [
      {
        kind: 'text',
        text: `${counted}: ${report.scope_label}. ${
          report.addresses.length > 0
            ? 'Those used from the addresses asked about stand here with their use from there; an address is shared, so nothing is followed from it.'
            : 'Each credential stands under the one that issued it, a hop further from the seed.'
        }`,
      },
      ...(graph.nodes.length < 2 ? [] : [{ kind: 'graph' as const, title: 'Lineage as a graph', graph }]),
      tree(
        { id: 'credentials', caption: 'Credentials by lineage', empty: 'No credential is in scope.' },
        inScope,
        plenty,
      ),
      ...(plenty.length > 0 ? [keys] : []),
      ...(weak.length > 0 ? [nearby] : []),
      ...(outside.length > 0 ? [earlier] : []),
    ],
  };
};

/** Some ten pages. */
const mostOnPaper = 150;

const tree = (
  about: { id: string; caption: string; empty: string },
  rows: readonly Credential[],
  plenty: readonly Credential[] = [],
): Block => {
  const under = groupBy(plenty, (row) => row.issued_by ?? '');
  return table({ ...about, ordered: true, screenOnly: rows.length > mostOnPaper }, inTreeOrder(rows), {
    Credential: (row) => ({
      as: 'stack',
      hop: row.hop,
      cells: [code(row.access_key_id), ...notes(row), ...plentyLines(under.get(row.access_key_id) ?? []).map(muted)],
    }),
    Issued: (row) =>
      row.via_event_id === null && row.issued_at === null
        ? muted(
            row.edge === 'seed'
              ? 'given as seed'
              : row.edge === 'address'
                ? 'seen at the address'
                : 'not in the evidence',
          )
        : stack(text(row.via_event_name ?? 'by an unnamed call'), time(row.issued_at), event(row.via_event_id)),
    'Acts as': (row) => code(row.principal),
    'First and last use': (row) =>
      row.first_seen === null
        ? muted('never, in the evidence')
        : stack(time(row.first_seen), ...(row.last_seen === row.first_seen ? [] : [time(row.last_seen)])),
    Events: (row) => amount(row.events),
    Addresses: (row) => first(row.ips, 3, code),
    Regions: (row) => first(row.regions, 3, text),
  });
};

const notes = (row: Credential): Cell[] => {
  const words = noteOf(row);
  return [
    muted(
      `hop ${row.hop}, ${row.kind.replaceAll('_', '-')}, ${row.confidence === 'seed' ? row.edge : `${row.confidence} by ${row.edge}`}`,
    ),
    ...(row.known_before > 0 ? [tag(`${knownShare(row)} from addresses known before`, 'warning')] : []),
    ...(words === undefined ? [] : [tag(words, row.note === 'never_used' ? 'plain' : 'warning')]),
  ];
};

type Unresolved = Report['unresolved'][number];

/** Keys that AWS services alone use for a principal come by the hundred: they stand last. */
const needsAttention = ({ services }: Unresolved): boolean => services.length === 0;

/** Keys that differ in nothing but themselves: one principal, reason and service. */
const alike = (rows: readonly Unresolved[]): Unresolved[][] => {
  const groups = new Map<string, Unresolved[]>();
  for (const row of rows.toSorted((a, b) => Number(needsAttention(b)) - Number(needsAttention(a)))) {
    const kind = JSON.stringify([row.principal, row.reason, row.services]);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [row]);
    else group.push(row);
  }
  return [...groups.values()];
};

export const unresolved = (report: Report): Section => {
  const attention = report.unresolved.filter(needsAttention).length;
  const order =
    attention === 0
      ? ''
      : ` ${number(attention)} of ${number(report.unresolved.length)} were used by others than AWS services: they stand first.`;
  return {
    id: 'unresolved',
    title: 'Credentials not resolved',
    blocks: [
      {
        kind: 'text',
        text: `Keys of the same principals that no event in the evidence issued. They are a place to look and are in no count.${order}`,
      },
      table(
        {
          id: 'unresolved-keys',
          caption: 'Unresolved credentials, by principal, reason and service',
          empty: 'Every key of these principals is resolved.',
        },
        alike(report.unresolved),
        {
          Credentials: (group) => first(group, 2, (row) => code(row.access_key_id)),
          Keys: (group) => amount(group.length),
          'Acts as': ([row]) => code(row?.principal ?? null),
          Why: ([row]) => stack(text(row?.reason.replaceAll('_', ' ') ?? ''), ...(row?.services ?? []).map(muted)),
          'First use': (group) => time(group.flatMap((row) => row.first_seen ?? []).toSorted()[0] ?? null),
          'Last use': (group) =>
            time(
              group
                .flatMap((row) => row.last_seen ?? [])
                .toSorted()
                .at(-1) ?? null,
            ),
          Events: (group) => amount(group.reduce((sum, row) => sum + row.events, 0)),
          Addresses: (group) => first([...new Set(group.flatMap((row) => row.ips))], 3, code),
        },
      ),
    ],
  };
};
