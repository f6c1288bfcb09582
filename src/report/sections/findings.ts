/** Findings, worst first, each with why it matters, what its rule misses and where it stands in the evidence. */
import { bySeverity } from '../answers-findings.ts';
import { type Finding, type Report, severities } from '../model.ts';
import { count, knownGoodText, number, sentence, span } from '../words.ts';
import { amount, type Block, code, first, muted, outcome, type Section, severity, table, tag, text } from './blocks.ts';

/** Beyond these a reader needs a spreadsheet: findings.csv. */
const mostFindings = 1000;

/** Beyond these, report.json names the first hundred and timeline.csv every event with its findings. */
const mostEvents = 20;

export const findings = (report: Report): Section => {
  const ordered = bySeverity(report.findings.filter(({ status }) => status === 'open'));
  const known = bySeverity(report.findings.filter(({ status }) => status === 'explained'));
  const shown = ordered.slice(0, mostFindings);
  const blocks: Block[] = [];
  if (report.findings.length === 0)
    blocks.push({ kind: 'text', text: `No rule found anything. ${report.coverage.sentence}` });
  else if (ordered.length > 0) blocks.push(overview(ordered));
  if (shown.length < ordered.length) {
    blocks.push({
      kind: 'warning',
      text: `The first ${number(shown.length)} of ${number(ordered.length)} findings are shown; findings.csv and report.json hold all.`,
    });
  }
  blocks.push(...stopped(report));
  for (const level of severities.toReversed()) {
    const rows = shown.filter((row) => row.severity === level);
    if (rows.length === 0) continue;
    blocks.push({
      kind: 'group',
      title: `${sentence(level).slice(0, -1)} (${number(rows.length)})`,
      blocks: rows.map(entry),
    });
  }
  if (known.length > 0) {
    blocks.push({
      kind: 'group',
      title: `Explained by the known-good file (${number(known.length)})`,
      blocks: [
        {
          kind: 'text',
          text: 'Nothing that a credential in scope did is here. Whether an entry is right, this report cannot tell.',
        },
        ...known.slice(0, mostFindings).map(entry),
      ],
    });
  }
  return {
    id: 'findings',
    title: 'Findings',
    onPaper:
      'Left out on paper: why each matters, what its rule misses, its events and where they lie. See report.html or findings.csv.',
    blocks,
  };
};

/** A rule that stopped has looked at nothing: its silence is no answer. */
const stopped = ({ stopped_rules: rules }: Report): Block[] =>
  rules.length === 0
    ? []
    : [
        {
          kind: 'warning',
          text: `${count(rules.length, 'rule')} did not run to the end; what ${rules.length === 1 ? 'it looks' : 'they look'} for is not answered.`,
        },
        table({ id: 'stopped-rules', caption: 'Rules that stopped', empty: '' }, rules, {
          Rule: (row) => code(row.rule),
          Why: (row) => text(row.reason),
        }),
      ];

const overview = (rows: readonly Finding[]): Block => {
  const packs = [...new Set(rows.map((row) => row.pack))].toSorted();
  const columns = Object.fromEntries(
    severities
      .toReversed()
      .map((level) => [
        level,
        (pack: string) => amount(rows.filter((row) => row.pack === pack && row.severity === level).length),
      ]),
  );
  return table({ id: 'findings-overview', caption: 'Findings by pack and severity', empty: '' }, packs, {
    Pack: (pack) => text(pack),
    ...columns,
    'of which succeeded': (pack) => amount(rows.filter((row) => row.pack === pack && row.outcome === 'success').length),
  });
};

const entry = (row: Finding): Block => {
  return {
    kind: 'entry',
    title: row.title,
    finding: row.id,
    tags: [
      severity(row.severity),
      outcome(row.outcome),
      tag(row.pack, 'plain'),
      ...(row.status === 'explained' ? [tag(`explained by ${row.explained_by ?? 'a known case'}`, 'plain')] : []),
      ...(row.lowered_from === null ? [] : [tag(`lowered from ${row.lowered_from}`, 'plain')]),
    ],
    blocks: [
      { kind: 'text', text: row.summary },
      {
        kind: 'facts',
        facts: [
          ['Subject', code(row.subject)],
          ['When', text(span(row.first_seen, row.last_seen))],
          ['Credential', code(row.credential)],
          ['Finding id', code(row.id)],
          ...(row.explained_by === null
            ? []
            : [['Known good', text(sentence(knownGoodText(row)))] as [string, ReturnType<typeof text>]]),
        ],
      },
      ...comparisons(row),
      {
        kind: 'fold',
        summary: `Why, what it misses, and ${count(row.events, 'event')}`,
        blocks: [background(row)],
      },
    ],
  };
};

type Comparison = Record<string, unknown>;
const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll('_', ' ');
const isComparisons = (value: unknown): value is Comparison[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
/** One list, or one for each act of the finding. */
const comparisonsIn = (value: unknown): Comparison[][] => {
  if (isComparisons(value)) return [value];
  return Array.isArray(value) && value.length > 0 && value.every(isComparisons) ? value : [];
};

/** A detail that is a list of comparisons, such as the signs of an anomaly, each normal → seen, is a table of its own. */
const comparisons = (row: Finding): Block[] =>
  Object.entries(row.details).flatMap(([name, value], at) =>
    comparisonsIn(value).map((list, i, { length }) => {
      const names = [...new Set(list.flatMap((one) => Object.keys(one)))];
      const caption = length === 1 ? capital(name) : `${capital(name)}, ${i + 1} of ${length}`;
      return table(
        { id: `compared-${row.id}-${at}${length === 1 ? '' : `-${i}`}`, caption, empty: '' },
        list,
        Object.fromEntries(names.map((key) => [capital(key), (one: Comparison) => compared(one[key])])),
      );
    }),
  );

const compared = (value: unknown): ReturnType<typeof text> => {
  if (value === null || value === undefined) return muted('–');
  return typeof value === 'number' ? amount(value) : text(plain(value));
};

const background = (row: Finding): Block => {
  const details = Object.entries(row.details).filter(
    ([, value]) => value !== null && value !== '' && comparisonsIn(value).length === 0,
  );
  return {
    kind: 'facts',
    facts: [
      ['Why', text(row.why)],
      ['Misses', text(row.misses)],
      ...details.map(([name, value]): [string, ReturnType<typeof text>] => [
        name.replaceAll('_', ' '),
        code(plain(value)),
      ]),
      [
        `Events (${number(row.events)})`,
        first(row.event_ids, mostEvents, (id) => ({ as: 'event', text: id, whole: true })),
      ],
      ['Evidence', first(row.evidence, mostEvents, (at) => code(`${at.file}#${at.record_index}`))],
      ['Rule', code(row.rule)],
      ['ATT&CK', attack(row)],
    ],
  };
};

const attack = ({ attack: ids }: Finding): ReturnType<typeof text> => {
  if (ids.v18.length + ids.v19.length === 0) return muted('none');
  if (ids.v18.join() === ids.v19.join()) return text(`${ids.v18.join(', ')} (v18 and v19)`);
  return text(`${ids.v18.join(', ') || 'none'} (v18); ${ids.v19.join(', ') || 'none'} (v19)`);
};

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
