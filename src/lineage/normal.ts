/** What was normal for each key, identity and role: learned from the time before, or taken from a saved baseline. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { type Database, queryText } from '../database.ts';
import { refusal, TrailscopeError } from '../errors.ts';

const aspects = [
  'address',
  'agent',
  'agent_version',
  'asn',
  'call',
  'country',
  'delivery',
  'denied',
  'endpoint',
  'hour',
  'mfa',
  'network',
  'owner',
  'region',
  'week_hour',
  'weekday',
] as const;

type Aspect = (typeof aspects)[number];

const asText = (wanted: RegExp, what: string): z.ZodString => z.string().regex(wanted, `must be ${what}, as text`);
/** Of the aspects that are counted with, or that stand for a number; the others may be any text. */
const values: Partial<Record<Aspect, z.ZodString>> = {
  asn: asText(/^[1-9]\d{0,9}$/, 'a network number'),
  hour: asText(/^(\d|1\d|2[0-3])$/, 'an hour of the day, 0 to 23'),
  mfa: asText(/^(true|false)$/, 'true or false'),
  week_hour: asText(/^(\d|[1-9]\d|1[0-5]\d|16[0-7])$/, 'an hour of the week, 0 to 167'),
  weekday: asText(/^[1-7]$/, 'a day of the week, 1 to 7'),
};

// Before the year 1 the engine writes times that it does not read.
const time = z.iso
  .datetime()
  .regex(/^(?!0000)/, 'must be a time after the year 0')
  .nullable();
const count = z.number().int().nonnegative();
const seen = z.strictObject({ calls: count, days: count, first_seen: time, last_seen: time });
const known = (aspect: Aspect) =>
  z.array(z.strictObject({ value: values[aspect] ?? z.string(), ...seen.shape })).optional();
const caller = z.strictObject({
  kind: z.enum(['account', 'credential', 'identity', 'role']),
  id: z.string().min(1),
  use: seen,
  busiest_hour: z.strictObject({ calls: count, hours: count }),
  aspects: z.strictObject(
    Object.fromEntries(aspects.map((aspect) => [aspect, known(aspect)])) as Record<Aspect, ReturnType<typeof known>>,
  ), // Keys are the aspects.
});
const baselineFile = z.strictObject({
  trailscope_baseline: z.literal(1),
  from: time,
  to: time,
  /** What told countries and networks: another release may name them otherwise. Baselines of before do not say. */
  address_data: z
    .array(z.strictObject({ kind: z.string(), name: z.string(), built: z.string().nullable() }))
    .default([]),
  callers: z.array(caller),
});

export type Baseline = z.infer<typeof baselineFile>;
type Caller = z.infer<typeof caller>;
type Seen = z.infer<typeof seen>;
type Row = {
  kind: Caller['kind'];
  id: string;
  aspect: Aspect | 'use' | 'rate';
  value: string;
} & Seen;

/** Tables of numbers for the events that it names; `forget` drops them. */
const takeUses = async (db: Database, events: string, learning: boolean): Promise<void> => {
  await db.run(`CREATE OR REPLACE TEMP VIEW used_events AS SELECT * FROM ${events}`);
  await db.run(`SET VARIABLE learning = ${learning}`);
  await db.run(queryText('steps/uses'));
};
const copied = async (db: Database): Promise<boolean> => (await db.rows('SELECT 1 FROM learned_span')).length === 0;
const forget = `DROP TABLE IF EXISTS uses; DROP TABLE use_callers; DROP TABLE use_calls; DROP TABLE use_manners; DROP TABLE use_agents; DROP TABLE use_addresses; DROP TABLE use_spots`;

/** Learns from the events that the scope's step set apart as the baseline: copied, or told by their time where everything is in scope. */
export const learnNormal = async (db: Database): Promise<void> => {
  await db.run('DELETE FROM normal; DELETE FROM usual; DELETE FROM unusual_uses');
  const [any] = await db.rows('(SELECT 1 FROM learned_span) UNION ALL (SELECT 1 FROM baselined LIMIT 1)');
  if (any === undefined) return;
  await db.run(queryText('steps/learned-time'));
  await takeUses(db, (await copied(db)) ? 'baselined' : 'events', true);
  await db.run(queryText('steps/normal-learn'));
  await db.run(forget);
  await db.run(queryText('steps/normal-words'));
};

