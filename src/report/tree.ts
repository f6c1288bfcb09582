/** The credentials of a lineage in the order of their tree, what is said of each, and as graph and diagram. */
import { visible } from './escape.ts';
import { groupBy } from './group.ts';
import type { Report } from './model.ts';
import { count, few, span, time } from './words.ts';

type Credential = Report['credentials'][number];

const noteWords = new Map([
  ['issuer_not_in_evidence', 'issuer not in evidence'],
  ['issued_before_evidence', 'issuer not in evidence: issued before its first event'],
  ['issued_by_service', 'issuer not in evidence: issued by an AWS service to a machine or function'],
  ['issuing_log_missing', 'issuer not in evidence: the log of the region or account that issued it is missing'],
  ['never_used', 'never used'],
  ['not_in_evidence', 'not in the evidence: check the id'],
  ['pre_window', 'issued before the window'],
  ['after_window', 'issued after the window'],
  ['candidate', 'seen at the address: a candidate, not followed'],
  ['look_here', 'look here: weak, in no count'],
]);

/** What is odd about a credential, in words. */
export const noteOf = ({ note }: Credential): string | undefined =>
  note === null ? undefined : (noteWords.get(note) ?? note.replaceAll('_', ' '));

/** Depth first from the seeds; what has no listed issuer follows as a root of its own, so that no row is lost. */
export const inTreeOrder = (credentials: readonly Credential[]): Credential[] => {
  const issued = groupBy(credentials, (row) => row.issued_by ?? '');
  const ordered = new Set<Credential>();
  const listed = new Set(credentials.map((row) => row.access_key_id));
  const roots = credentials.filter((row) => row.hop === 0 || row.issued_by === null || !listed.has(row.issued_by));
  // The whole list comes last: it takes in whatever a circle of issuers keeps away from every root.
  const waiting = [...roots, ...credentials].toReversed();
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    if (ordered.has(row)) continue;
    ordered.add(row);
    for (const next of (issued.get(row.access_key_id) ?? []).toReversed()) waiting.push(next);
  }
  return [...ordered];
};

/** Why a used credential has no known issuer. */
export const deadEnds = [
  'issuer_not_in_evidence',
  'issued_before_evidence',
  'issued_by_service',
  'issuing_log_missing',
];

/** Kinds of edge that lead to keys by the hundred: of services acting for a caller, and of the console, which makes one a request. */
const plentiful = ['forwarded', 'console'];

/** Keys that come by the hundred and lead nowhere are told apart, but for one that issued another: a console session is one line, its keys under it. */
export const apartPlenty = (credentials: readonly Credential[]): { shown: Credential[]; plenty: Credential[] } => {
  const issuers = new Set(credentials.map((row) => row.issued_by));
  const leaf = (row: Credential): boolean =>
    plentiful.includes(row.edge) && row.kind === 'temporary' && !issuers.has(row.access_key_id);
  return { shown: credentials.filter((row) => !leaf(row)), plenty: credentials.filter(leaf) };
};

const mostAddresses = 3;

export const issue = (row: Credential): string =>
  row.confidence === 'seed'
    ? row.edge
    : `${row.via_event_name ?? 'issued'}${row.issued_at === null ? '' : ` at ${time(row.issued_at)}`}, ${row.confidence} by ${row.edge}`;

export const use = (row: Credential): string[] => {
  const note = noteOf(row);
  return [
    ...(row.principal === null ? [] : [row.principal]),
    ...(row.events === 0 ? [] : [`${count(row.events, 'event')}, ${span(row.first_seen, row.last_seen)}`]),
    ...(row.ips.length === 0 ? [] : [`from ${few(row.ips, mostAddresses, 'address')}`]),
    ...(note === undefined ? [] : [note]),
  ];
};

const plentyWords = new Map([
  ['forwarded', 'of AWS services acting for it'],
  ['console', 'of the console session'],
]);

/** All keys of a kind and grade under one credential; `words` say how many. */
export type Plenty = { words: string; keys: number; events: number; edge: string; grade: Credential['confidence'] };

export const plentyOf = (rows: readonly Credential[]): Plenty[] =>
  plentiful.flatMap((edge) =>
    (['certain', 'strong', 'weak'] as const).flatMap((grade) => {
      const alike = rows.filter((row) => row.edge === edge && row.confidence === grade);
      const events = alike.reduce((sum, row) => sum + row.events, 0);
      const words = `${count(alike.length, 'key')} ${plentyWords.get(edge)}`;
      return alike.length === 0 ? [] : [{ words, keys: alike.length, events, edge, grade }];
    }),
  );

/** One line for each of those. */
export const plentyLines = (rows: readonly Credential[]): string[] =>
  plentyOf(rows).map(({ words, events, grade, edge }) => `${words}: ${count(events, 'event')}, ${grade} by ${edge}`);

const style = (row: Credential): string =>
  row.confidence === 'certain' || row.confidence === 'seed' ? 'solid' : 'dashed';

/** A double-quoted string of the DOT language (https://graphviz.org/doc/info/lang.html). */
const dotString = (lines: string[]): string =>
  `"${lines.map((line) => visible(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`;

/** For Graphviz: an arrow an issue, dashed where it is not certain. */
export const treeDot = (credentials: readonly Credential[]): string => {
  const ordered = inTreeOrder(credentials);
  const nodes = ordered.map(
    (row) => `  ${dotString([row.access_key_id])} [label=${dotString([row.access_key_id, ...use(row)])}];\n`,
  );
  const arrows = ordered
    .filter((row) => row.issued_by !== null)
    .map(
      (row) =>
        `  ${dotString([row.issued_by!])} -> ${dotString([row.access_key_id])} [label=${dotString([issue(row)])}, style=${style(row)}];\n`,
    );
  return `digraph lineage {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif"];\n${[...nodes, ...arrows].join('')}}\n`;
};

/** Entities, since Mermaid has no other way to write these in a text (https://mermaid.js.org/syntax/flowchart.html). */
const mermaidString = (lines: string[]): string =>
  `"${lines.map((line) => visible(line).replaceAll(/[#"<>&`\\]/g, (c) => `#${c.codePointAt(0)};`)).join('<br/>')}"`;

/** For Mermaid: as the graph. */
export const treeMermaid = (credentials: readonly Credential[]): string => {
  const ordered = inTreeOrder(credentials);
  const names = new Map(ordered.map((row, i) => [row.access_key_id, `c${i}`]));
  const nodes = ordered.map(
    (row) => `  ${names.get(row.access_key_id)}[${mermaidString([row.access_key_id, ...use(row)])}]\n`,
  );
  const arrows = ordered.flatMap((row) => {
    const from = row.issued_by === null ? undefined : names.get(row.issued_by);
    const arrow = style(row) === 'solid' ? '-->' : '-.->';
    return from === undefined
      ? []
      : [`  ${from} ${arrow}|${mermaidString([issue(row)])}| ${names.get(row.access_key_id)}\n`];
  });
  return `flowchart LR\n${[...nodes, ...arrows].join('')}`;
};
