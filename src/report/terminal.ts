/** The short version for a terminal: the four answers, the worst findings, what was read, and where the files are. */
import { bySeverity } from './answers-findings.ts';
import { visible } from './escape.ts';
import type { Report, Severity } from './model.ts';
import { facts, findingsInWords, title, warning } from './opening.ts';
import { filesSum, recordsSum } from './sections/ledger.ts';
import { table } from './table.ts';
import { count, number, time } from './words.ts';
import { wrap } from './wrap.ts';

export type TerminalOptions = {
  width: number;
  colour: boolean;
  /** Paths of the files written, to name at the end. */
  files: readonly string[];
};

const mostFindings = 10;
const mostDetails = 3;
const mostLines = 8;
/** Lines longer than this are hard to read, however wide the terminal. */
const widest = 120;
/** Below these the table of findings has no room for words. */
const narrowest = 60;

type State = Report['answers'][number]['state'];

const stateWords: Record<State, string> = {
  found: 'found',
  attempted: 'attempted only',
  none: 'none found',
  not_recorded: 'not recorded',
};

/** SGR codes: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const stateColours: Record<State, number> = { found: 31, attempted: 33, none: 32, not_recorded: 33 };
const severityColours: Partial<Record<Severity, number>> = { critical: 31, high: 31, medium: 33 };

export const terminal = (report: Report, { width, colour, files }: TerminalOptions): string => {
  const wide = Math.min(Math.max(width, narrowest), widest);
  const paint = (text: string, code: number): string => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const heading = (text: string): string => paint(text, 1);
  const line = (text: string, indent = '', first = indent): string =>
    wrap(visible(text), { width: wide, indent, first, most: mostLines });
  const question = (answer: Report['answers'][number]): string =>
    wrap(visible(answer.question), { width: wide - 16, most: 1 });
  const shown = facts(report).filter(([name]) => name === 'Scope' || name === 'Seen');
  return [
    heading(line(title(report))),
    ...shown.map(([name, value]) => line(`${name}: ${value}`, '  ', '')),
    line('All times are UTC.'),
    ...report.answers.flatMap((answer) => [
      '',
      `${heading(question(answer))} ${paint(stateWords[answer.state], stateColours[answer.state])}`,
      line(answer.headline, '  '),
      ...answer.details.slice(0, mostDetails).map((detail) => line(detail, '    ', '  - ')),
      ...(answer.details.length > mostDetails
        ? [`  - ${number(answer.details.length - mostDetails)} more in the report`]
        : []),
    ]),
    '',
    ...findings(report, wide, heading, paint),
    '',
    heading('Evidence'),
    line(`${count(report.evidence.files, 'file')} = ${filesSum(report.evidence)}`, '    ', '  '),
    line(`${count(report.evidence.records, 'record')} = ${recordsSum(report.evidence)}`, '    ', '  '),
    ...[warning(report), report.verification.note].filter(Boolean).map((text) => line(text, '  ')),
    '',
    ...(files.length === 0 ? [] : [heading('Files'), ...files.map((file) => `  ${visible(file)}`)]),
    '',
  ].join('\n');
};

const findings = (
  report: Report,
  wide: number,
  heading: (text: string) => string,
  paint: (text: string, code: number) => string,
): string[] => {
  const ordered = bySeverity(report.findings);
  const stopped = report.stopped_rules.length;
  const lines = [
    heading(`Findings: ${findingsInWords(report) || 'none'}`),
    ...(stopped > 0
      ? [
          wrap(`${count(stopped, 'rule')} did not run to the end: not all is looked for.`, {
            width: wide,
            indent: '  ',
          }),
        ]
      : []),
  ];
  if (ordered.length === 0) return lines;
  const rows = ordered
    .slice(0, mostFindings)
    .map((row) => [row.severity, row.outcome.replace('_', ' '), time(row.first_seen), row.summary]);
  const drawn = table(['', 'outcome', 'first seen', 'what'], rows, { width: wide - 2, colour: false });
  const coloured = drawn.trimEnd().replace(/^(critical|high|medium)\b/gm, (word: string) => {
    const code = severityColours[word as Severity]; // The pattern names severities only.
    return code === undefined ? word : paint(word, code);
  });
  lines.push(...coloured.split('\n').map((row) => `  ${row}`));
  const rest = ordered.length - rows.length;
  if (rest > 0) lines.push(`  ${number(rest)} more in findings.csv`);
  return lines;
};
