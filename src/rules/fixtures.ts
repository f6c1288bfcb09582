/** Proves rules: runs each named case of a rule's fixture through the real tables and compares the findings. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Case } from '../case.ts';
import { queryText } from '../database.ts';
import { TrailscopeError } from '../errors.ts';
import { loadBatch } from '../events/load.ts';
import type { AddressFile } from '../events/address-files.ts';
import { describeAddresses } from '../events/addresses.ts';
import { describeAgents } from '../events/agents.ts';
import { noteSpellings } from '../events/spellings.ts';
import { weighUses } from '../lineage/normal.ts';
import { scopeTo, scopeToAll } from '../lineage/scope.ts';
import { inTransaction } from '../transaction.ts';
import type { Rule } from './rule.ts';
import { runRules } from './run.ts';

const expectation = z.strictObject({
  subject: z.string(),
  severity: z.string().optional(),
  outcome: z.string().optional(),
  summary: z.string().optional(),
  event_ids: z.array(z.string()).optional(),
  /** Of the details those that are named, as the report tells them. */
  details: z.record(z.string(), z.unknown()).optional(),
});

/** What an address is, so that no rule's proof hangs on data that changes. */
const fixtureAddress = z.strictObject({
  address: z.string(),
  country: z.string().optional(),
  city: z.string().optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  accuracy_km: z.number().optional(),
  asn: z.number().optional(),
  as_name: z.string().optional(),
  owner: z.enum(['aws', 'cloud', 'hosting', 'vpn', 'tor', 'residential', 'other']).optional(),
  aws_region: z.string().optional(),
  known_good: z.string().optional(),
});

const fixtureCase = z.strictObject({
  name: z.string(),
  /** Records as CloudTrail writes them. */
  events: z.array(z.looseObject({ eventID: z.string() })).min(1),
  /** Of addresses that are not named here only the place is known, and no network. */
  ips: z.array(fixtureAddress).optional(),
  /** Access key ids; none: every event is in scope. */
  seeds: z.array(z.string()).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** The findings, whatever their order; none for a miss. */
  expect: z.array(expectation),
});

const fixtureFile = z.strictObject({ cases: z.array(fixtureCase).min(1) });

export type FixtureCase = z.infer<typeof fixtureCase>;
export type FixtureResult = { rule: string; name: string; hit: boolean; problems: string[] };

/**
 * Reads the cases of one rule.
 * @throws TrailscopeError naming the file where it is missing, no JSON, or not of the schema
 */
export const loadFixture = (file: string): FixtureCase[] => {
  try {
    return fixtureFile.parse(JSON.parse(readFileSync(file, 'utf8'))).cases;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new TrailscopeError(`The fixture ${file} cannot be used: ${why}`);
  }
};

const allTables = ['events', 'duplicates', 'conflicts', 'rejects', 'evidence', 'ips', 'spellings', 'agents'];

/** The table that comes along takes half a second to load, and changes with each release. */
const noNetworks: AddressFile = {
  kind: 'networks',
  name: 'none',
  built: null,
  sha256: 'none',
  location: null,
  ranges: [],
};

const fill = async (opened: Case, { events }: FixtureCase): Promise<void> => {
  const { db, workFolder } = opened;
  await inTransaction(db, async () => db.run(allTables.map((table) => `DELETE FROM ${table};`).join('\n')));
  const path = join(workFolder, 'fixture.ndjson');
  const lines = events.map((event, index) => `${JSON.stringify({ _f: 1, _i: index, _o: 0, ...event })}\n`);
  writeFileSync(path, lines.join(''));
  const bytes = lines.join('').length;
  const result = {
    bytes,
    inflatedBytes: bytes,
    sha256: null,
    sha256Inflated: null,
    records: events.length,
    ignored: 0,
    lines: events.length,
  };
  const file = { fileId: 1, partOf: 1, member: null };
  const finished = [{ ...file, status: 'read' as const, shape: 's3-delivery', reason: null, rejects: [], ...result }];
  const chunks = [{ paths: [path], bytes, lines: events.length, longestLine: bytes }];
  await loadBatch(
    db,
    { chunks, finished },
    new Map([[1, { fileId: 1, path: 'fixture.json', location: 'fixture', modifiedMs: 0 }]]),
  );
};

const describe = async (opened: Case, { ips = [] }: FixtureCase): Promise<void> => {
  const { db } = opened;
  await noteSpellings(db);
  await db.run(queryText('steps/deduplicate'));
  await db.run(queryText('steps/recipients'));
  await describeAddresses(opened, [noNetworks]);
  for (const { address, ...known } of ips) {
    const set = Object.keys(known).map((column) => `${column} = $${column}`);
    const values = Object.fromEntries(Object.entries(known).map(([column, value]) => [column, value ?? null]));
    await db.run(`UPDATE ips SET ${set.join(', ')} WHERE address = $address`, { address, ...values });
  }
  await describeAgents(db);
};

/** @param opened a case of its own: its tables are emptied */
export const runFixtureCase = async (opened: Case, rule: Rule, one: FixtureCase): Promise<FixtureResult> => {
  await fill(opened, one);
  await inTransaction(opened.db, async () => {
    await describe(opened, one);
    if (one.seeds) await scopeTo(opened.db, one.seeds, { from: one.from ?? null, to: one.to ?? null });
    else await scopeToAll(opened.db);
    if (/\bunusual_uses\b/i.test(rule.sql)) await weighUses(opened.db);
  });
  const { findings, stopped } = await runRules(opened.db, [rule], { params: one.params ?? {} });
  const problems = stopped.map(({ reason }) => reason);
  const remaining = [...findings];
  for (const wanted of one.expect) {
    const at = remaining.findIndex(({ subject }) => subject === wanted.subject);
    if (at < 0) {
      problems.push(`no finding for ${wanted.subject}`);
      continue;
    }
    const [found] = remaining.splice(at, 1);
    for (const key of ['severity', 'outcome', 'summary'] as const) {
      if (wanted[key] !== undefined && wanted[key] !== found![key])
        problems.push(`${wanted.subject}: ${key} is '${found![key]}', expected '${wanted[key]}'`);
    }
    if (wanted.event_ids && wanted.event_ids.toSorted().join() !== found!.event_ids.toSorted().join()) {
      problems.push(`${wanted.subject}: events are ${found!.event_ids.join(', ')}`);
    }
    for (const [name, value] of Object.entries(wanted.details ?? {})) {
      const [told, expected] = [found!.details[name], value].map((one) => JSON.stringify(one ?? null));
      if (told !== expected) problems.push(`${wanted.subject}: ${name} is ${told}, expected ${expected}`);
    }
  }
  for (const { subject, summary } of remaining) problems.push(`unexpected finding for ${subject}: ${summary}`);
  return { rule: rule.id, name: one.name, hit: one.expect.length > 0, problems };
};
