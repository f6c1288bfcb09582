/** The whole story in one function: evidence → events → lineage → rules → report, as plain data. */
import type { Case } from './case.ts';
import { queryText } from './database.ts';
import { exit, severities, type Severity, TrailscopeError } from './errors.ts';
import { isUnreadExport } from './evidence/shape.ts';
import { type Asked, resolveSeeds } from './lineage/seeds.ts';
import { type Grade, grades } from './lineage/walk.ts';
import { describeAnew, ingest, type IngestOptions } from './events/ingest.ts';
import { addNormal, type Baseline, describeNormal, weighUses } from './lineage/normal.ts';
import { findOperators, forgetOperators } from './lineage/operators.ts';
import { tellOperators } from './lineage/operators-told.ts';
import { type Scope, scopeTo, scopeToAddresses, scopeToAll } from './lineage/scope.ts';
import { nowhere, takeAddresses } from './rules/addresses.ts';
import { attribute } from './rules/attribution.ts';
import { readEradicationCatalog, readUndo, summarizeScope, takeInventories } from './rules/inventories.ts';
import { readAddressData, readCoverage, readLedger } from './rules/ledger.ts';
import type { RuleFinding } from './rules/findings.ts';
import { keepFindings } from './rules/keep.ts';
import { explainFindings, useKnownGood } from './rules/known-good.ts';
import type { KnownGood } from './rules/known-good-file.ts';
import type { Packs } from './rules/packs.ts';
import { describePacks } from './rules/rule.ts';
import { runRules } from './rules/run.ts';
import { notableTimeline, wholeTimeline } from './rules/timeline.ts';
import { answers, coverageSentence, limits, scopeLabel, visible } from './report/index.ts';
import { type Finding, type Report, schemaVersion, type TimelineRow } from './report/model.ts';
import { type Expiry, live } from './report/live.ts';
import { noOperators, operatorsInWords } from './report/operators.ts';
import { backdoorPacks } from './report/packs.ts';
import { worksheet } from './report/worksheet.ts';
import { inTransaction } from './transaction.ts';

/** A question, with its times still in words: relative ones count back from the last event, which loading tells. */
export type Question = {
  command: 'scope' | 'check';
  paths: string[];
  /** What to follow; nothing for check. */
  asked?: Asked;
  /** The least proven edge that is followed. */
  weakest?: Grade;
  resolve(lastEvent: string | null): {
    from: string | null;
    to: string | null;
    asOf: string | null;
    /** Whether a time was typed without its zone. */
    assumedUtc: boolean;
    /** The time that tells what was normal, where it is not simply what lies before the window. */
    normal?: { from: string | null; to: string | null } | undefined;
  };
  /** Baselines learned elsewhere or earlier. */
  saved?: Baseline[];
  version: string;
  packs: Packs;
  /** Values given to parameters of rules, as typed. */
  params?: string[];
  /** The analyst's file of what is known to be good. */
  knownGood?: KnownGood | undefined;
  /** Milliseconds that a rule may take. */
  ruleTimeoutMs: number;
};

export type Analysis = {
  report: Report;
  /** Every event of the scope in order of time; can be read once. */
  timeline: AsyncIterable<TimelineRow>;
};

/** Notable events in a report; what is cut is counted, and timeline.csv and the case have all of it. */
const mostNotable = 20_000;

const findingOf = ({ rule, ...rest }: RuleFinding): Finding => ({
  id: rest.id,
  rule: rule.id,
  pack: rule.pack,
  category: rule.category,
  severity: rest.severity,
  title: rule.title,
  subject: rest.subject,
  summary: rest.summary,
  outcome: rest.outcome as Finding['outcome'], // SQL derives it from events.outcome.
  events: rest.events,
  event_ids: rest.event_ids,
  first_seen: rest.first_seen,
  last_seen: rest.last_seen,
  credential: rest.credential,
  evidence: rest.evidence,
  details: rest.details,
  status: rest.status,
  explained_by: rest.explained_by,
  explained_because: rest.explained_because,
  lowered_from: rest.lowered_from,
  why: rule.why,
  misses: rule.misses,
  attack: rule.attack,
});

/** check asks for findings only: an inventory of every event would say what the account is, not what one credential did. */
const noInventories = { resources: [], principals: [], secrets: [], data_access: [], consequences: [] };

