/** Answers that lean on findings: what data was touched, and which backdoors were made. */
import { cut, readDetail } from './answers-inventory.ts';
import type { Finding } from './model.ts';
import { severities } from './model.ts';
import { type Answer, type AnswersInput, answer, attempts, doneWithin, type Tally, tally } from './tally.ts';
import { bytes, count, list, number, service, thing } from './words.ts';

/** Packs whose findings answer each question. */
const dataPacks = new Set(['data-access']);
const backdoorPacks = new Set(['backdoors', 'new-principals']);

export function answerData(report: AnswersInput): Answer {
  const reads = tally(report.data_access);
  const signs = findingsOf(report, dataPacks, new Set(report.data_access.flatMap((row) => row.event_ids)));
  const recorded = report.coverage.data_events.filter((row) => row.events > 0).map((row) => service(row.event_source));
  const readable = recorded.includes('s3');
  const idle = [reads, signs].every(({ done, attempted }) => done.length + attempted.length === 0);
  return answer({
    id: 'data',
    done: list([
      ...(reads.done.length > 0 ? [readsInWords(reads.done)] : []),
      ...(signs.done.length > 0 ? [`${count(signs.done.length, 'finding')} of data read, shared or moved`] : []),
    ]),
    attempted: attempts([...reads.attempted, ...signs.attempted]),
    otherwise: readable
      ? { state: 'none', headline: `No access to data is recorded in the data events of ${list(recorded)}.` }
      : { state: 'not_recorded', headline: notRecorded(recorded) },
    details: [
      ...cut([...bySeverity(signs.done).map((row) => row.summary), ...reads.done.map(readDetail)]),
      ...(readable || idle ? [] : [notRecorded(recorded)]),
    ],
    coverage: report.coverage.sentence,
  });
}

function notRecorded(recorded: readonly string[]): string {
  const only = recorded.length === 0 ? 'no data events' : `data events of ${list(recorded)} only`;
  return `Not recorded: the evidence holds ${only}, so that reads of S3 objects cannot show in it.`;
}

function readsInWords(rows: AnswersInput['data_access']): string {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const out = rows.reduce((sum, row) => sum + (row.bytes_out ?? 0), 0);
  const kinds = [...new Set(rows.map((row) => thing(row.kind)))];
  const of = kinds.length === 1 ? count(rows.length, kinds[0] ?? 'thing') : count(rows.length, 'thing');
  return `${count(calls, 'read')} of ${of}${out > 0 ? ` (${bytes(out)} out)` : ''}`;
}

export function answerBackdoors(report: AnswersInput): Answer {
  const { done, attempted } = findingsOf(report, backdoorPacks, new Set());
  const explained = done.filter((row) => row.status === 'explained').length;
  const deletions = new Map<string, string>();
  for (const row of [...report.principals, ...report.resources]) {
    if (row.later_deleted_by !== null) deletions.set(row.event_id, row.later_deleted_by);
  }
  const recorded = report.coverage.management_events > 0;
  return answer({
    id: 'backdoors',
    done:
      done.length === 0
        ? ''
        : `${count(done.length, 'finding')} of backdoors or new principals${explained > 0 ? `, ${number(explained)} explained as known` : ''}`,
    attempted: attempts(attempted),
    otherwise: recorded
      ? { state: 'none', headline: 'No backdoor and no new principal is found.' }
      : { state: 'not_recorded', headline: 'Not recorded: the evidence holds no management events.' },
    details: cut(
      bySeverity(done).map((row) => {
        const by = row.event_ids.map((id) => deletions.get(id)).find((name) => name !== undefined);
        return `${row.summary}${by === undefined ? '' : ` (what it made was deleted later by ${by})`}`;
      }),
    ),
    coverage: report.coverage.sentence,
  });
}

/** Findings of some packs, without those whose events another count already holds. */
function findingsOf(report: AnswersInput, packs: Set<string>, counted: Set<string>): Tally<Finding> {
  const rows = report.findings.filter(
    (row) => packs.has(row.pack) && !(row.event_ids.length > 0 && row.event_ids.every((id) => counted.has(id))),
  );
  return tally(rows, doneWithin(report.timeline, new Set(rows.flatMap((row) => row.event_ids))));
}

export function bySeverity<Row extends { severity: Finding['severity'] }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}
