/** Answers that lean on findings: which backdoors were made, and how findings are counted as things. */
import { untilNow } from './answers-inventory.ts';
import { groupBy } from './group.ts';
import { kindList } from './kinds.ts';
import type { Finding, Report } from './model.ts';
import { severities } from './model.ts';
import { nounOf, nounRank, wayIn } from './nouns.ts';
import { backdoorPacks } from './packs.ts';
import {
  type Answer,
  type AnswersInput,
  answer,
  attempts,
  type Detail,
  doneWithin,
  type Tally,
  tally,
} from './tally.ts';
import { byWhom, count, list } from './words.ts';

type Made = Report['principals'][number] | Report['resources'][number];
type MadeBy = Map<string, Made[]>;

export const answerBackdoors = (report: AnswersInput): Answer => {
  const found = findingsOf(report, backdoorPacks);
  const made: MadeBy = groupBy([...report.principals, ...report.resources], (row) => row.event_id);
  const things = thingsOf(found.done, made);
  const deleted = things.filter(({ rows }) => rows.every((row) => fateOf(row, made) === 'deleted')).length;
  const explained = found.done.filter((row) => row.status === 'explained').length;
  return answer({
    id: 'backdoors',
    done:
      found.done.length === 0
        ? ''
        : [
            list(inNouns(things, found.done)),
            untilNow(things.length, deleted, 'deleted or undone'),
            explained > 0 ? `; ${count(explained, 'finding')} explained as known` : '',
          ].join(''),
    attempted: attempts(found.attempted),
    otherwise:
      report.coverage.management_events > 0
        ? { state: 'none', headline: `No backdoor and no new principal is found${unless(report, backdoorPacks)}.` }
        : { state: 'not_recorded', headline: 'Not recorded: the evidence holds no management events.' },
    details: findingDetails(found, made),
    coverage: report.coverage.sentence,
  });
};

type Found = Tally<Finding> & { byOthers: Finding[] };

/** Findings on what others did later are told apart: they are never counted as the scope's own. */
export const findingsOf = (report: AnswersInput, packs: ReadonlySet<string>): Found => {
  const later = new Set(report.consequences.map((row) => row.event_id));
  const isLater = (row: Finding): boolean => row.event_ids.length > 0 && row.event_ids.every((id) => later.has(id));
  const rows = report.findings.filter((row) => packs.has(row.pack));
  const own = rows.filter((row) => !isLater(row));
  return {
    ...tally(own, doneWithin(report.timeline, own)),
    byOthers: rows.filter((row) => isLater(row) && row.status === 'open'),
  };
};

type Thing = { noun: string; rows: Finding[] };

/** Several findings can tell of one thing: a user with a key and a password is one user. */
export const thingsOf = (rows: readonly Finding[], made: MadeBy = new Map()): Thing[] => {
  const user = (row: Finding): string | undefined =>
    row.event_ids.flatMap((id) => made.get(id) ?? []).flatMap((one) => ('name' in one ? [one.name] : []))[0];
  const counted = rows.filter((row) => nounOf(row) !== '');
  const things = groupBy(counted, (row) => {
    const noun = nounOf(row);
    return `${noun}\0${(noun === wayIn ? user(row) : undefined) ?? row.subject}`;
  });
  return [...things.values()].map((some) => ({ noun: nounOf(some[0]!), rows: some }));
};

/** Where all findings are of patterns, whose parts others count, there is nothing else to count. */
export const inNouns = (things: readonly Thing[], rows: readonly Finding[]): string[] =>
  things.length === 0
    ? [count(rows.length, 'finding')]
    : kindList(
        things.map(({ noun }) => noun),
        'other thing',
        nounRank,
      );

const fates = ['standing', 'partly deleted', 'deleted'] as const;

/** What became of all that a finding's events made, as far as a deletion was seen. */
const fateOf = (row: Finding, made: MadeBy): (typeof fates)[number] => {
  const all = row.event_ids.flatMap((id) => made.get(id) ?? []);
  const deleted = all.filter((one) => one.later_deleted_by !== null).length;
  if (deleted === 0) return 'standing';
  return deleted === all.length ? 'deleted' : 'partly deleted';
};

/** Critical ones first, whoever did it; then what still stands; then by severity. */
export const findingDetails = ({ done, byOthers }: Found, made: MadeBy = new Map()): Detail[] => {
  const own = done.map((row) => ({ row, fate: fateOf(row, made), text: `${row.summary}${remarks(row, made)}` }));
  const later = byOthers.map((row) => ({ row, fate: 'standing' as const, text: `By others, later: ${row.summary}` }));
  const isCritical = ({ row }: { row: Finding }): boolean => row.severity === 'critical';
  return [...own, ...later]
    .toSorted(
      (a, b) =>
        Number(isCritical(b)) - Number(isCritical(a)) ||
        fates.indexOf(a.fate) - fates.indexOf(b.fate) ||
        severities.indexOf(b.row.severity) - severities.indexOf(a.row.severity),
    )
    .map((one) => ({ text: one.text, critical: isCritical(one) }));
};

const remarks = (row: Finding, made: MadeBy): string => {
  const fate = fateOf(row, made);
  const gone = row.event_ids.flatMap((id) => made.get(id) ?? []).find((one) => one.later_deleted_by !== null);
  if (gone === undefined) return '';
  return ` (${fate === 'deleted' ? '' : 'part of '}what it made was deleted later by ${byWhom(gone)})`;
};

/** A rule that stopped found nothing because it did not look. */
export const unless = (report: AnswersInput, packs: ReadonlySet<string>): string => {
  const stopped = report.stopped_rules.filter((row) => packs.has(row.rule.split('/')[0] ?? '')).length;
  return stopped === 0 ? '' : `, but ${count(stopped, 'rule')} that would tell did not run to the end`;
};

export const bySeverity = <Row extends { severity: Finding['severity'] }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
