/** What data was touched: reads counted as things, and findings on data that no read counts. */
import { readDetail } from './answers-inventory.ts';
import { findingDetails, findingsOf, inNouns, thingsOf, unless } from './answers-findings.ts';
import { dataPacks } from './packs.ts';
import { type Answer, type AnswersInput, answer, attempts, tally } from './tally.ts';
import { bytes, count, list, service, thing } from './words.ts';

export const answerData = (report: AnswersInput): Answer => {
  const access = tally(report.data_access);
  const all = findingsOf(report, dataPacks);
  // Findings on reads that the inventory counts already are told, not counted again; reads that a finding tells are not told again.
  const counted = new Set(report.data_access.flatMap((row) => row.event_ids));
  const told = new Set(all.done.flatMap((row) => row.event_ids));
  const uncounted = (row: { event_ids: string[] }): boolean => !row.event_ids.some((id) => counted.has(id));
  const others = all.done.filter(uncounted);
  const untold = access.done.filter((row) => !row.event_ids.every((id) => told.has(id)));
  const recorded = report.coverage.data_events.filter((row) => row.events > 0).map((row) => service(row.event_source));
  return answer({
    id: 'data',
    done: list([...accessInWords(access.done), ...(others.length > 0 ? inNouns(thingsOf(others), others) : [])]),
    attempted: attempts([...access.attempted, ...all.attempted.filter(uncounted)]),
    otherwise: recorded.includes('s3')
      ? {
          state: 'none',
          headline: `No access to data is recorded in the data events of ${list(recorded)}${unless(report, dataPacks)}.`,
        }
      : { state: 'not_recorded', headline: notRecorded(recorded) },
    details: [...findingDetails(all), ...untold.map(readDetail)],
    coverage: report.coverage.sentence,
  });
};

const notRecorded = (recorded: readonly string[]): string => {
  const only = recorded.length === 0 ? 'no data events' : `data events of ${list(recorded)} only`;
  return `Not recorded: the evidence holds ${only}, so that reads of S3 objects cannot show in it.`;
};

/** Objects of buckets, and what the call did with them. */
const objectVerbs = new Map([
  ['object', 'downloaded from'],
  ['bucket', 'downloaded from'],
  ['object_description', 'looked up in'],
  ['described_bucket', 'looked up in'],
  ['written_object', 'written to'],
  ['written_bucket', 'written to'],
  ['deleted_object', 'deleted from'],
  ['bucket_with_deletions', 'deleted from'],
]);

/** Everything else by its kind: what was touched, and how. What is not named here, or by its ending, was read. */
const otherKinds = new Map([
  ['bucket_listing', ['bucket', 'listed']],
  ['written_table', ['table', 'written to']],
  ['query', ['database', 'queried']],
  ['container_image', ['container image', 'pulled']],
  ['snapshot', ['snapshot', 'read block by block']],
]);

const wordsOf = (kind: string): string[] =>
  otherKinds.get(kind) ??
  (kind.startsWith('shared_')
    ? [thing(kind.slice('shared_'.length)), 'shared']
    : kind.endsWith('_export')
      ? [thing(kind.slice(0, -'_export'.length)), 'exported']
      : [thing(kind), 'read']);

type Rows = AnswersInput['data_access'];

const accessInWords = (rows: Rows): string[] => [
  ...[...new Set(objectVerbs.values())].flatMap((verb) =>
    objectsInWords(
      verb,
      rows.filter((row) => objectVerbs.get(row.kind) === verb),
    ),
  ),
  ...[...new Set(rows.flatMap((row) => (objectVerbs.has(row.kind) ? [] : [row.kind])))].map((kind) => {
    const [noun = '', verb = ''] = wordsOf(kind);
    return `${count(new Set(rows.flatMap((row) => (row.kind === kind ? [row.id] : []))).size, noun)} ${verb}`;
  }),
];

/** Bytes are those that S3 says it sent: only downloads send objects out. */
const objectsInWords = (verb: string, rows: Rows): string[] => {
  if (rows.length === 0) return [];
  const objects = rows.reduce((sum, row) => sum + (row.objects ?? 1), 0);
  const buckets = new Set(rows.map((row) => row.id.split('/')[0])).size;
  const out = rows.reduce((sum, row) => sum + (row.bytes_out ?? 0), 0);
  const size = out > 0 && verb === 'downloaded from' ? ` (${bytes(out)})` : '';
  return [`${count(objects, 'object')}${size} ${verb} ${count(buckets, 'bucket')}`];
};
