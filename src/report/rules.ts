/** What `trailscope rules` prints: rules, complaints of the linter, results of fixtures. */
import type { Severity } from '../errors.ts';
import { visible } from './escape.ts';
import { listed } from './lists.ts';
import type { TableOptions } from './table.ts';
import { count } from './words.ts';
import { wrap } from './wrap.ts';

/** What is to be told of a rule; its SQL last. */
export type RuleFacts = {
  /** pack/name */
  id: string;
  pack: string;
  title: string;
  severity: Severity;
  category: string;
  attack: { v18: string[]; v19: string[] };
  covers: string[];
  why: string;
  misses: string;
  params: Record<string, { type: string; default: string | number; about: string }>;
  sql: string;
  /** Where a rule comes from that was written in Sigma. */
  sigma?: { file: string; id?: string | undefined; author?: string | undefined; status?: string | undefined };
};
/** What became of one Sigma document. */
export type ImportRow = { rule: string; file: string; status: 'imported' | 'refused' | 'part'; reason: string };
export type Complaint = { line: number; what: string };
export type CaseResult = { rule: string; name: string; problems: string[] };

const rowOf = ({ id, pack, title, severity, category, attack, covers, why, misses, params, sigma }: RuleFacts) => ({
  id,
  pack,
  title,
  severity,
  category,
  attack,
  covers,
  why,
  misses,
  params,
  ...(sigma && { sigma }),
});

export const rulesJson = (rules: readonly RuleFacts[]): string => `${JSON.stringify(rules.map(rowOf), null, 2)}\n`;

type Listed = Pick<RuleFacts, 'id' | 'title' | 'attack' | 'covers'> & { severity: string };

export const rulesText = (rules: readonly Listed[], options: TableOptions): string => {
  const rows = rules.map(({ id, severity, title, attack, covers }) => [
    id,
    severity,
    title,
    attack.v18.join(' '),
    covers.join(' '),
  ]);
  return `${listed(['rule', 'severity', 'title', 'ATT&CK v18', 'covers'], rows, 2, options)}\n${count(rules.length, 'rule')}.\n`;
};

export const ruleJson = (rule: RuleFacts): string => `${JSON.stringify({ ...rowOf(rule), sql: rule.sql }, null, 2)}\n`;

export const ruleText = (
  { id, title, severity, category, attack, covers, why, misses, params, sql, sigma }: RuleFacts,
  width: number,
): string => {
  const line = (name: string, text: string): string =>
    wrap(visible(text), { width, indent: ' '.repeat(10), first: name.padEnd(10), most: 12 });
  const body = sql
    .split('\n')
    .filter((one) => !one.startsWith('--'))
    .map(visible)
    .join('\n');
  return [
    `${id}: ${visible(title)}`,
    line('severity', severity),
    line('category', category),
    line('ATT&CK', attack.v18.length === 0 ? '-' : `v18 ${attack.v18.join(' ')}, v19 ${attack.v19.join(' ')}`),
    ...(sigma ? [line('sigma', [sigma.file, sigma.id, sigma.status, sigma.author].filter(Boolean).join(', '))] : []),
    ...(covers.length === 0 ? [] : [line('covers', covers.join(' '))]),
    line('why', why),
    line('misses', misses),
    ...Object.entries(params).map(([name, one]) => line('param', `${name} = ${one.default}: ${one.about}`)),
    '',
    body.trimEnd(),
    '',
  ].join('\n');
};

/** As compilers write it, so that editors find the place. */
export const lintText = (
  rules: number,
  rows: readonly { rule: string; file: string; complaints: Complaint[] }[],
  refused: readonly { reason: string }[],
): string => {
  const lines = [
    ...rows.flatMap(({ file, complaints }) => complaints.map(({ line, what }) => `${file}:${line}: ${what}`)),
    ...refused.map(({ reason }) => reason.replace(/^not run: /, '')),
  ];
  const broken = rows.length + refused.length;
  return `${[...lines.map(visible), `${count(rules + refused.length, 'rule')}: ${broken === 0 ? 'nothing to complain of' : `${count(broken, 'rule')} with complaints`}.`].join('\n')}\n`;
};

export const fixturesText = (results: readonly CaseResult[], options: TableOptions): string => {
  const failed = results.filter(({ problems }) => problems.length > 0);
  const rules = new Set(results.map(({ rule }) => rule)).size;
  const rows = failed.map(({ rule, name, problems }) => [rule, name, problems.join('; ')]);
  return [
    ...(rows.length > 0 ? [listed(['rule', 'case', 'what differs'], rows, 2, options)] : []),
    `${count(results.length, 'case')} of ${count(rules, 'rule')}: ${failed.length === 0 ? 'all as expected' : `${count(failed.length, 'case')} failed`}.`,
    '',
  ].join('\n');
};

export const importJson = (rows: readonly ImportRow[]): string => `${JSON.stringify(rows, null, 2)}\n`;

export const importText = (rows: readonly ImportRow[], options: TableOptions): string => {
  const of = (status: ImportRow['status']): readonly ImportRow[] => rows.filter((row) => row.status === status);
  const cells = [...of('imported'), ...of('part'), ...of('refused')].map(({ rule, file, status, reason }) => [
    status,
    rule || '-',
    file,
    reason,
  ]);
  const counts = [
    `${count(of('imported').length, 'rule')} imported`,
    ...(of('part').length > 0 ? [`${count(of('part').length, 'document')} part of others`] : []),
    `${of('refused').length} refused`,
  ];
  return `${listed(['', 'rule', 'file', 'why'], cells, 3, options)}\n${counts.join(', ')}.\n`;
};
