/** The short version for a terminal: the four answers, the worst findings, what was read, and where the files are. */
import { bySeverity } from './answers-findings.ts';
import { visible } from './escape.ts';
import type { Report, Severity } from './model.ts';
import { facts, findingsInWords, shownOf, title, verdictOf, warning } from './opening.ts';
import { outcomeWords } from './sections/blocks.ts';
import { filesSum, recordsSum } from './manifest.ts';
import { table, tabular } from './table.ts';
import { count, findingText, number, time } from './words.ts';
import { wrap } from './wrap.ts';

export type TerminalOptions = {
  width: number;
  colour: boolean;
  /** Paths of the files written, the one to open first. */
  files: readonly string[];
  /** Path of the case. */
  kept?: string;
};

const mostFindings = 5;
const mostDetails = 3;
const mostLines = 8;
/** Lines longer than this are hard to read, however wide the terminal. */
const widest = 120;
const narrowest = 60;

type State = Report['answers'][number]['state'];

/** SGR codes: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const stateColours: Record<State, number> = { found: 31, attempted: 33, none: 32, not_recorded: 33 };
const severityColours: Partial<Record<Severity, number>> = { critical: 31, high: 31, medium: 33 };

/** How to put text on this terminal. */
type Pen = {
  wide: number;
  paint: (text: string, code: number) => string;
  heading: (text: string) => string;
  /** Wrapped; `first` stands before the first line, `indent` before the others. */
  line: (text: string, indent?: string, first?: string) => string;
};

const penOf = ({ width, colour }: TerminalOptions): Pen => {
  const wide = Math.min(Math.max(width, narrowest), widest);
  const paint = (text: string, code: number): string => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  return {
    wide,
    paint,
    heading: (text) => paint(text, 1),
    line: (text, indent = '', first = indent) => wrap(visible(text), { width: wide, indent, first, most: mostLines }),
  };
};

export const terminal = (report: Report, options: TerminalOptions): string => {
  const pen = penOf(options);
  const { heading, line, paint } = pen;
  const shown = facts(report).filter(([name]) => name === 'Scope' || name === 'Seen');
  return [
    heading(line(title(report))),
    ...shown.map(([name, value]) => line(`${name}: ${value}`, '  ', '')),
    ...report.seeds
      .filter((seed) => !seed.occurs)
      .map((seed) =>
        paint(line(`Not in the evidence: ${seed.access_key_id}. Check the id.`), stateColours.not_recorded),
      ),
    line('All times are UTC.'),
    ...report.answers.flatMap((answer) => ['', ...answered(answer, pen)]),
    '',
    ...findings(report, pen),
    '',
    heading('Evidence'),
    line(filesSum(report.evidence), '    ', '  '),
    line(recordsSum(report.evidence), '    ', '  '),
    ...[warning(report), report.verification.note].filter(Boolean).map((text) => line(text, '  ')),
    '',
    ...written(options, pen),
  ].join('\n');
};

const answered = (answer: Report['answers'][number], { wide, heading, paint, line }: Pen): string[] => {
  const verdict = verdictOf(answer).toLowerCase();
  const question = wrap(visible(answer.question), { width: wide - verdict.length - 1, most: 1 });
  const { shown, more } = shownOf(answer, mostDetails);
  return [
    `${heading(question)} ${paint(verdict, stateColours[answer.state])}`,
    line(answer.headline, '  '),
    ...(answer.not_recorded === null ? [] : [paint(line(answer.not_recorded, '  '), stateColours.not_recorded)]),
    ...shown.map((detail) => line(detail, '    ', '  - ')),
    ...(more > 0 ? [`  - ${number(more)} more in the report`] : []),
    ...answer.notes.map((note) => line(note, '  ')),
  ];
};

const findings = (report: Report, pen: Pen): string[] => {
  const ordered = bySeverity(report.findings.filter(({ status }) => status === 'open'));
  const stopped = report.stopped_rules.length;
  const shown = ordered.slice(0, mostFindings);
  const rest = ordered.length - shown.length;
  return [
    pen.heading(`Findings: ${findingsInWords(report) || 'none'}`),
    ...(stopped > 0
      ? [pen.line(`${count(stopped, 'rule')} did not run to the end: not all is looked for.`, '  ')]
      : []),
    ...(shown.length === 0 ? [] : pen.wide < tabular ? inLines(shown, pen) : inTable(shown, pen)),
    ...(rest > 0 ? [`  ${number(rest)} more in findings.csv`] : []),
  ];
};

const coloured = (severity: Severity, paint: Pen['paint']): string => {
  const code = severityColours[severity];
  return code === undefined ? severity : paint(severity, code);
};

const inLines = (rows: Report['findings'], { paint, line }: Pen): string[] =>
  rows.flatMap((row) => [
    line(`${row.severity}  ${time(row.first_seen)}  ${outcomeWords[row.outcome]}`, '    ', '  ').replace(
      row.severity,
      coloured(row.severity, paint),
    ),
    line(findingText(row), '    '),
  ]);

const inTable = (rows: Report['findings'], { wide, paint }: Pen): string[] => {
  const cells = rows.map((row) => [row.severity, outcomeWords[row.outcome], time(row.first_seen), findingText(row)]);
  const drawn = table(['', 'outcome', 'first seen', 'what'], cells, { width: wide - 2, colour: false });
  // The pattern names severities only.
  const painted = drawn.trimEnd().replace(/^(critical|high|medium)\b/gm, (word) => coloured(word as Severity, paint));
  return painted.split('\n').map((row) => `  ${row}`);
};

/** Paths stand whole, however long: they are to be copied. */
const written = ({ files, kept }: TerminalOptions, { heading, line }: Pen): string[] => {
  const [first, ...others] = files;
  const names = others.map((path) => path.replace(/^.*[/\\]/, ''));
  return [
    ...(first === undefined ? [] : [heading(`Open ${visible(first)}`)]),
    ...(names.length === 0 ? [] : [line(`Beside it: ${names.join(', ')}`, '  ')]),
    ...(kept === undefined ? [] : [`  Case file: ${visible(kept)}`]),
    '',
  ];
};
