/** The part of the report model that says where calls came from, and when. */
import { z } from 'zod';

/** UTC, RFC 3339, always with Z. */
const optionalTime = z.string().nullable();

export const ip = z.object({
  address: z.string(),
  kind: z.enum(['public', 'private', 'aws_service', 'aws_internal', 'unparsable']),
  country: z.string().nullable(),
  city: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  /** Radius around the coordinates that it most likely lies in. */
  accuracy_km: z.number().nullable(),
  /** The network that announces it. */
  asn: z.number().nullable(),
  as_name: z.string().nullable(),
  /** The /24 or /48 that it lies in. */
  network: z.string().nullable(),
  owner: z.enum(['aws', 'cloud', 'hosting', 'vpn', 'tor', 'residential', 'other']).nullable(),
  aws_region: z.string().nullable(),
  /** Label in the known-good file. */
  known_good: z.string().nullable(),
  events: z.number(),
  /** Of these, by a principal that used the address before the window. */
  known_before: z.number(),
  /**
   * The nearest thing that one of its callers used before the window, or by a baseline given: the address itself, its /24 or /48, its
   * network by number, its country; null where nothing tells what they did before.
   */
  nearest_before: z.enum(['address', 'network', 'asn', 'country', 'nothing']).nullable(),
  first_seen: optionalTime,
  last_seen: optionalTime,
  first_event_id: z.string(),
  last_event_id: z.string(),
  outcomes: z.partialRecord(z.enum(['success', 'denied', 'dry_run', 'throttled', 'not_found', 'failed']), z.number()),
  credentials: z.array(z.string()),
  /** Open findings that rest on an event from it. */
  findings: z.number(),
  /** The worst of these, at most twenty. */
  finding_ids: z.array(z.string()),
});

const week = z.array(z.number()).length(7 * 24);

/** Calls that callers sent themselves, from an address, by hour of the week in UTC: 168 numbers, from Monday midnight on. */
export const hours = z.object({
  /** What was normal for these callers; null without a baseline. */
  normal: week.nullable(),
  seen: week,
  /** Of what was seen, calls of callers that the baseline does not know. */
  of_strangers: z.number(),
});
