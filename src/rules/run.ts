/** Runs rules over the scope and turns their rows into findings. */
import { createHash } from 'node:crypto';
import { type Cell, type Connection, type Database, queryText, type Statement } from '../database.ts';
import { type Severity, severities } from '../errors.ts';
import { lintRule } from './lint.ts';
import type { Rule } from './rule.ts';

export type RuleRun = {
  findings: RuleFinding[];
  /** Rules that did not run to their end, with the reason. */
  stopped: { rule: string; reason: string }[];
};

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
};

export type RunOptions = {
  /** Parameters by name, for every rule that declares them. */
  params?: Record<string, string | number>;
  timeoutMs?: number;
  /** A rule that returns more rows is stopped: what floods says nothing. */
  maxRows?: number;
  /** Rules that run at a time: a streamed query keeps one processor busy. */
  lanes?: number;
};

type Draft = {
  rule: Rule;
  severity: Severity;
  subject: string;
  summary: string;
  eventIds: Set<string>;
  details: Record<string, Cell>;
};
type Joined = Omit<
  RuleFinding,
  'id' | 'rule' | 'severity' | 'subject' | 'summary' | 'details' | 'outcome' | 'credential' | 'all_event_ids'
> & {
  finding: number;
  outcomes: string[];
  credential: string | null;
  credentials: number;
};

const defaults = { timeoutMs: 30_000, maxRows: 100_000, lanes: 2 };
const idsAtOnce = 100_000;
const findingColumns = new Set(['event_id', 'event_ids', 'subject', 'summary', 'severity']);
const rank = (severity: Severity): number => severities.indexOf(severity);

const text = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);

/** A list without its empty places; null where nothing is left to tell. */
const withoutGaps = (cell: Cell): Cell => {
  if (!Array.isArray(cell)) return cell;
  const told = cell.filter((item) => item !== null);
  return told.length === 0 ? null : told;
};

const draftOf = (rule: Rule, row: Record<string, Cell>): Draft => {
  const ids = 'event_ids' in row ? (row['event_ids'] as string[] | null) : [text(row['event_id'])];
  const severity = severities.find((name) => name === row['severity']) ?? rule.severity;
  const details = Object.fromEntries(
    Object.entries(row).flatMap(([name, cell]): [string, Cell][] => {
      const known = findingColumns.has(name) ? null : withoutGaps(cell);
      return known === null ? [] : [[name, known]];
    }),
  );
  return {
    rule,
    severity,
    // Who is named by an empty text is named as such: a subject joins the rows of one finding, and a reader must see it.
    subject: /\S/.test(text(row['subject'])) ? text(row['subject']) : '(empty name)',
    summary: text(row['summary']),
    eventIds: new Set(ids ?? []),
    details,
  };
};

/** Rows of one rule that have one subject are one finding: the first row's words, all rows' events. */
const merge = (drafts: Map<string, Draft>, draft: Draft): void => {
  const earlier = drafts.get(draft.subject);
  if (!earlier) return void drafts.set(draft.subject, draft);
  for (const id of draft.eventIds) earlier.eventIds.add(id);
  if (rank(draft.severity) > rank(earlier.severity)) earlier.severity = draft.severity;
};

const stopReason = (error: unknown, timedOut: boolean, timeoutMs: number): string => {
  if (timedOut) return `stopped after ${timeoutMs / 1000} s; narrow the window or raise the limit`;
  const [line] = (error as Error).message.split('\n');
  return /out of memory/i.test(line!)
    ? 'stopped: it needs more memory than the run has (raise --memory)'
    : `failed: ${line}`;
};

const runRule = async (
  rule: Rule,
  statement: Statement,
  connection: Connection,
  options: Required<RunOptions>,
): Promise<Draft[]> => {
  const params = Object.fromEntries(
    Object.entries(rule.params).map(([name, { default: value }]) => [name, options.params[name] ?? value]),
  );
  const drafts = new Map<string, Draft>();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    connection.interrupt();
  }, options.timeoutMs);
  try {
    let rows = 0;
    for await (const chunk of statement.stream(params)) {
      rows += chunk.length;
      if (rows > options.maxRows) throw new Error(`it returns more than ${options.maxRows} rows`);
      for (const row of chunk) merge(drafts, draftOf(rule, row));
    }
    return [...drafts.values()];
  } catch (error) {
    throw new Error(stopReason(error, timedOut, options.timeoutMs), { cause: error });
  } finally {
    clearTimeout(timer);
  }
};

