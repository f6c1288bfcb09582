/** From rows of rules to findings: rows about one subject become one finding, with its events, how they ended and where they lie. */
import { createHash } from 'node:crypto';
import { type Cell, type Database, queryText } from '../database.ts';
import { type Severity, severities } from '../errors.ts';
import type { Rule } from './rule.ts';

export type RuleFinding = {
  id: string;
  rule: Rule;
  severity: Severity;
  subject: string;
  summary: string;
  outcome: string;
  credential: string | null;
  events: number;
  /** The first hundred, in time order; so is `evidence`. */
  event_ids: string[];
  all_event_ids: Set<string>;
  first_seen: string | null;
  last_seen: string | null;
  evidence: { file: string; record_index: number }[];
  details: Record<string, Cell>;
  status: 'open' | 'explained';
  /** What the known-good file says of it: labels and reasons of the entries that cover its events. */
  explained_by: string | null;
  explained_because: string | null;
  /** Its severity before the known-good file lowered it. */
  lowered_from: Severity | null;
};

/** What a row tells: one call, or calls of one kind that ended alike. */
type Act = { severity: Severity; summary: string; eventIds: Set<string>; details: Record<string, Cell> };
/** What one rule has to say about one subject. */
export type Draft = { rule: Rule; subject: string; acts: Map<string, Act> };
type JoinedAct = { act: number; outcomes: string[]; first_seen: string | null };
type Joined = Pick<RuleFinding, 'events' | 'event_ids' | 'first_seen' | 'last_seen' | 'evidence'> & {
  finding: number;
  acts: JoinedAct[];
  credential: string | null;
  credentials: number;
};

const idsAtOnce = 100_000;
/** What the engine keeps for each act that it sorts the events of, told in events: tens of thousands of small findings ran out of memory. */
const roomOfAct = 100;
/** Acts told one by one; what goes beyond is counted, and its events are in the finding. */
const mostActs = 12;
const findingColumns = new Set(['event_id', 'event_ids', 'subject', 'summary', 'severity']);
const rank = (severity: Severity): number => severities.indexOf(severity);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const text = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);

/** A list without its empty places; null where nothing is left to tell. */
const withoutGaps = (cell: Cell): Cell => {
  if (!Array.isArray(cell)) return cell;
  const told = cell.filter((item) => item !== null);
  return told.length === 0 ? null : told;
};

const actOf = (rule: Rule, row: Record<string, Cell>): Act => {
  const ids = 'event_ids' in row ? (row['event_ids'] as string[] | null) : [text(row['event_id'])];
  return {
    severity: severities.find((name) => name === row['severity']) ?? rule.severity,
    summary: text(row['summary']),
    eventIds: new Set(ids ?? []),
    details: Object.fromEntries(
      Object.entries(row).flatMap(([name, cell]): [string, Cell][] => {
        const known = findingColumns.has(name) ? null : withoutGaps(cell);
        return known === null ? [] : [[name, known]];
      }),
    ),
  };
};

/** Rows of one rule that have one subject are one finding; those with the same words are one act of it. */
export const collect = (drafts: Map<string, Draft>, rule: Rule, row: Record<string, Cell>): void => {
  // Who is named by an empty text is named as such: a reader must see it.
  const subject = /\S/.test(text(row['subject'])) ? text(row['subject']) : '(empty name)';
  const act = actOf(rule, row);
  const draft = drafts.get(subject) ?? { rule, subject, acts: new Map<string, Act>() };
  drafts.set(subject, draft);
  const same = `${act.severity} ${act.summary}`;
  const known = draft.acts.get(same);
  if (!known) return void draft.acts.set(same, act);
  for (const id of act.eventIds) known.eventIds.add(id);
};

const overall = (outcomes: string[]): string => (outcomes.length === 1 ? outcomes[0]! : 'mixed');

/** One level lower where nothing succeeded; a dry run that would have succeeded counts as done. */
const weigh = (severity: Severity, outcomes: string[]): Severity =>
  outcomes.some((outcome) => outcome === 'success' || outcome === 'dry_run')
    ? severity
    : severities[Math.max(0, rank(severity) - 1)]!;

type ToldAct = Act & JoinedAct;

/** What was done before what was only tried, each in order of time: an attempt must never lend its words to the deed. */
const byDeed = (a: ToldAct, b: ToldAct): number =>
  Number(b.outcomes.includes('success')) - Number(a.outcomes.includes('success')) ||
  compare(a.first_seen ?? '~', b.first_seen ?? '~') ||
  compare(a.summary, b.summary);

/** How an act ended, where the finding's acts ended differently: a refusal, a limit and a name that is not there tell different things. */
const ended = (summary: string, outcomes: string[], whole: string): string => {
  const told = outcomes.map((outcome) => outcome.replace('_', ' ')).join(', ');
  return whole !== 'mixed' || told === 'success' || summary.endsWith(`, ${told}`) ? '' : ` (${told})`;
};

