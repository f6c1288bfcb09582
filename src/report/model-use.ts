/** The part of the report model that says which credentials were used, and by whom, so far as their use tells. */
import { z } from 'zod';

/** UTC, RFC 3339, always with Z. */
const optionalTime = z.string().nullable();

export const credential = z.object({
  access_key_id: z.string(),
  session: z.string().nullable(),
  kind: z.enum(['long_lived', 'temporary', 'session', 'other']),
  hop: z.number(),
  issued_by: z.string().nullable(),
  issued_at: optionalTime,
  via_event_id: z.string().nullable(),
  via_event_name: z.string().nullable(),
  /** seed; address, of those seen at one asked about; or how it was reached: queries/steps/edges/ */
  edge: z.string(),
  confidence: z.enum(['seed', 'certain', 'strong', 'weak']),
  in_scope: z.boolean(),
  /** issuer_not_in_evidence, issued_before_evidence, issued_by_service, issuing_log_missing, never_used, not_in_evidence, pre_window, after_window, look_here, candidate */
  note: z.string().nullable(),
  principal: z.string().nullable(),
  first_seen: optionalTime,
  last_seen: optionalTime,
  events: z.number(),
  /** Of these, from addresses that its principal used before the window: they may be the owner's. */
  known_before: z.number(),
  regions: z.array(z.string()),
  ips: z.array(z.string()),
});

/** Keys of the same principals that no event in the evidence issued: a place to look, never counted. */
export const unresolved = z.object({
  access_key_id: z.string(),
  principal: z.string().nullable(),
  events: z.number(),
  first_seen: optionalTime,
  last_seen: optionalTime,
  ips: z.array(z.string()),
  /** AWS services that used it for the principal; empty where anyone else used it too. */
  services: z.array(z.string()),
  reason: z.string(),
});

const useClass = z.enum(['actor', 'undetermined', 'owner']);

/** Owner and actor on the same credentials, by comparison with use before the window: inference, not proof. */
export const attribution = z.object({
  /** False without use before the window: then everything is undetermined. */
  compared: z.boolean(),
  uses: z.array(
    z.object({
      /** Null where it cannot be told which one. */
      operator: z.string().nullable(),
      class: useClass,
      reason: z.string(),
      /** CIDR, /24 or /48; null for AWS services. */
      network: z.string().nullable(),
      agent: z.string().nullable(),
      events: z.number(),
      first_seen: optionalTime,
      last_seen: optionalTime,
      addresses: z.array(z.string()),
      credentials: z.array(z.string()),
    }),
  ),
  /** Rows of this report that rest on an event of the class; one row may rest on several. */
  totals: z.array(
    z.object({
      class: useClass,
      events: z.number(),
      created: z.number(),
      backdoors: z.number(),
      secrets: z.number(),
    }),
  ),
});

/** The first of `total`, most events first. */
const most = z.object({ total: z.number(), first: z.array(z.object({ value: z.string(), events: z.number() })) });
/** Buckets that hold events, counted from the start of the axis. */
const lane = z.array(z.object({ bucket: z.number(), events: z.number() }));

/** Who used the credentials in scope, so far as network, agent, hour and behaviour tell: inference, not proof. */
export const operators = z.object({
  list: z.array(
    z.object({
      /** A to E, by first use; others: those beyond five, together. */
      operator: z.string(),
      class: z.enum(['owner', 'actor', 'undetermined', 'mixed']),
      events: z.number(),
      first_seen: optionalTime,
      last_seen: optionalTime,
      addresses: z.number(),
      networks: most,
      /** Network number, its name and country. */
      whose: most,
      agents: most,
      calls: z.object({
        total: z.number(),
        first: z.array(z.object({ value: z.string(), events: z.number() })),
        /** Made by no other operator. */
        alone: z.number(),
        first_alone: z.array(z.string()),
      }),
      /** Of UTC, with the events of each. */
      hours: z.array(z.object({ hour: z.number(), events: z.number() })),
      active_hours: z.number(),
      active_days: z.number(),
      busiest_hour: z.object({ time: z.string(), events: z.number() }).nullable(),
      credentials: z.array(z.string()),
      /** The signs that set it apart, a sentence each. */
      why: z.array(z.string()),
    }),
  ),
  /** Events that cannot be put down to any one operator. */
  undetermined: z.object({
    events: z.number(),
    reasons: z.array(z.object({ reason: z.string(), events: z.number() })),
  }),
  /** Addresses of two operators, or of an operator and of identities out of scope; the hundred with most events. Nobody comes into scope by one. */
  shared_addresses: z.array(
    z.object({
      address: z.string(),
      operators: z.array(z.string()),
      /** It has events too that cannot be put down to any operator. */
      undetermined: z.boolean(),
      /** Identities out of scope that used it, at any time of the evidence. */
      other_identities: z.number(),
      events: z.number(),
    }),
  ),
  /** Events over time; null where none bears a time. */
  lanes: z
    .object({
      start: z.string(),
      bucket_seconds: z.number(),
      buckets: z.number(),
      /** Use by the same principals before the window. */
      before: lane,
      of: z.array(z.object({ operator: z.string().nullable(), counts: lane })),
    })
    .nullable(),
});