/** Weighs what the scope's callers did against what was normal for them: what the rule unusual-use reads. */
export const weighUses = async (db: Database): Promise<void> => {
  await db.run('DELETE FROM unusual_uses');
  // Where the baseline is copied, none of it is in scope.
  if (await copied(db)) await db.run('SET VARIABLE learned_from = NULL');
  await takeUses(db, 'scope_events', false);
  for (const step of ['unusual-flags', 'unusual-scores', 'unusual']) await db.run(queryText(`steps/${step}`));
  await db.run(forget);
};

/** What the case knows to be normal, as a team keeps it. */
export const readNormal = async (db: Database, span: { from: string | null; to: string | null }): Promise<Baseline> => {
  const callers = new Map<string, Caller>();
  for (const { kind, id, aspect, value, ...how } of await db.rows<Row>(queryText('steps/normal'))) {
    const key = `${kind} ${id}`;
    const none = { calls: 0, days: 0, first_seen: null, last_seen: null };
    const one = callers.get(key) ?? { kind, id, use: none, busiest_hour: { calls: 0, hours: 0 }, aspects: {} };
    callers.set(key, one);
    if (aspect === 'use') one.use = how;
    else if (aspect === 'rate') one.busiest_hour = { calls: how.calls, hours: how.days };
    else (one.aspects[aspect] ??= []).push({ value, ...how });
  }
  return { trailscope_baseline: 1, ...span, address_data: [], callers: [...callers.values()] };
};

/** The same baseline, the same bytes. */
export const baselineJson = (baseline: Baseline): string =>
  `${JSON.stringify(baselineFile.parse(baseline), null, 1)}\n`;

/** JSON Schema of a saved baseline, for programs that read or write one. */
export const baselineSchema = (): string =>
  `${JSON.stringify({ title: 'trailscope baseline', ...z.toJSONSchema(baselineFile) }, null, 2)}\n`;

/**
 * Reads a saved baseline.
 * @throws TrailscopeError naming the file where it cannot be read or is none
 */
export const readBaselineFile = (file: string): Baseline => {
  const advice = 'Make one with trailscope baseline build.';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`The baseline ${file} cannot be read: ${why}. ${advice}`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TrailscopeError(`The baseline ${file} is no JSON. ${advice}`);
  }
  const checked = baselineFile.safeParse(parsed);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue!.path.length === 0 ? '' : ` at ${issue!.path.map(String).join('.').slice(0, 120)}`;
  throw new TrailscopeError(`${basename(file)} is no saved baseline: ${issue!.message}${where}. ${advice}`);
};

export const hashOf = (baseline: Baseline): string => createHash('sha256').update(baselineJson(baseline)).digest('hex');

/**
 * Adds a saved baseline to what was learned.
 * @param from start of the window: what was first seen in it is not of the time before, and may be the thief's
 */
export const addNormal = async (db: Database, { callers }: Baseline, from: string | null): Promise<void> => {
  const rows = callers.flatMap(({ kind, id, use, busiest_hour: busiest, aspects: known }) => [
    { kind, id, aspect: 'use', value: '', ...use },
    { kind, id, aspect: 'rate', value: '', ...use, calls: busiest.calls, days: busiest.hours },
    ...aspects.flatMap((aspect) => (known[aspect] ?? []).map((how) => ({ kind, id, aspect, ...how }))),
  ]);
  const isEarlier = ({ first_seen: first }: Pick<Seen, 'first_seen'>): boolean =>
    from === null || first === null || Date.parse(first) < Date.parse(from);
  await db.insert('normal', rows.filter(isEarlier));
  await db.run(queryText('steps/normal-merge'));
  await db.run(queryText('steps/normal-words'));
};

/** What a report says of its baseline; null where nothing tells what was normal. Its time ends with the last use that a saved one tells, left out or not. */
export const describeNormal = async (db: Database, saved: readonly Baseline[]) => {
  const [told] = await db.rows<{ callers: number; first_event: string | null; last_event: string | null }>(
    queryText('steps/normal-span'),
  );
  if (told!.callers === 0 && saved.length === 0) return null;
  const ends = saved.flatMap(({ callers }) => callers.map(({ use }) => use.last_seen));
  const last = [told!.last_event, ...ends].filter((end) => end !== null).toSorted();
  return { ...told!, last_event: last.at(-1) ?? null, saved: saved.map(hashOf) };
};