/** What begins alike up to a colon is said once: `X was opened: this; that`. */
const tell = (acts: ToldAct[], whole: string): string => {
  const ends = new Map<string, Set<string>>();
  for (const { summary, outcomes } of acts) ends.set(summary, new Set([...(ends.get(summary) ?? []), ...outcomes]));
  const words = Array.from(
    ends,
    ([summary, outcomes]) => `${summary}${ended(summary, [...outcomes].toSorted(), whole)}`,
  );
  const told = new Map<string, string>();
  for (const summary of words.slice(0, mostActs)) {
    const lead = summary.slice(0, summary.indexOf(': ') + 1) || summary;
    told.set(lead, told.has(lead) ? `${told.get(lead)};${summary.slice(lead.length)}` : summary);
  }
  const more = words.length - mostActs;
  return [...told.values(), ...(more > 0 ? [`${more} further act${more === 1 ? '' : 's'}`] : [])].join('. ');
};

/** Details of all acts; where they differ, each value once. */
const gather = (acts: ToldAct[]): Record<string, Cell> => {
  const gathered = new Map<string, Map<string, Cell>>();
  for (const { details } of acts) {
    for (const [name, cell] of Object.entries(details)) {
      const cells = gathered.get(name) ?? new Map<string, Cell>();
      gathered.set(name, cells.set(text(cell), cell));
    }
  }
  return Object.fromEntries(
    Array.from(gathered, ([name, cells]) => [
      name,
      cells.size === 1 ? cells.values().next().value! : [...cells.values()],
    ]),
  );
};

/** Drafts in portions, each by its first and what comes after its last, so that what is read and joined of them stays small in memory. */
const portionsOf = (drafts: Draft[]): { first: number; end: number }[] => {
  const portions: { first: number; end: number }[] = [];
  let first = 0;
  let ids = 0;
  for (const [i, { acts }] of drafts.entries()) {
    for (const { eventIds } of acts.values()) ids += eventIds.size + roomOfAct;
    if (ids < idsAtOnce && i + 1 < drafts.length) continue;
    portions.push({ first, end: i + 1 });
    first = i + 1;
    ids = 0;
  }
  return portions;
};

const finished = (draft: Draft, { finding: _finding, acts, credential, credentials, ...rest }: Joined): RuleFinding => {
  const written = [...draft.acts.values()];
  const told = acts.map((act) => ({ ...written[act.act]!, ...act })).toSorted(byDeed);
  const outcome = overall([...new Set(told.flatMap(({ outcomes }) => outcomes))]);
  return {
    id: createHash('sha256').update(`${draft.rule.id}\0${draft.subject}`).digest('hex').slice(0, 16),
    rule: draft.rule,
    severity: severities[Math.max(...told.map(({ severity, outcomes }) => rank(weigh(severity, outcomes))))]!,
    subject: draft.subject,
    summary: tell(told, outcome),
    outcome,
    credential: credentials === 1 ? credential : null,
    all_event_ids: new Set(told.flatMap(({ eventIds }) => [...eventIds])),
    ...rest,
    details: gather(told),
    status: 'open' as const,
    explained_by: null,
    explained_because: null,
    lowered_from: null,
  };
};

/** Drafts that name an event of the evidence, with what their events say. */
export const complete = async (db: Database, drafts: Draft[]): Promise<RuleFinding[]> => {
  const portions = portionsOf(drafts);
  if (portions.length === 0) return [];
  await db.run('CREATE OR REPLACE TEMP TABLE found_acts (finding INTEGER, act INTEGER, event_id VARCHAR)');
  for (const { first, end } of portions) {
    const named = drafts
      .slice(first, end)
      .flatMap(({ acts }, i) =>
        Array.from(acts.values(), ({ eventIds }, act) => ({ finding: first + i, act, event_ids: [...eventIds] })),
      );
    await db.run(queryText('steps/found-acts'), { findings: JSON.stringify(named) });
  }
  await db.run(queryText('steps/found-events'));
  const findings: RuleFinding[] = [];
  for (const { first, end } of portions) {
    const joined = await db.rows<Joined>(queryText('steps/findings'), { first, last: end - 1 });
    findings.push(...joined.map((one) => finished(drafts[one.finding]!, one)));
  }
  await db.run('DROP TABLE temp.found');
  return findings;
};

const order = (a: RuleFinding, b: RuleFinding): number =>
  rank(b.severity) - rank(a.severity) ||
  compare(a.first_seen ?? '', b.first_seen ?? '') ||
  compare(a.rule.id, b.rule.id) ||
  compare(a.subject, b.subject);

export const inOrder = (findings: RuleFinding[]): RuleFinding[] => findings.toSorted(order);
