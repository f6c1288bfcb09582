/** The timeline: notable events in order of time, equal ones in a row told once. */
import type { Report, TimelineRow } from '../model.ts';
import { patternPacks } from '../packs.ts';
import { count, number, service, shortName } from '../words.ts';
import { type Cell, code, first, mostRows, muted, outcome, type Section, stack, table, text, time } from './blocks.ts';

/** Events that follow each other and differ in time and object alone; never empty. */
type Run = [TimelineRow, ...TimelineRow[]];

export const timeline = (report: Report): Section => {
  const runs = together(report.timeline);
  const shown = runs.slice(0, mostRows).reduce((sum, run) => sum + run.length, 0);
  const cut = shown < report.timeline_total;
  const which = cut
    ? `The first ${number(shown)} of ${number(report.timeline_total)} notable events are shown`
    : `${count(shown, 'notable event')} of ${number(report.scope.events)} in scope`;
  const name = shortNames(report.evidence.manifest);
  const named = findingsOf(report);
  return {
    id: 'timeline',
    title: 'Timeline',
    onPaper: 'Left out on paper: the table of notable events. See report.html, or timeline.csv for every event.',
    blocks: [
      {
        kind: cut ? 'warning' : 'text',
        text: `${which}: those that changed something, issued a credential, failed on a write, or are in a finding; of reads that show a pattern of use alone, the first. Calls in a row that differ in time and object alone share one line. timeline.csv holds every event of the scope. Under each call stand its event id, the end of its file's name, and its record number, counted from 0.`,
      },
      table(
        {
          id: 'timeline-table',
          caption: 'Notable events',
          empty: 'No notable event.',
          allIn: 'timeline.csv',
          events: (run) => run.map((row) => row.event_id),
          screenOnly: true,
        },
        runs,
        {
          Time: (run) => times(run),
          Call: ([row, ...others]) =>
            stack(
              text(`${callOf(row)}${others.length > 0 ? ` ×${number(others.length + 1)}` : ''}`),
              ...evidenceOf(row, name),
              ...(others.length > 0 ? [further(others)] : []),
            ),
          What: (run) => first([...new Set(run.flatMap((row) => row.what))], 2, code),
          Outcome: ([row]) => stack(outcome(row.outcome), ...(row.error_code === null ? [] : [muted(row.error_code)])),
          Credential: ([row]) => stack(code(row.credential), ...(row.hop === null ? [] : [muted(`hop ${row.hop}`)])),
          From: ([row]) => stack(code(row.source_ip_address), muted(row.region ?? 'no region')),
          Findings: (run) => named(run),
        },
      ),
    ],
  };
};

const together = (rows: readonly TimelineRow[]): Run[] => {
  const runs: Run[] = [];
  let last = '';
  for (const row of rows) {
    const kind = JSON.stringify([
      row.event_source,
      row.event_name,
      row.outcome,
      row.error_code,
      row.credential,
      row.region,
      row.source_ip_address,
      row.findings,
    ]);
    if (kind === last) runs.at(-1)?.push(row);
    else runs.push([row]);
    last = kind;
  }
  return runs;
};

/** As policies write it: `iam:CreateUser`. */
const callOf = ({ event_source: source, event_name: name }: TimelineRow): string =>
  `${source === null ? 'no source' : service(source)}:${name ?? 'unnamed'}`;

const times = (run: Run): Cell => {
  const until = run.at(-1)?.time ?? null;
  return until === run[0].time ? time(until) : stack(time(run[0].time), muted('to'), time(until));
};

/** Where a record is: its event id, and the short name of its file. */
export const evidenceOf = (
  row: { event_id: string; file: string; record_index: number },
  name: (path: string) => string,
): Cell[] => [
  code(row.event_id),
  { as: 'code', text: `${name(row.file)}#${row.record_index}`, full: `${row.file}#${row.record_index}` },
];

const further = (others: readonly TimelineRow[]): Cell => ({
  as: 'muted',
  text: `and ${count(others.length, 'more event')}`,
  rest: others.map((row) => code(row.event_id)),
});

/** Two rules by their short names, those about the event itself before those about a whole pattern of use; the others unfold. */
const findingsOf = (report: Report): ((run: Run) => Cell) => {
  const known = new Map(report.findings.map((finding) => [finding.id, finding]));
  const general = (rule: string): boolean => patternPacks.has(rule.split('/')[0] ?? '');
  return (run) => {
    const ids = [...new Set(run.flatMap((row) => row.finding_ids))];
    const rules = run[0].findings.toSorted((a, b) => Number(general(a)) - Number(general(b)));
    const ofRule = rules.map((rule) => ({ rule, ids: ids.filter((id) => known.get(id)?.rule === rule) }));
    return first(
      [
        ...ofRule.map(({ rule, ids: [id] }): Cell => link(lastPart(rule), id)),
        ...ofRule.flatMap(({ rule, ids: [, ...others] }) =>
          others.map((id) => link(`${lastPart(rule)}: ${shortName(known.get(id)?.subject ?? '')}`, id)),
        ),
      ],
      2,
      (cell) => cell,
    );
  };
};

const link = (words: string, finding: string | undefined): Cell =>
  finding === undefined ? text(words) : { as: 'text', text: words, finding };

/** CloudTrail's file names end in a part of their own: that, where it is the only one; else the name; else the whole path. */
export const shortNames = (manifest: Report['evidence']['manifest']): ((path: string) => string) => {
  const ways = [(path: string) => lastPart(path).replace(/^.*_(?=[^_]+$)/, ''), lastPart];
  const seen = ways.map((way) => {
    const names = new Map<string, number>();
    for (const { path } of manifest) names.set(way(path), (names.get(way(path)) ?? 0) + 1);
    return { way, names };
  });
  return (path) => seen.find(({ way, names }) => names.get(way(path)) === 1)?.way(path) ?? path;
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
