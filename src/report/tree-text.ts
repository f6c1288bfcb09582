/** The tree of a lineage as text, for a terminal or a file, and what it adds up to, each grade apart. */
import { visible } from './escape.ts';
import { groupBy } from './group.ts';
import type { Report } from './model.ts';
import { apartPlenty, inTreeOrder, issue, noteOf, plentyLines, use } from './tree.ts';
import { count, list, span } from './words.ts';
import { wrap } from './wrap.ts';

type Credential = Report['credentials'][number];

/** Of more than these under one issuer only the number is told: months of a pipeline's sessions are not the story. */
const mostOutside = 3;

/** Issued outside the window, and of nothing that is shown the issuer. */
const apartOutside = (rows: readonly Credential[]): { shown: Credential[]; outside: Credential[][] } => {
  const issuers = new Set(rows.map((row) => row.issued_by));
  const leaves = rows.filter((row) => row.note?.endsWith('_window') && !issuers.has(row.access_key_id));
  const outside = [...groupBy(leaves, (row) => `${row.note} ${row.issued_by}`).values()].filter(
    (alike) => alike.length > mostOutside,
  );
  const told = new Set(outside.flat());
  return { shown: rows.filter((row) => !told.has(row)), outside };
};

const outsideLine = (rows: readonly Credential[]): string => {
  const times = rows.flatMap((row) => row.issued_at ?? []).toSorted();
  const events = rows.reduce((sum, row) => sum + row.events, 0);
  return `${count(rows.length, 'credential')} ${noteOf(rows[0]!)}, ${span(times[0] ?? null, times.at(-1) ?? null)}: ${count(events, 'event')}, in no count`;
};

const used = (rows: readonly Credential[]): string => {
  const events = rows.reduce((sum, row) => sum + row.events, 0);
  const idle = rows.filter((row) => row.events === 0).length;
  const never = idle === 0 ? '' : ` and ${idle} never used`;
  return `${count(events, 'event')} by ${count(rows.length - idle, 'credential')}${never}`;
};

/** Grades are never added up: what is certain stays apart from what is inferred. */
const totals = (rows: readonly Credential[]): string[] => {
  const scope = rows.filter((row) => row.in_scope);
  const candidates = scope.filter((row) => row.note === 'candidate');
  const of = (...grades: Credential['confidence'][]): Credential[] =>
    scope.filter((row) => row.note !== 'candidate' && grades.includes(row.confidence));
  const parts = [
    ['Seen at the address', candidates],
    ['Certain', of('seed', 'certain')],
    ['Strong, by inference', of('strong')],
    ['Weak, since asked for', of('weak')],
  ] as const;
  const left = [
    ['to look at', rows.filter((row) => row.note === 'look_here')],
    ['issued outside the window', rows.filter((row) => row.note?.endsWith('_window'))],
  ] as const;
  const out = left.flatMap(([words, some]) =>
    some.length === 0 ? [] : `${count(some.length, 'credential')} ${words}`,
  );
  return [
    ...parts.flatMap(([words, some]) => (some.length === 0 ? [] : `${words}: ${used(some)}.`)),
    ...(out.length === 0 ? [] : [`In no count: ${list(out)}.`]),
    'Times are UTC.',
  ];
};

/**
 * A credential a block of lines, each under the one that issued it.
 * @param width columns of a terminal; a file has no end of the line
 */
export const treeText = (credentials: readonly Credential[], width = Infinity): string => {
  const { shown: many, plenty } = apartPlenty(credentials);
  const { shown, outside } = apartOutside(many);
  const plentyUnder = groupBy(plenty, (row) => row.issued_by ?? '');
  const outsideUnder = groupBy(outside, (rows) => rows[0]!.issued_by ?? '');
  const line = (first: string, text: string, indent: string): string => wrap(text, { width, first, indent });
  const lines = inTreeOrder(shown).flatMap((row) => {
    // A chain of many hops leaves room for words.
    const indent = '  '.repeat(Math.min(row.hop, Math.floor(width / 6)));
    const below = `${indent}${row.hop === 0 ? '  ' : '    '}`;
    const under = [
      ...plentyLines(plentyUnder.get(row.access_key_id) ?? []),
      ...(outsideUnder.get(row.access_key_id) ?? []).map(outsideLine),
    ];
    return [
      line(`${indent}${row.hop === 0 ? '' : '└ '}`, visible(`${row.access_key_id}  ${issue(row)}`), `${below}  `),
      ...use(row).map((text) => line(below, visible(text), `${below}  `)),
      ...under.map((text) => line(`${indent}  └ `, text, `${indent}      `)),
    ];
  });
  return [...lines, '', ...totals(credentials).map((text) => line('', text, '  '))].map((text) => `${text}\n`).join('');
};
