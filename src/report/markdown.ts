/** report.md: the whole report as text for a ticket, a wiki or a terminal, in the order of AWS's incident response playbooks. */
import { markdown as running, markdownBlock, markdownCode } from './escape.ts';
import type { Report } from './model.ts';
import { facts, shownOf, title, verdictOf, warning } from './opening.ts';
import type { Block, Cell, Section, Table } from './sections/blocks.ts';
import { laterParts, sections } from './sections/order.ts';
import { cut, number } from './words.ts';

const escaped = (text: string): string => running(cut(text));

export function* markdown(report: Report): Generator<string> {
  const all = sections(report);
  const later = new Set(laterParts.flatMap(([, ids]) => ids));
  yield* lines(detection(report));
  yield* part(
    'Analysis',
    all.filter((one) => !later.has(one.id)),
  );
  for (const [name, ids] of laterParts)
    yield* part(
      name,
      all.filter((one) => ids.includes(one.id)),
    );
}

function* lines(all: readonly string[]): Generator<string> {
  for (const one of all) yield `${one}\n`;
}

function* part(name: string, all: readonly Section[]): Generator<string> {
  yield* lines([`## ${name}`, '']);
  for (const one of all) {
    if (one.title !== name) yield* lines([`### ${one.title}`, '']);
    for (const content of one.blocks) yield* lines(block(content));
  }
}

const mostDetails = 12;

const detection = (report: Report): string[] => {
  const caution = warning(report);
  return [
    `# ${escaped(title(report))}`,
    '',
    'A trailscope report. All times are UTC.',
    '',
    ...facts(report).map(([name, value]) => `- **${name}:** ${escaped(value)}`),
    '',
    ...(caution === '' ? [] : [`**${escaped(caution)}**`, '']),
    '## Detection',
    '',
    ...report.answers.flatMap(answered),
  ];
};

const answered = (answer: Report['answers'][number]): string[] => {
  const { shown, more } = shownOf(answer, mostDetails);
  const { not_recorded, notes } = answer;
  return [
    `### ${escaped(answer.question)}`,
    '',
    `**${verdictOf(answer)}.** ${escaped(answer.headline)}`,
    '',
    ...(not_recorded === null ? [] : [`**${escaped(not_recorded)}**`, '']),
    ...shown.map((text) => `- ${escaped(text)}`),
    ...(more > 0 ? [`- ${number(more)} more: see the tables under Analysis.`] : []),
    ...(shown.length === 0 ? [] : ['']),
    ...notes.flatMap((text) => [escaped(text), '']),
  ];
};

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of block
const block = (content: Block): string[] => {
  switch (content.kind) {
    case 'text':
      return [escaped(content.text), ''];
    case 'warning':
      return [`**${escaped(content.text)}**`, ''];
    case 'list':
      return [...content.items.map((item) => `- ${cell(item)}`), ''];
    case 'facts':
      return [...content.facts.flatMap(([name, value]) => fact(escaped(name), value)), ''];
    case 'commands':
      return [`${escaped(content.about)}:`, '', ...markdownBlock(content.lines), ''];
    case 'fold':
      return [`**${escaped(content.summary)}**`, '', ...content.blocks.flatMap(block)];
    case 'group':
      return [`#### ${escaped(content.title)}`, '', ...content.blocks.flatMap(block)];
    case 'entry':
      return [
        `##### ${escaped(content.title)}`,
        '',
        ...(content.tags.length === 0 ? [] : [content.tags.map(cell).join(' · '), '']),
        ...content.blocks.flatMap(block),
        ...(content.signOff === true ? ['- [ ] done by ____________ at ____________ UTC', ''] : []),
      ];
    case 'graph':
    case 'map':
    case 'weeks':
    case 'lanes':
      return [];
    case 'table':
      return table(content.table);
  }
};

/** Many values stand one under another: a line of thousands of characters is not read. */
const fact = (name: string, value: Cell): string[] =>
  value.as === 'stack' && value.cells.length > 3
    ? [`- **${name}:**`, ...value.cells.map((one) => `  - ${cell(one)}`)]
    : [`- **${name}:** ${cell(value)}`];

const table = ({ caption, columns, rows, total, allIn, empty }: Table): string[] => {
  if (total === 0) return [escaped(empty), ''];
  const rule = columns.map((_, at) => (rows.some((row) => row[at]?.as === 'number') ? '---:' : '---'));
  return [
    `**${escaped(caption)}** (${number(total)})`,
    '',
    line(columns.map(escaped)),
    line(rule),
    ...rows.map((row) => line(row.map(cell))),
    '',
    ...(rows.length < total
      ? [`**The first ${number(rows.length)} of ${number(total)} rows are shown; ${allIn} holds all.**`, '']
      : []),
  ];
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of cell
const cell = (content: Cell): string => {
  switch (content.as) {
    case 'text':
    case 'muted':
    case 'tag':
      return escaped(content.text);
    case 'time':
    case 'number':
      return escaped(content.text);
    case 'code':
    case 'event':
      return markdownCode(content.text);
    case 'stack': {
      const hop = '→ '.repeat(content.hop ?? 0);
      return `${hop}${content.cells.map(cell).join('; ')}`;
    }
  }
};
