/** The one report model behind every format: report.json is this, and the other formats read nothing else. */
import { z } from 'zod';
import { severities } from '../errors.ts';
import { hours, ip } from './model-addresses.ts';
import { addressData, coverage, evidence } from './model-evidence.ts';
import { attribution, credential, operators, unresolved } from './model-use.ts';

export { severities };

/** Raised when a field changes meaning or goes; added fields leave it. */
export const schemaVersion = '1.0';

/** UTC, RFC 3339, always with Z. */
const time = z.string();
const optionalTime = time.nullable();

export const outcomes = ['success', 'denied', 'dry_run', 'throttled', 'not_found', 'failed'] as const;
const severity = z.enum(severities);
const outcome = z.enum(outcomes);
/** `mixed`: the events of one finding or row ended differently. */
const mixedOutcome = z.enum([...outcomes, 'mixed']);
/** What a call made, changed or named: ids, ARNs or names, the most telling first; empty where it names nothing. */
const what = z.array(z.string());
/** Where the record lies; `record_index` counts from 0. */
const place = { file: z.string(), record_index: z.number() };

const resource = z.object({
  type: z.string(),
  id: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  created_by: z.string(),
  event_id: z.string(),
  event_name: z.string(),
  time: optionalTime,
  outcome: mixedOutcome,
  /** From an address that the same principal used before the window: it may be the owner's. */
  known_before: z.boolean(),
  later_deleted_by: z.string().nullable(),
  later_deleted_event_id: z.string().nullable(),
  /** Later calls, anyone's, that changed it and did not delete it; the last of them. */
  later_changes: z.number(),
  later_changed_by: z.string().nullable(),
  later_changed_event_id: z.string().nullable(),
});

/** New IAM users, roles, groups, keys, login profiles and the like, and what was done to them. */
const principal = z.object({
  kind: z.string(),
  name: z.string(),
  id: z.string().nullable(),
  account: z.string().nullable(),
  created_by: z.string(),
  event_id: z.string(),
  event_name: z.string(),
  time: optionalTime,
  outcome: mixedOutcome,
  /** From an address that the same principal used before the window: it may be the owner's. */
  known_before: z.boolean(),
  later_deleted_by: z.string().nullable(),
  later_deleted_event_id: z.string().nullable(),
  /** Later calls, anyone's, that changed it and did not delete it; the last of them. */
  later_changes: z.number(),
  later_changed_by: z.string().nullable(),
  later_changed_event_id: z.string().nullable(),
});

/** A read of secrets or data: one row a thing, kind and outcome. */
const read = z.object({
  kind: z.string(),
  id: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  outcome: mixedOutcome,
  calls: z.number(),
  /** Sum of what the records say was sent out; null where no record says. */
  bytes_out: z.number().nullable(),
  /** Different objects of a bucket; null where the row is not about objects. */
  objects: z.number().nullable(),
  credentials: z.array(z.string()),
  first_seen: optionalTime,
  last_seen: optionalTime,
  /** The first hundred, in time order; `calls` counts them all. */
  event_ids: z.array(z.string()),
});

const finding = z.object({
  /** Hash of rule and subject: what --baseline and SARIF match on. */
  id: z.string(),
  rule: z.string(),
  pack: z.string(),
  category: z.string(),
  severity,
  title: z.string(),
  subject: z.string(),
  summary: z.string(),
  outcome: mixedOutcome,
  /** How many events it rests on; event_ids and evidence name the first hundred, in time order. */
  events: z.number(),
  event_ids: z.array(z.string()),
  first_seen: optionalTime,
  last_seen: optionalTime,
  credential: z.string().nullable(),
  evidence: z.array(z.object(place)),
  details: z.record(z.string(), z.unknown()),
  status: z.enum(['open', 'explained']),
  /** Labels of the known-good entries that cover its events: they explain it, or, where it stays open, lowered its severity. */
  explained_by: z.string().nullable(),
  explained_because: z.string().nullable(),
  lowered_from: severity.nullable(),
  why: z.string(),
  misses: z.string(),
  attack: z.object({ v18: z.array(z.string()), v19: z.array(z.string()) }),
});

/**
 * One row of what happened: every event of the scope that changed something, issued a credential, failed on a write or is in a finding;
 * of the reads in a pattern of use (ip-anomalies), the first.
 */
