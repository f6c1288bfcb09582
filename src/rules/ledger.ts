/** The evidence ledger and what the evidence covers: every file and record accounted for. */
import { type Database, queryText } from '../database.ts';

type EvidenceFile = {
  path: string;
  status: 'read' | 'partial' | 'skipped' | 'rejected';
  shape: string | null;
  reason: string | null;
  bytes: number | null;
  inflated_bytes: number | null;
  sha256: string | null;
  sha256_inflated: string | null;
  records: number;
  events: number;
  duplicates: number;
  conflicts: number;
  ignored: number;
  rejected: number;
  /** The first thousand; `rejected` counts them all. */
  rejects: { record_index: number | null; byte_offset: number | null; reason: string }[];
  partial_events: number;
  duplicates_of: { file: string; records: number }[];
  unknown_fields: { field: string; records: number }[];
  first_event: string | null;
  last_event: string | null;
};

/** Lists that SQL leaves NULL where they are empty. */
const lists = ['rejects', 'duplicates_of', 'unknown_fields'] as const;

export type Ledger = {
  files: number;
  files_read: number;
  files_partial: number;
  files_skipped: number;
  files_rejected: number;
  bytes: number;
  inflated_bytes: number;
  records: number;
  events: number;
  duplicates: number;
  conflicts: number;
  ignored: number;
  rejected: number;
  events_without_time: number;
  partial_events: number;
  damaged_events: number;
  /** Signed by a key, or issuing one, of which the log shows a part: nothing is followed through them. */
  events_with_masked_key: number;
  /** Events by which AWS amends an earlier one, and those of which that one is not here. */
  addenda: number;
  addenda_without_original: number;
  /** As AWS notes on them. */
  late_events: number;
  first_event: string | null;
  last_event: string | null;
  manifest: EvidenceFile[];
};

export type Coverage = {
  first_event: string | null;
  last_event: string | null;
  management_events: number;
  data_events: { event_source: string; events: number }[];
  regions: {
    account: string;
    region: string;
    events: number;
    days: number;
    first_event: string | null;
    last_event: string | null;
  }[];
  days: number;
  read_events: boolean;
};

type Span = Pick<Coverage, 'first_event' | 'last_event' | 'management_events' | 'days' | 'read_events'> & {
  events_without_time: number;
  events_with_masked_key: number;
  addenda: number;
  addenda_without_original: number;
  late_events: number;
};

/** Account ids are kept under these names where a spreadsheet rounded them. */
const isDamaged = (field: string): boolean => field.startsWith('damaged_');

const readSpan = async (db: Database): Promise<Span> => (await db.rows<Span>(queryText('steps/evidence-span')))[0]!;

const counted = ['records', 'events', 'duplicates', 'conflicts', 'ignored', 'rejected', 'partial_events'] as const;

export const readLedger = async (db: Database): Promise<Ledger> => {
  const rows = await db.rows<EvidenceFile>(queryText('steps/evidence-ledger'));
  const manifest = rows.map((row) =>
    Object.assign(row, Object.fromEntries(lists.map((name) => [name, row[name] ?? []]))),
  );
  const withStatus = (status: EvidenceFile['status']): number =>
    manifest.filter((file) => file.status === status).length;
  const sum = (of: (file: EvidenceFile) => number | null): number =>
    manifest.reduce((total, file) => total + (of(file) ?? 0), 0);
  const sums = Object.fromEntries(counted.map((name) => [name, sum((file) => file[name])])) as Record<
    (typeof counted)[number],
    number
  >; // Keys are the list's.
  const { first_event, last_event, events_without_time, events_with_masked_key, ...amended } = await readSpan(db);
  const { addenda, addenda_without_original, late_events } = amended;
  return {
    files: manifest.length,
    files_read: withStatus('read'),
    files_partial: withStatus('partial'),
    files_skipped: withStatus('skipped'),
    files_rejected: withStatus('rejected'),
    bytes: sum((file) => file.bytes),
    inflated_bytes: sum((file) => file.inflated_bytes),
    ...sums,
    events_without_time,
    damaged_events: sum((file) =>
      Math.max(0, ...file.unknown_fields.filter(({ field }) => isDamaged(field)).map(({ records: n }) => n)),
    ),
    events_with_masked_key,
    addenda,
    addenda_without_original,
    late_events,
    first_event,
    last_event,
    manifest,
  };
};

/** Which data tells where addresses are and whose. */
type AddressData = {
  kind: 'places' | 'networks' | 'aws_ranges' | 'tor_exits';
  name: string;
  built: string | null;
  sha256: string | null;
  licence: string | null;
  attribution: string | null;
};

export const readAddressData = async (db: Database): Promise<AddressData[]> =>
  db.rows<AddressData>(queryText('steps/address-data'));

/** What the evidence can answer, the sentence that says so apart. */
export const readCoverage = async (db: Database): Promise<Coverage> => {
  const { first_event, last_event, management_events, days, read_events } = await readSpan(db);
  return {
    first_event,
    last_event,
    management_events,
    days,
    read_events,
    data_events: await db.rows<Coverage['data_events'][number]>(queryText('steps/data-event-sources')),
    regions: await db.rows<Coverage['regions'][number]>(queryText('steps/coverage')),
  };
};
