/** Tells where the scope's calls came from and when, and how that compares with what was normal. */
import { type Database, queryText } from '../database.ts';

type Outcome = 'success' | 'denied' | 'dry_run' | 'throttled' | 'not_found' | 'failed';

type Address = {
  address: string;
  kind: 'public' | 'private' | 'aws_service' | 'aws_internal' | 'unparsable';
  country: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_km: number | null;
  asn: number | null;
  as_name: string | null;
  network: string | null;
  owner: 'aws' | 'cloud' | 'hosting' | 'vpn' | 'tor' | 'residential' | 'other' | null;
  aws_region: string | null;
  known_good: string | null;
  events: number;
  /** Of these, by a principal that used the address before the window. */
  known_before: number;
  /** What of it its callers used before; null where nothing tells what they did before. */
  nearest_before: 'address' | 'network' | 'asn' | 'country' | 'nothing' | null;
  first_seen: string | null;
  last_seen: string | null;
  first_event_id: string;
  last_event_id: string;
  outcomes: Partial<Record<Outcome, number>>;
  credentials: string[];
  /** Open findings that rest on an event from it, and the ids of the worst. */
  findings: number;
  finding_ids: string[];
};

/** Findings that an address names; it counts them all. */
const mostFindings = 20;

type Whence = { ips: Address[]; hours: { normal: number[] | null; seen: number[]; of_strangers: number } };

const readHours = async (db: Database): Promise<Whence['hours']> => {
  const rows = await db.rows<{ seen: number; strangers: number; normal: number }>(queryText('steps/hours'));
  const normal = rows.map((row) => row.normal);
  return {
    normal: normal.some((calls) => calls > 0) ? normal : null,
    seen: rows.map((row) => row.seen),
    of_strangers: rows.reduce((sum, row) => sum + row.strangers, 0),
  };
};

/** Where nothing is in scope, as for check. */
export const nowhere: Whence = {
  ips: [],
  hours: { normal: null, seen: Array.from({ length: 7 * 24 }, () => 0), of_strangers: 0 },
};

const readAddresses = async (db: Database): Promise<Address[]> => {
  const rows = await db.rows<Omit<Address, 'outcomes'> & { outcomes: { outcome: Outcome; events: number }[] }>(
    queryText('steps/ips'),
    { ids: mostFindings },
  );
  return rows.map(({ outcomes, ...row }) => ({
    ...row,
    outcomes: Object.fromEntries(outcomes.map(({ outcome, events }) => [outcome, events])),
  }));
};

/** Every address of the scope, the most telling first, and its hours. After the findings are stored and the known-good file is known. */
export const takeAddresses = async (db: Database): Promise<Whence> => ({
  ips: await readAddresses(db),
  hours: await readHours(db),
});
