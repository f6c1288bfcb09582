/** Runs rules over the scope: each with a timer and a cap, none able to harm another. */
import type { Connection, Database, Statement } from '../database.ts';
import { collect, complete, type Draft, inOrder, type RuleFinding } from './findings.ts';
import { lintRule } from './lint.ts';
import { isShipped } from './packs.ts';
import type { Rule } from './rule.ts';
import { unfold } from './unfold.ts';

export type RuleRun = {
  findings: RuleFinding[];
  /** Rules that did not run to their end, with the reason. */
  stopped: { rule: string; reason: string }[];
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

const defaults = { timeoutMs: 30_000, maxRows: 100_000, lanes: 2 };
const stopReason =
  (timeoutMs: number) =>
  (error: unknown, timedOut: boolean): string => {
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
      for (const row of chunk) collect(drafts, rule, row);
    }
    return [...drafts.values()];
  } catch (error) {
    throw new Error(stopReason(options.timeoutMs)(error, timedOut), { cause: error });
  } finally {
    clearTimeout(timer);
  }
};

/** One rule, from its text to its rows. */
const attempt = async (
  rule: Rule,
  connection: Connection,
  options: Required<RunOptions>,
): Promise<Draft[] | string> => {
  let statement: Statement | undefined;
  try {
    // Those shipped are the program's own; its tests hold them to the linter, which takes as long as preparing them.
    const linted = isShipped(rule)
      ? { statement: await connection.prepare(rule.sql), complaints: [] }
      : await lintRule(rule, connection);
    statement = linted.statement;
    if (!statement) return `not run: ${linted.complaints.map(({ what }) => what).join('; ')}`;
    return await runRule(rule, statement, connection, options);
  } catch (error) {
    return (error as Error).message;
  } finally {
    statement?.close();
  }
};

const beginReading = async (db: Database): Promise<Connection> => {
  const connection = await db.connect();
  await connection.run('BEGIN TRANSACTION READ ONLY');
  return connection;
};

/**
 * Runs each rule inside a read-only transaction, with a timer and a row cap. A rule that fails, hangs or floods is stopped and named; the others run on,
 * on a connection that it never touched. Results do not depend on which ends first.
 */
export const runRules = async (db: Database, rules: Rule[], given: RunOptions = {}): Promise<RuleRun> => {
  const options = { params: {}, ...defaults, ...given };
  const missing = await unfold(db, rules, options.timeoutMs, stopReason(options.timeoutMs));
  const outcomes: (Draft[] | string)[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    let connection = await beginReading(db);
    for (let i = next++; i < rules.length; i = next++) {
      const outcome = missing(rules[i]!) ?? (await attempt(rules[i]!, connection, options));
      outcomes[i] = outcome;
      if (typeof outcome !== 'string') continue;
      connection.close();
      connection = await beginReading(db);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  const drafts = outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome));
  const stopped = outcomes.flatMap((outcome, i) =>
    typeof outcome === 'string' ? [{ rule: rules[i]!.id, reason: outcome }] : [],
  );
  const findings = await complete(db, drafts);
  const proven = new Set(findings.map(({ rule, subject }) => `${rule.id}\0${subject}`));
  for (const { rule, subject } of drafts) {
    if (!proven.has(`${rule.id}\0${subject}`))
      stopped.push({ rule: rule.id, reason: `names no event of the evidence for ${subject}` });
  }
  return { findings: inOrder(findings), stopped };
};
