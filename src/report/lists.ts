/** What check and ingest print: findings, and the account of the evidence. */
import { severities, type Severity } from '../errors.ts';
import type { Left } from './baseline.ts';
import { visible } from './escape.ts';
import { addendaText, filesSum, recordsSum } from './manifest.ts';
import type { Report } from './model.ts';
import { table, type TableOptions, tabular } from './table.ts';
import { bytes, count, findingText, number, span, time } from './words.ts';
import { wrap } from './wrap.ts';

/** Both accounting identities, with their numbers, and each file that was not read whole. */
export const evidenceText = (evidence: Report['evidence'], fresh?: number): string => {
  const odd = evidence.manifest.filter(({ status }) => status === 'partial' || status === 'rejected');
  const shown = odd
    .slice(0, 20)
    .map(({ path, status, reason }) => `${status}: ${visible(path)}: ${visible(reason ?? '')}`);
  if (odd.length > shown.length)
    shown.push(`and ${number(odd.length - shown.length)} more; --format json lists them all`);
  return [
    ...(fresh === undefined ? [] : [count(fresh, 'new file')]),
    `${filesSum(evidence)} (${bytes(evidence.bytes)})`,
    recordsSum(evidence),
    ...(evidence.addenda > 0 ? [addendaText(evidence)] : []),
    evidence.first_event === null
      ? `No event${evidence.events === 0 ? '' : ' has a readable time'}`
      : `Events from ${span(evidence.first_event, evidence.last_event)}`,
    ...shown,
    '',
  ].join('\n');
};

/**
 * A table where it fits, else each row in lines: short cells on the first, the one in words under it.
 * @param worded which one that is; -1 where none is
 * @param options named: each cell but the first stands behind its heading, where it does not say itself what it is
 */
export const listed = (
  head: string[],
  rows: string[][],
  worded: number,
  options: TableOptions & { named?: boolean },
): string => {
  const { width, named = false } = options;
  if (width >= tabular) return table(head, rows, options);
  const inLines = rows.flatMap((row) => {
    const cells = row.map(visible);
    const short = cells
      .flatMap((cell, i) => (i === worded || cell === '' ? [] : [named && i > 0 ? `${head[i]}: ${cell}` : cell]))
      .join('  ');
    return [
      wrap(short, { width, indent: '    ', first: '' }),
      ...((cells[worded] ?? '') === '' ? [] : [wrap(cells[worded]!, { width, indent: '    ', most: mostLines })]),
    ];
  });
  return `${inLines.join('\n')}\n`;
};
const mostLines = 12;

/** The part of the report that a CI job reads. */
export const findingsJson = (
  { schema_version, tool, generated, evidence, address_data, coverage, findings, stopped_rules }: Report,
  left?: Left,
): string => {
  const baseline = left === undefined ? {} : { baseline: left };
  return `${JSON.stringify({ schema_version, tool, generated, evidence, address_data, coverage, ...baseline, findings, stopped_rules }, null, 2)}\n`;
};

export const findingsText = (
  report: Report,
  options: TableOptions & { failOn: Severity; left?: Left | undefined },
): string => {
  const { evidence, stopped_rules } = report;
  const findings = report.findings.filter(({ status }) => status === 'open');
  const explained = report.findings.filter(({ status }) => status === 'explained');
  const counts = severities
    .toReversed()
    .map((level) => `${number(findings.filter(({ severity }) => severity === level).length)} ${level}`);
  const rowOf = (finding: Report['findings'][number]): string[] => {
    const { severity, rule, outcome, first_seen } = finding;
    return [severity, rule, outcome, time(first_seen), findingText(finding)];
  };
  const rows = findings.map(rowOf);
  const head = ['severity', 'rule', 'outcome', 'first seen', 'what'];
  const bar = severities.indexOf(options.failOn);
  const above = findings.filter(({ severity }) => severities.indexOf(severity) >= bar).length;
  return [
    ...(rows.length > 0 ? [listed(head, rows, 4, options)] : []),
    ...(explained.length > 0
      ? ['Explained by the known-good file:', listed(head, explained.map(rowOf), 4, options)]
      : []),
    ...stopped_rules.map(({ rule, reason }) => `rule stopped: ${rule}: ${visible(reason)}`),
    `${count(findings.length, 'finding')}: ${counts.join(', ')}${explained.length > 0 ? `; ${number(explained.length)} more explained` : ''}.`,
    ...(options.left === undefined
      ? []
      : [
          `Known in the baseline and left out: ${number(options.left.known)}; gone since: ${number(options.left.gone)}.`,
        ]),
    `${number(above)} at or above ${options.failOn}.`,
    evidenceText(evidence),
  ].join('\n');
};