const timelineRow = z.object({
  time: optionalTime,
  event_id: z.string(),
  event_source: z.string().nullable(),
  event_name: z.string().nullable(),
  what,
  outcome,
  error_code: z.string().nullable(),
  credential: z.string().nullable(),
  hop: z.number().nullable(),
  principal: z.string().nullable(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  source_ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  read_only: z.boolean().nullable(),
  /** Rule ids of the findings that name this event. */
  findings: z.array(z.string()),
  finding_ids: z.array(z.string()),
  ...place,
});

/** A step for a person to take, in order; trailscope itself never calls AWS. */
const step = z.object({
  /** `settled`: nothing is left to do; `open`: what all the steps leave, and no command closes. */
  state: z.enum(['to_do', 'settled', 'open']),
  /** What it acts on: a key, a role, a resource. */
  subject: z.string(),
  /** A short imperative; of what is settled or open, its name. */
  title: z.string(),
  /** Sentences; of what is settled, a clause. */
  what: z.string(),
  /** Why it may be wrong to take this step: it may undo the owner's own work. */
  caution: z.string().nullable(),
  /** The account that the commands are for. */
  account: z.string().nullable(),
  /** AWS CLI lines, without secrets; what stands in '<...>' is for the reader to fill. */
  commands: z.array(z.string()),
  event_ids: z.array(z.string()),
});

const consequence = z.object({
  time: optionalTime,
  event_id: z.string(),
  event_name: z.string().nullable(),
  what,
  actor: z.string().nullable(),
  account: z.string().nullable(),
  source_ip_address: z.string().nullable(),
  outcome,
  subject: z.string(),
  because_event_id: z.string(),
  because_event_name: z.string().nullable(),
  because_time: optionalTime,
  ...place,
});

/** The four questions of a responder, answered in one line each. */
const answer = z.object({
  id: z.enum(['created', 'data', 'backdoors', 'credentials']),
  question: z.string(),
  /** `not_recorded`: the evidence cannot answer, so nothing is said to be absent. */
  state: z.enum(['found', 'attempted', 'none', 'not_recorded']),
  headline: z.string(),
  /** What the evidence cannot tell although something was found; every format shows it under the headline. */
  not_recorded: z.string().nullable(),
  /** Names and facts, most important first, the first hundred of `total`; each format shows a few and says how many more. */
  details: z.array(z.string()),
  total: z.number(),
  /** The first so many details are critical: no format leaves one out. */
  critical: z.number(),
  /** Said besides, in every format. */
  notes: z.array(z.string()),
});

export const reportSchema = z.object({
  schema_version: z.literal(schemaVersion),
  tool: z.object({
    name: z.literal('trailscope'),
    version: z.string(),
    packs: z.array(z.object({ name: z.string(), sha256: z.string(), rules: z.number() })),
  }),
  generated: z.object({
    arguments: z.array(z.string()),
    as_of: optionalTime,
    /** The known-good file; null without one. */
    known_good: z.object({ sha256: z.string(), entries: z.number() }).nullable(),
    /** What tells what was normal: how many keys, identities and roles it knows, of what time, with saved ones by their hash; null without any. */
    baseline: z
      .object({
        callers: z.number(),
        first_event: optionalTime,
        last_event: optionalTime,
        saved: z.array(z.string()),
      })
      .nullable(),
  }),
  /** How to speak of the scope: 'all recorded use, the owner's included' without a start of the window. */
  scope_label: z.string(),
  /** Addresses and ranges asked about instead of seeds. */
  addresses: z.array(z.string()),
  seeds: z.array(z.object({ access_key_id: z.string(), occurs: z.boolean(), principal: z.string().nullable() })),
  window: z.object({ from: optionalTime, to: optionalTime, note: z.string() }),
  scope: z.object({
    events: z.number(),
    credentials: z.number(),
    credentials_used: z.number(),
    /** Apart by how well their lineage is proven; seeds are certain. */
    by_confidence: z.array(
      z.object({
        confidence: z.enum(['certain', 'strong', 'weak']),
        credentials: z.number(),
        credentials_used: z.number(),
        events: z.number(),
      }),
    ),
    first_event: optionalTime,
    last_event: optionalTime,
    outcomes: z.partialRecord(outcome, z.number()),
  }),
  answers: z.array(answer),
  evidence,
  address_data: addressData,
  coverage,
  verification: z.object({ status: z.literal('not_run'), note: z.string() }),
  credentials: z.array(credential),
  unresolved: z.array(unresolved),
  attribution,
  operators,
  consequences: z.array(consequence),
  resources: z.array(resource),
  principals: z.array(principal),
  secrets: z.array(read),
  data_access: z.array(read),
  ips: z.array(ip),
  hours,
  findings: z.array(finding),
  /** Rules that did not run to their end: what they look for is not answered. */
  stopped_rules: z.array(z.object({ rule: z.string(), reason: z.string() })),
  timeline: z.array(timelineRow),
  /** Notable events in all; more than `timeline` holds where it is cut. timeline.csv has every event of the scope. */
  timeline_total: z.number(),
  /** What each credential in scope is worth once the seed is stopped. */
  live: z.array(
    z.object({
      access_key_id: z.string(),
      /** In words: role session, federation token, console session, … */
      kind: z.string(),
      last_seen: optionalTime,
      expires_at: optionalTime,
      /** answer of the issuing call, duration it asked for, or AWS's limit for the kind: then at the latest. */
      expires_by: z.enum(['answer', 'duration', 'limit']).nullable(),
      /** As of `generated.as_of`. */
      state: z.enum(['live', 'expired', 'deactivated', 'unknown']),
      /** The call that deactivated or deleted the key, or deleted the role or user of the session. */
      deactivated_event_id: z.string().nullable(),
      stopped_by_seed: z.boolean(),
      stop: z.string(),
      /** Title of the containment step that stops it. */
      step: z.string().nullable(),
    }),
  ),
  containment: z.array(step),
  eradication: z.array(step.extend({ preserve_first: z.array(z.string()) })),
  rotation: z.array(step),
  /** What this report cannot say, one sentence each. */
  limits: z.array(z.string()),
});

export type Report = z.infer<typeof reportSchema>;
export type Finding = Report['findings'][number];
export type Severity = Finding['severity'];
export type TimelineRow = Report['timeline'][number];
