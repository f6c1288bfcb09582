/** Tells what the known-good file explains. It never explains away what a credential in scope did: whoever stole it may sit at its owner's desk. */
import { type Database, queryText } from '../database.ts';
import { severities } from '../errors.ts';
import { familyOf, numberOf, parseAddress, parseCidr, spanOf } from '../events/numbers.ts';
import type { ConditionKind, KnownGood } from './known-good-file.ts';
import { inOrder, type RuleFinding } from './findings.ts';

/** `*` stands for any text; what LIKE takes for more stands for itself. */
const likeOf = (pattern: string): string => pattern.replaceAll(/[\\%_]/g, String.raw`\$&`).replaceAll('*', '%');

/** First address of IPv4 on the line of IPv6 addresses. */
const mapped = 0xffff_0000_0000n;

const conditionRow = (entry: number, kind: ConditionKind, value: string): Record<string, unknown> => {
  if (kind === 'addresses') {
    const { family, first, last } = spanOf(...parseCidr(value)!);
    const place = family === 4 ? mapped : 0n;
    return { entry, kind, value, first: (BigInt(first) + place).toString(), last: (BigInt(last) + place).toString() };
  }
  if (kind === 'networks') return { entry, kind, value: value.replace(/^AS/i, '') };
  return { entry, kind, value, pattern: likeOf(value) };
};

/** Only where ranges are asked about: it takes some seconds for a million. */
const numberAddresses = async (db: Database): Promise<void> => {
  const rows = await db.rows<{ address: string }>("SELECT address FROM ips WHERE kind IN ('public', 'private')");
  await db.insert(
    'address_numbers',
    rows.flatMap(({ address }) => {
      const parsed = parseAddress(address);
      if (parsed === null) return [];
      const number = BigInt(numberOf(parsed)) + (familyOf(parsed) === 4 ? mapped : 0n);
      return [{ address, number: number.toString() }];
    }),
  );
};

/**
 * Makes the file known to the run; without one, forgets that of an earlier run.
 * @param kept false for a case that is only looked into
 */
export const useKnownGood = async (db: Database, known: KnownGood | undefined, kept = true): Promise<void> => {
  await db.run(queryText('steps/known-good'));
  const entries = known?.entries ?? [];
  await db.insert(
    'good_entries',
    entries.map(({ label, reason, valid_from, valid_until, conditions }, entry) => ({
      entry,
      label,
      reason,
      valid_from,
      valid_until,
      kinds: Object.keys(conditions).toSorted(),
    })),
  );
  await db.insert(
    'good_conditions',
    entries.flatMap(({ conditions }, entry) =>
      Object.entries(conditions).flatMap(([kind, values]) =>
        values.map((value) => conditionRow(entry, kind as ConditionKind, value)),
      ),
    ),
  );
  if (entries.some(({ conditions }) => conditions.addresses)) await numberAddresses(db);
  await db.run(queryText(kept ? 'steps/known-good-kept' : 'steps/known-good-looked'));
};

/** Rules that say no more than that something is new or elsewhere. */
const anomaly = /^ip-anomalies\/|-first-(seen|assumed)$/;

type Covered = { event_id: string; entry: number | null; in_scope: boolean };

const explain = (finding: RuleFinding, covering: ReadonlyMap<string, Covered>, known: KnownGood): RuleFinding => {
  const events = [...finding.all_event_ids].map((id) => covering.get(id));
  const entries = [...new Set(events.map((event) => event?.entry ?? null))];
  if (entries.some((entry) => entry === null)) return finding;
  const named = entries.map((entry) => known.entries[entry!]!).toSorted((a, b) => a.line - b.line);
  const by = {
    explained_by: named.map(({ label }) => label).join(', '),
    explained_because: named.map(({ reason }) => reason).join('; '),
  };
  if (!events.some((event) => event!.in_scope)) return { ...finding, ...by, status: 'explained' };
  const lower = severities[severities.indexOf(finding.severity) - 1];
  if (!anomaly.test(finding.rule.id) || lower === undefined) return finding;
  return { ...finding, ...by, severity: lower, lowered_from: finding.severity };
};

/**
 * Findings with what the file explains of them: one whose every event an entry covers at the event's time is explained, unless a credential in
 * scope made one of them; then it stays open, and is one level lower where it only says that something is new.
 */
export const explainFindings = async (
  db: Database,
  known: KnownGood | undefined,
  findings: RuleFinding[],
): Promise<RuleFinding[]> => {
  if (known === undefined || known.entries.length === 0 || findings.length === 0) return findings;
  const ids = new Set(findings.flatMap(({ all_event_ids }) => [...all_event_ids]));
  await db.run('CREATE OR REPLACE TEMP TABLE asked_events (event_id VARCHAR)');
  await db.insert(
    'asked_events',
    Array.from(ids, (event_id) => ({ event_id })),
  );
  await db.run(queryText('steps/good-events'), { all: false });
  const rows = await db.rows<Covered>(queryText('steps/good-events-asked'));
  const covering = new Map(rows.map((row) => [row.event_id, row]));
  return inOrder(findings.map((finding) => explain(finding, covering, known)));
};

export type EntryUse = {
  entry: number;
  events: number;
  /** Covered by it too, and counted for an entry that stands before it. */
  events_before: number;
  entries_before: string[];
  addresses: number;
  first_seen: string | null;
  last_seen: string | null;
  some_addresses: string[];
  /** Of the latest run, explained by it, alone or with others. */
  findings: number;
  some_findings: string[];
  /** Covered, and open all the same: a credential in scope had a part in them. */
  findings_kept: number;
};

/** What each entry covers in a case. After useKnownGood. */
export const knownGoodUse = async (db: Database): Promise<EntryUse[]> => {
  await db.run('CREATE OR REPLACE TEMP TABLE asked_events (event_id VARCHAR)');
  await db.run(queryText('steps/good-events'), { all: true });
  const rows = await db.rows<EntryUse>(queryText('steps/known-good-use'));
  return rows.map((row) => ({ ...row, entries_before: row.entries_before ?? [] }));
};