const overall = (outcomes: string[]): string => (outcomes.length === 1 ? outcomes[0]! : 'mixed');

/** One level lower where nothing succeeded; a dry run that would have succeeded counts as done. */
const weigh = (severity: Severity, outcomes: string[]): Severity =>
  outcomes.some((outcome) => outcome === 'success' || outcome === 'dry_run')
    ? severity
    : severities[Math.max(0, rank(severity) - 1)]!;

/** Drafts in portions, so that the join of their events stays small in memory. */
const portions = function* (drafts: Draft[]): Generator<Draft[]> {
  let portion: Draft[] = [];
  let ids = 0;
  for (const draft of drafts) {
    portion.push(draft);
    ids += draft.eventIds.size;
    if (ids < idsAtOnce) continue;
    yield portion;
    portion = [];
    ids = 0;
  }
  if (portion.length > 0) yield portion;
};

const complete = async (db: Database, drafts: Draft[]): Promise<RuleFinding[]> => {
  const findings = JSON.stringify(drafts.map(({ eventIds }, finding) => ({ finding, event_ids: [...eventIds] })));
  const joined = await db.rows<Joined>(queryText('steps/findings'), { findings });
  return joined.map(({ finding, outcomes, credential, credentials, ...rest }) => {
    const { rule, severity, subject, summary, details, eventIds } = drafts[finding]!;
    return {
      id: createHash('sha256').update(`${rule.id}\0${subject}`).digest('hex').slice(0, 16),
      rule,
      severity: weigh(severity, outcomes),
      subject,
      summary,
      outcome: overall(outcomes),
      credential: credentials === 1 ? credential : null,
      all_event_ids: eventIds,
      ...rest,
      details,
    };
  });
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const order = (a: RuleFinding, b: RuleFinding): number =>
  rank(b.severity) - rank(a.severity) ||
  compare(a.first_seen ?? '', b.first_seen ?? '') ||
  compare(a.rule.id, b.rule.id) ||
  compare(a.subject, b.subject);

/** One rule, from its text to its rows, on a connection of its own. */
const attempt = async (db: Database, rule: Rule, options: Required<RunOptions>): Promise<Draft[] | string> => {
  const connection = await db.connect();
  let statement: Statement | undefined;
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const linted = await lintRule(rule, connection);
    statement = linted.statement;
    if (!statement) return `not run: ${linted.complaints.join('; ')}`;
    return await runRule(rule, statement, connection, options);
  } catch (error) {
    return (error as Error).message;
  } finally {
    statement?.close();
    connection.close();
  }
};

/**
 * Runs each rule on a connection of its own, inside a read-only transaction, with a timer and a row cap.
 * A rule that fails, hangs or floods is stopped and named; the others run on. Results do not depend on which ends first.
 */
export const runRules = async (db: Database, rules: Rule[], given: RunOptions = {}): Promise<RuleRun> => {
  const options = { params: {}, ...defaults, ...given };
  const outcomes: (Draft[] | string)[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < rules.length; i = next++) outcomes[i] = await attempt(db, rules[i]!, options);
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  const drafts = outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome));
  const stopped = outcomes.flatMap((outcome, i) =>
    typeof outcome === 'string' ? [{ rule: rules[i]!.id, reason: outcome }] : [],
  );
  const findings: RuleFinding[] = [];
  for (const portion of portions(drafts)) findings.push(...(await complete(db, portion)));
  const proven = new Set(findings.map(({ rule, subject }) => `${rule.id}\0${subject}`));
  for (const { rule, subject } of drafts) {
    if (!proven.has(`${rule.id}\0${subject}`))
      stopped.push({ rule: rule.id, reason: `names no event of the evidence for ${subject}` });
  }
  return { findings: findings.toSorted(order), stopped };
};
