/** What `summary` prints for people: a row a principal, credential or address, with what it did and why it looks suspicious. */
import { visible } from './escape.ts';
import type { Report } from './model.ts';
import { table, type TableOptions, tabular } from './table.ts';
import { addressDataText, count, few, number, span } from './words.ts';
import { wrap } from './wrap.ts';

export type SummaryRow = {
  name: string;
  kind: string | null;
  principal: string | null;
  score: number;
  why: string[];
  first_seen: string | null;
  last_seen: string | null;
  events: number;
  abused: number;
  issued: number;
  regions: string[];
  addresses: string[];
  networks: string[];
  agents: string[];
  [count: string]: unknown;
};

/** A terminal shows this many rows; CSV and JSON have them all. */
export const mostShown = 50;

const outcomes = ['success', 'denied', 'dry_run', 'throttled', 'not_found', 'failed'] as const;

/** `12 (9 success, 3 denied)`; of one outcome alone, `12 denied`. */
const split = (row: SummaryRow, total: number, prefix: string): string => {
  const parts = outcomes
    .map((outcome) => [Number(row[`${prefix}${outcome}`]), outcome.replace('_', ' ')] as const)
    .filter(([amount]) => amount > 0);
  const words = parts.map(([amount, outcome]) => `${number(amount)} ${outcome}`).join(', ');
  return parts.length === 1 ? words : total === 0 ? '0' : `${number(total)} (${words})`;
};

const cellsOf = (row: SummaryRow) => ({
  // The day is said once.
  used: span(row.first_seen, row.last_seen).replace(/^(\S+ )(.*) to \1/, '$1$2 to '),
  abused: split(row, row.abused, 'abused_'),
  other: split(row, row.events - row.abused, 'other_'),
  regions: few(row.regions, 3, 'region'),
  addresses: few(row.addresses, 3, 'address'),
  networks: few(row.networks, 2, 'network'),
  agents: few(row.agents, 4, 'agent'),
  // AWS services are not judged; what they hand out is worth a word.
  why: row.why.join('; ') || (row.issued > 0 ? `issued ${count(row.issued, 'key')}` : ''),
});

/** Account and name, which can stand on two lines: what all ARNs of principals share says nothing in a table. */
const bare = (text: string): string => text.replaceAll(/arn:aws[\w-]*:(?:iam|sts)::(\d+):/g, '$1 ');

const inLines = (row: SummaryRow, { width }: TableOptions): string => {
  const { used, abused, other, regions, addresses, networks, agents, why } = cellsOf(row);
  const lines = [
    row.principal ?? '',
    why,
    used,
    `abused calls: ${abused}`,
    `other calls: ${other}`,
    [regions, addresses, networks, agents].filter(Boolean).join(' · '),
  ].filter(Boolean);
  const head = `${String(row.score).padEnd(3)} ${visible(row.name)}`;
  return [
    wrap(head, { width, indent: '    ', first: '', most: mostLines }),
    ...lines.map((line) => wrap(visible(line), { width, indent: '      ', first: '    ', most: mostLines })),
  ].join('\n');
};
const mostLines = 6;

/** @param rows at most `mostShown` of the `total` */
export const summaryText = (
  rows: SummaryRow[],
  total: number,
  {
    by,
    data,
    ...options
  }: TableOptions & { by: string; data: Pick<Report['address_data'][number], 'name' | 'built'>[] },
): string => {
  const cells = rows.map((row) => ({ row, ...cellsOf(row) }));
  const drawn =
    options.width >= tabular
      ? table(
          ['score', by, 'why', 'first and last use', 'abused calls', 'other', 'from'],
          cells.map(({ row, why, used, abused, regions, addresses, networks, agents }) => [
            String(row.score),
            bare(row.principal === null ? row.name : `${row.name} ${row.principal}`),
            why,
            used,
            abused,
            number(row.events - row.abused),
            [regions, addresses, networks, agents].filter(Boolean).join(' · '),
          ]),
          options,
        )
      : rows.map((row) => `${inLines(row, options)}\n`).join('\n');
  const shown = total > rows.length ? `; the first ${number(rows.length)} shown, --format csv has them all` : '';
  const footer = `${count(total, 'row')} by ${by}${shown}. Times are UTC. A score says where to look first; it proves nothing.${addressDataText(data)}`;
  return `${drawn}\n${wrap(footer, { width: options.width })}\n`;
};
