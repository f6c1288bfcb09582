/** Sorts what happened from what was only tried, and says both in words. */
import type { Finding, Report } from './model.ts';
import { count, list, number, sentence } from './words.ts';

export type MixedOutcome = Finding['outcome'];
export type Answer = Report['answers'][number];

/** What the answers are read from. */
export type AnswersInput = Pick<
  Report,
  | 'coverage'
  | 'credentials'
  | 'resources'
  | 'principals'
  | 'secrets'
  | 'data_access'
  | 'findings'
  | 'stopped_rules'
  | 'consequences'
  | 'timeline'
>;

export type Tally<Row> = {
  done: Row[];
  attempted: Row[];
};

/** Only a success did anything: a dry run, a denial and every other failure are attempts. */
export const tally = <Row extends { outcome: MixedOutcome }>(
  rows: readonly Row[],
  succeeded: (row: Row) => boolean = isDone,
): Tally<Row> => ({ done: rows.filter(succeeded), attempted: rows.filter((row) => !succeeded(row)) });

const isDone = (row: { outcome: MixedOutcome }): boolean => row.outcome === 'success';

/**
 * A finding over events that ended differently did something if one of them succeeded. The timeline holds the events of
 * findings and tells; where it is cut short and nobody can tell, the finding counts as done, since the other error costs more.
 */
export const doneWithin = (timeline: Report['timeline'], rows: readonly MixedRow[]): ((row: MixedRow) => boolean) => {
  const wanted = new Set(rows.filter((row) => row.outcome === 'mixed').flatMap((row) => row.event_ids));
  const ending = new Map(timeline.filter((row) => wanted.has(row.event_id)).map((row) => [row.event_id, row.outcome]));
  const allFailed = (row: MixedRow): boolean =>
    row.events === row.event_ids.length && row.event_ids.every((id) => ending.has(id) && ending.get(id) !== 'success');
  return (row) => isDone(row) || (row.outcome === 'mixed' && !allFailed(row));
};

type MixedRow = Pick<Finding, 'outcome' | 'event_ids' | 'events'>;

const ended: Record<MixedOutcome, string> = {
  success: 'done',
  denied: 'denied',
  dry_run: 'as a dry run',
  throttled: 'throttled',
  not_found: 'on things that were not found',
  failed: 'failed',
  mixed: 'that ended in several ways',
};

/** `2 attempts denied and 1 failed`; empty where nothing was tried. */
export const attempts = (rows: readonly { outcome: MixedOutcome; calls?: number }[]): string => {
  const byOutcome = new Map<MixedOutcome, number>();
  for (const row of rows) byOutcome.set(row.outcome, (byOutcome.get(row.outcome) ?? 0) + (row.calls ?? 1));
  return list(
    [...byOutcome].map(
      ([outcome, amount], at) => `${at === 0 ? count(amount, 'attempt') : number(amount)} ${ended[outcome]}`,
    ),
  );
};

const questions: Record<Answer['id'], string> = {
  created: 'What was created?',
  data: 'What data was touched?',
  backdoors: 'What backdoors were made?',
  credentials: 'What other credentials were exposed?',
};

export type Verdict = {
  id: Answer['id'];
  /** What was done, as one clause; empty where nothing was. */
  done: string;
  /** What was only tried, as one clause. */
  attempted: string;
  /** Said where neither holds: what was not found, or why the evidence cannot tell. */
  otherwise: { state: 'none' | 'not_recorded'; headline: string };
  /** Most important first. */
  details: Detail[];
  notes?: string[];
  coverage: string;
};

export type Detail = { text: string; critical?: boolean };

/** Of the details; the tables and report.json's other lists hold the rest. */
const mostDetails = 100;

export const answer = ({ id, done, attempted, otherwise, details, notes = [], coverage }: Verdict): Answer => {
  const facts = {
    details: details.slice(0, mostDetails).map(({ text }) => text),
    total: details.length,
    critical: details.slice(0, mostDetails).filter(({ critical }) => critical).length,
  };
  const question = questions[id];
  // What the evidence cannot tell stays untold by what it does tell.
  const not_recorded = otherwise.state === 'not_recorded' ? otherwise.headline : null;
  if (done !== '') {
    const headline = sentence([done, attempted].filter(Boolean).join('; '));
    return { id, question, state: 'found', headline, not_recorded, ...facts, notes };
  }
  if (attempted !== '') {
    const headline = sentence(`${attempted}; none seen to succeed`);
    return { id, question, state: 'attempted', headline, not_recorded, ...facts, notes: [...notes, coverage] };
  }
  return { id, question, ...otherwise, not_recorded: null, ...facts, notes: [...notes, coverage] };
};
