/** The part of the report model that says what the evidence is and what it can answer. */
import { z } from 'zod';

/** UTC, RFC 3339, always with Z. */
const optionalTime = z.string().nullable();

const evidenceFile = z.object({
  path: z.string(),
  status: z.enum(['read', 'partial', 'skipped', 'rejected']),
  shape: z.string().nullable(),
  reason: z.string().nullable(),
  bytes: z.number().nullable(),
  inflated_bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  sha256_inflated: z.string().nullable(),
  records: z.number(),
  events: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  ignored: z.number(),
  rejected: z.number(),
  rejects: z.array(
    z.object({ record_index: z.number().nullable(), byte_offset: z.number().nullable(), reason: z.string() }),
  ),
  /** Of its events, those the export keeps only some fields of. */
  partial_events: z.number(),
  /** Files that its duplicates repeat: the ten with most. */
  duplicates_of: z.array(z.object({ file: z.string(), records: z.number() })),
  /** Top-level fields of its events that no column holds, each kept in `extra`. */
  unknown_fields: z.array(z.object({ field: z.string(), records: z.number() })),
  first_event: optionalTime,
  last_event: optionalTime,
});

export const evidence = z.object({
  files: z.number(),
  files_read: z.number(),
  files_partial: z.number(),
  files_skipped: z.number(),
  files_rejected: z.number(),
  bytes: z.number(),
  inflated_bytes: z.number(),
  records: z.number(),
  events: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  ignored: z.number(),
  rejected: z.number(),
  events_without_time: z.number(),
  /** Events of exports that keep only some fields. */
  partial_events: z.number(),
  /** Events with an account id that a spreadsheet damaged. */
  damaged_events: z.number(),
  events_with_masked_key: z.number(),
  /** Events by which AWS amends an earlier one: both are kept and counted. Of the second number that one is not in the evidence. */
  addenda: z.number(),
  addenda_without_original: z.number(),
  /** Delivered late, as AWS notes on them. */
  late_events: z.number(),
  first_event: optionalTime,
  last_event: optionalTime,
  manifest: z.array(evidenceFile),
});

/** What the evidence can and cannot answer; every "none" in a report carries its sentence. */
export const coverage = z.object({
  first_event: optionalTime,
  last_event: optionalTime,
  management_events: z.number(),
  data_events: z.array(z.object({ event_source: z.string(), events: z.number() })),
  /** One row an account and region: on how many days of the span it has events. */
  regions: z.array(
    z.object({
      account: z.string(),
      region: z.string(),
      events: z.number(),
      days: z.number(),
      first_event: optionalTime,
      last_event: optionalTime,
    }),
  ),
  /** Days of the evidence's span, first to last event. */
  days: z.number(),
  /** True where at least one read-only event is present: without them AssumeRole, and so lineage, is lost. */
  read_events: z.boolean(),
  sentence: z.string(),
});

/** What tells where addresses are and whose; a hash of what the analyst gave, licence and attribution of what comes along. */
export const addressData = z.array(
  z.object({
    kind: z.enum(['places', 'networks', 'aws_ranges', 'tor_exits']),
    name: z.string(),
    built: z.string().nullable(),
    sha256: z.string().nullable(),
    licence: z.string().nullable(),
    attribution: z.string().nullable(),
  }),
);