const summaryOf = async ({ db }: Case, { credentials }: Scope): Promise<Report['scope']> => {
  const inScope = credentials.filter((credential) => credential.in_scope);
  const used = inScope.filter((credential) => credential.events > 0);
  return {
    ...(await summarizeScope(db)),
    credentials: inScope.length,
    credentials_used: used.length,
    by_confidence: grades.flatMap((confidence) => {
      const rows = inScope.filter((row) => (row.confidence === 'seed' ? 'certain' : row.confidence) === confidence);
      const events = rows.reduce((sum, row) => sum + row.events, 0);
      const credentials_used = rows.filter((row) => row.events > 0).length;
      return rows.length === 0 ? [] : [{ confidence, credentials: rows.length, credentials_used, events }];
    }),
  };
};

/** As typed, without places on this machine: the same question gives the same report anywhere. */
const argumentsOf = (
  { command, asked, weakest, params = [] }: Question,
  window: { from: string | null; to: string | null },
  normal: { from: string | null; to: string | null } | undefined,
): string[] => [
  command,
  ...(asked?.accessKeys ?? []).flatMap((key) => ['--access-key', key]),
  ...(asked?.principals ?? []).flatMap((principal) => ['--principal', principal]),
  ...(asked?.events ?? []).flatMap((event) => ['--event', event]),
  ...(asked?.addresses ?? []).flatMap((address) => ['--ip', address]),
  ...(window.from === null ? [] : ['--from', window.from]),
  ...(window.to === null ? [] : ['--to', window.to]),
  ...(normal?.from ? ['--baseline-from', normal.from] : []),
  ...(normal?.to ? ['--baseline-to', normal.to] : []),
  ...(weakest === undefined || weakest === 'strong' ? [] : ['--min-confidence', weakest]),
  ...params.flatMap((param) => ['--param', param]),
];

/** Nothing to answer from: incomplete where an export is there that cannot be read yet, else a run that could not be. */
export const nothingRead = (evidence: Report['evidence']): TrailscopeError => {
  const rejected = evidence.manifest.filter(({ status }) => status === 'rejected');
  const unread = rejected.find(({ shape }) => isUnreadExport(shape));
  const why =
    unread ?? rejected[0] ?? evidence.manifest.find(({ reason, rejects }) => reason !== null || rejects.length > 0);
  const reason = why?.reason ?? `a record is ${why?.rejects[0]?.reason}`;
  const example = why ? ` For example ${visible(why.path)}: ${visible(reason)}.` : '';
  return new TrailscopeError(
    `${evidence.files === 1 ? 'The one file holds no' : `None of the ${evidence.files} files holds a`} CloudTrail event that can be read.${example} Give a folder that holds CloudTrail logs, in any shape that README.md lists.`,
    unread ? exit.incomplete : exit.cannotRun,
  );
};

/** A window in which the evidence has no event would answer "none" to everything. */
const refuseOutside = async (
  { db }: Case,
  window: { from: string | null; to: string | null },
  { first_event, last_event }: Report['evidence'],
): Promise<void> => {
  const inside = await db.rows(
    `SELECT 1 FROM events WHERE event_time IS NULL OR ((event_time >= $from::TIMESTAMP OR $from IS NULL) AND (event_time < $to::TIMESTAMP OR $to IS NULL)) LIMIT 1`,
    window,
  );
  if (inside.length > 0) return;
  throw new TrailscopeError(
    `No event of the evidence lies in the window: it spans ${first_event ?? 'no time'} to ${last_event ?? 'no time'}. Give --from and --to where it has events, or logs of that time.`,
  );
};

/**
 * Loads what is not yet loaded and answers the question.
 * @throws TrailscopeError (exit 2) where no event was read, no seed occurs, or the window is empty
 */
