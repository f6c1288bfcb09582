/** Answers that lean on findings: what data was touched, and which backdoors were made. */
import { cut, kinds, readDetail } from './answers-inventory.ts';
import type { Finding } from './model.ts';
import { severities } from './model.ts';
import { type Answer, type AnswersInput, answer, attempts, doneWithin, type Tally, tally } from './tally.ts';
import { bytes, count, list, number, service, shortName, thing } from './words.ts';

/** Packs whose findings answer each question. */
const dataPacks = new Set(['data-access']);
const backdoorPacks = new Set(['backdoors', 'new-principals']);

export const answerData = (report: AnswersInput): Answer => {
  const access = tally(report.data_access);
  const all = findingsOf(report, dataPacks);
  // Findings on reads that the inventory counts already are told, not counted again.
  const counted = new Set(report.data_access.flatMap((row) => row.event_ids));
  const uncounted = (row: Finding): boolean => !row.event_ids.some((id) => counted.has(id));
  const [signs, tries] = [all.done.filter(uncounted), all.attempted.filter(uncounted)];
  const recorded = report.coverage.data_events.filter((row) => row.events > 0).map((row) => service(row.event_source));
  const readable = recorded.includes('s3');
  const idle = access.done.length + access.attempted.length + signs.length + tries.length === 0;
  return answer({
    id: 'data',
    done: list([
      ...accessInWords(access.done),
      ...(signs.length > 0 ? [`${count(signs.length, 'finding')} of data read, shared or moved${partly(signs)}`] : []),
    ]),
    attempted: attempts([...access.attempted, ...tries]),
    otherwise: readable
      ? {
          state: 'none',
          headline: `No access to data is recorded in the data events of ${list(recorded)}${unless(report, dataPacks)}.`,
        }
      : { state: 'not_recorded', headline: notRecorded(recorded) },
    details: [
      ...cut([...bySeverity(all.done).map((row) => row.summary), ...all.byOthers, ...access.done.map(readDetail)]),
      ...(readable || idle ? [] : [notRecorded(recorded)]),
    ],
    coverage: report.coverage.sentence,
  });
};

const notRecorded = (recorded: readonly string[]): string => {
  const only = recorded.length === 0 ? 'no data events' : `data events of ${list(recorded)} only`;
  return `Not recorded: the evidence holds ${only}, so that reads of S3 objects cannot show in it.`;
};

/** Data shared, exported or changed was not read, by these calls at least. */
const otherThanRead = /^(shared|written|deleted)_|_export$/;

const accessInWords = (rows: AnswersInput['data_access']): string[] => {
  const others = rows.filter((row) => otherThanRead.test(row.kind));
  const reads = rows.filter((row) => !otherThanRead.test(row.kind));
  const calls = reads.reduce((sum, row) => sum + row.calls, 0);
  const out = reads.reduce((sum, row) => sum + (row.bytes_out ?? 0), 0);
  const named = (some: typeof rows): string => kinds(some.map((row) => thing(row.kind)));
  return [
    ...(reads.length > 0 ? [`${count(calls, 'read')} of ${named(reads)}${out > 0 ? ` (${bytes(out)} out)` : ''}`] : []),
    ...(others.length > 0 ? [named(others)] : []),
  ];
};

export const answerBackdoors = (report: AnswersInput): Answer => {
  const { done, attempted, byOthers } = findingsOf(report, backdoorPacks);
  const explained = done.filter((row) => row.status === 'explained').length;
  const deletions = new Map<string, string>();
  for (const row of [...report.principals, ...report.resources]) {
    if (row.later_deleted_by !== null) deletions.set(row.event_id, row.later_deleted_by);
  }
  const told = bySeverity(done).map((row) => {
    const by = row.event_ids.map((id) => deletions.get(id)).find((name) => name !== undefined);
    return `${row.summary}${by === undefined ? '' : ` (what it made was deleted later by ${shortName(by)})`}`;
  });
  const deleted = done.filter((row) => row.event_ids.some((id) => deletions.has(id))).length;
  return answer({
    id: 'backdoors',
    done:
      done.length === 0
        ? ''
        : [
            `${count(done.length, 'finding')} of backdoors or new principals${partly(done)}`,
            ...(explained > 0 ? [`${number(explained)} explained as known`] : []),
            ...(deleted > 0 ? [`what ${number(deleted)} of them made was deleted later`] : []),
          ].join(', '),
    attempted: attempts(attempted),
    otherwise:
      report.coverage.management_events > 0
        ? { state: 'none', headline: `No backdoor and no new principal is found${unless(report, backdoorPacks)}.` }
        : { state: 'not_recorded', headline: 'Not recorded: the evidence holds no management events.' },
    details: cut([...told, ...byOthers]),
    coverage: report.coverage.sentence,
  });
};

/** Findings on what others did later are told apart: they are never counted as the scope's own. */
const findingsOf = (report: AnswersInput, packs: Set<string>): Tally<Finding> & { byOthers: string[] } => {
  const later = new Set(report.consequences.map((row) => row.event_id));
  const isLater = (row: Finding): boolean => row.event_ids.length > 0 && row.event_ids.every((id) => later.has(id));
  const rows = report.findings.filter((row) => packs.has(row.pack));
  const own = rows.filter((row) => !isLater(row));
  const byOthers = bySeverity(rows.filter(isLater)).map((row) => `By others, later: ${row.summary}`);
  return { ...tally(own, doneWithin(report.timeline, own)), byOthers };
};

const partly = (rows: readonly Finding[]): string => {
  const mixed = rows.filter((row) => row.outcome === 'mixed').length;
  return mixed === 0 ? '' : ` (${number(mixed)} with mixed outcomes)`;
};

/** A rule that stopped found nothing because it did not look. */
const unless = (report: AnswersInput, packs: Set<string>): string => {
  const stopped = report.stopped_rules.filter((row) => packs.has(row.rule.split('/')[0] ?? '')).length;
  return stopped === 0 ? '' : `, but ${count(stopped, 'rule')} that would tell did not run to the end`;
};

export const bySeverity = <Row extends { severity: Finding['severity'] }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