export const analyze = async (opened: Case, question: Question, options: IngestOptions): Promise<Analysis> => {
  const { db } = opened;

  // Evidence and events.
  if (question.paths.length > 0) await ingest(opened, question.paths, options);
  else await describeAnew(opened, options);
  const evidence = await readLedger(db);
  if (evidence.events === 0) throw nothingRead(evidence);
  const { to, asOf, assumedUtc, normal, ...resolved } = question.resolve(evidence.last_event);
  const whole = question.asked === undefined;
  const seeds = question.asked ? await resolveSeeds(db, question.asked) : { credentials: [], from: null };
  const from = resolved.from ?? seeds.from;
  await refuseOutside(opened, { from, to }, evidence);

  // Lineage.
  const addresses = question.asked?.addresses ?? [];
  const saved = question.saved ?? [];
  const scope = await inTransaction(db, async () => {
    if (whole) await scopeToAll(db, normal);
    const found = whole
      ? { credentials: [], unresolved: [], seeds: [] }
      : addresses.length > 0
        ? await scopeToAddresses(db, addresses, { from, to, normal })
        : await scopeTo(db, seeds.credentials, { from, to, normal }, question.weakest);
    for (const baseline of saved) await addNormal(db, baseline, from);
    return found;
  });

  // Rules. The inventories come first: they find the consequences that some rules read.
  const { inventories, operators } = await inTransaction(db, async () => {
    const taken = whole ? noInventories : await takeInventories(db);
    await useKnownGood(db, question.knownGood);
    // Without seeds there is nobody to tell apart.
    await (whole ? forgetOperators(db) : findOperators(db));
    const told = whole ? noOperators : operatorsInWords(await tellOperators(db, from));
    await weighUses(db);
    return { inventories: taken, operators: told };
  });
  const { rules, refused } = question.packs;
  const ran = await runRules(db, rules, { timeoutMs: question.ruleTimeoutMs });
  const findings = await explainFindings(db, question.knownGood, ran.findings);
  const run = { findings, stopped: [...refused, ...ran.stopped] };
  await keepFindings(db, findings);
  const notable = whole ? { rows: [], total: 0 } : await notableTimeline(db, mostNotable);

  const attribution = await attribute(db, {
    created: [...inventories.resources, ...inventories.principals].map((row) => [row.event_id]),
    backdoors: run.findings
      .filter(({ rule }) => backdoorPacks.has(rule.pack) && rule.pack !== 'new-principals')
      .map((row) => [...row.all_event_ids]),
    secrets: inventories.secrets.map((row) => row.event_ids),
  });

  // Report.
  const window = { from, to, note: assumedUtc ? 'Times of the window were given without a zone and read as UTC.' : '' };
  const bare = await readCoverage(db);
  const parts = {
    schema_version: schemaVersion,
    tool: { name: 'trailscope', version: question.version, packs: describePacks(rules) },
    generated: {
      arguments: argumentsOf(question, { from, to }, normal),
      as_of: asOf,
      known_good: question.knownGood
        ? { sha256: question.knownGood.sha256, entries: question.knownGood.entries.length }
        : null,
      baseline: await describeNormal(db, saved),
    },
    scope_label: scopeLabel(window),
    seeds: scope.seeds,
    addresses,
    window,
    scope: await summaryOf(opened, scope),
    evidence,
    address_data: await readAddressData(db),
    coverage: { ...bare, sentence: coverageSentence(bare) },
    verification: { status: 'not_run', note: 'Digest files were not checked in this run.' },
    credentials: scope.credentials,
    unresolved: scope.unresolved,
    attribution,
    operators,
    ...inventories,
    ...(whole ? nowhere : await takeAddresses(db)),
    findings: run.findings.map(findingOf),
    stopped_rules: run.stopped,
    timeline: notable.rows,
    timeline_total: notable.total,
  } satisfies Partial<Report>;
  const steps = worksheet(parts, await readEradicationCatalog(db), whole ? [] : await readUndo(db));
  const expiries = await db.rows<Expiry>(queryText('steps/expiry'));
  const report: Report = {
    ...parts,
    answers: answers(parts),
    ...steps,
    live: live({ ...parts, ...steps }, expiries),
    limits: limits(parts),
  };
  await db.run(queryText('steps/remember-run'), {
    command: question.command,
    seeds: seeds.credentials,
    from,
    to,
    as_of: asOf,
    arguments: parts.generated.arguments,
  });
  return { report, timeline: wholeTimeline(db) };
};

/** The exit code that a report earns: see the table in README.md. */
export const verdict = ({ evidence, stopped_rules, findings }: Report, failOn: Severity | undefined): number => {
  if (evidence.files_rejected + evidence.files_partial + evidence.rejected + stopped_rules.length > 0)
    return exit.incomplete;
  const bar = failOn === undefined ? Infinity : severities.indexOf(failOn);
  return findings.some(({ severity, status }) => status === 'open' && severities.indexOf(severity) >= bar)
    ? exit.found
    : exit.ok;
};
