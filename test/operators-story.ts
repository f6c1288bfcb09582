/** What tests of operators share: uses of one key told in a line each, and who stands behind them by the program's own steps. */
import type { Case } from '../src/case.ts';
import { findOperators } from '../src/lineage/operators.ts';
import { tellOperators } from '../src/lineage/operators-told.ts';
import { scopeTo } from '../src/lineage/scope.ts';
import { operatorsInWords } from '../src/report/operators.ts';
import type { KnownGood } from '../src/rules/known-good-file.ts';
import { useKnownGood } from '../src/rules/known-good.ts';
import { type CloudTrailRecord, delivery, evidence, load, record } from './support.ts';

export const key = 'AKIAIOSFODNN7EXAMPLE';
export const from = '2026-03-25T00:00:00Z';
export const office = '192.0.2.10';
export const away = '198.51.100.7';
export const mac = 'aws-cli/2.15.30 Python/3.11.8 Darwin/23.4.0 exe/x86_64';
export const newerMac = mac.replace('2.15.30', '2.15.40');
export const linux = mac.replace('Darwin/23.4.0', 'Linux/6.1');
export const boto = 'Boto3/1.34.99 md/Botocore#1.34.99 ua/2.0 os/linux lang/python#3.12';

type Use = {
  /** Day of March 2026, or of the months after it. */
  day: number;
  /** Of UTC; fractions are minutes. */
  hour: number;
  address: string;
  agent: string;
  /** Who it truly is; tests alone know. */
  who?: string;
  call?: string;
  region?: string;
  times?: number;
  more?: CloudTrailRecord;
};

/** Eight working days before the window at the office. */
export const eightDays = (use: Partial<Use> = {}): Use[] =>
  Array.from({ length: 8 }, (_, i) => ({
    day: 10 + i,
    hour: 9 + (i % 3),
    address: office,
    agent: mac,
    who: 'owner',
    times: 3,
    ...use,
  }));

export const recordsOf = (uses: readonly Use[]): { records: CloudTrailRecord[]; truth: Map<string, string> } => {
  const truth = new Map<string, string>();
  const records = uses.flatMap(
    ({ day, hour, address, agent, who = '', call = 's3 ListBuckets', region, times = 1, more }, use) =>
      Array.from({ length: times }, (_, i) => {
        const [source, eventName] = call.split(' ');
        const one = record(use * 1000 + i, {
          eventTime: new Date(Date.UTC(2026, 2, day) + Math.round(hour * 3600 + i * 20) * 1000)
            .toISOString()
            .replace('.000Z', 'Z'),
          sourceIPAddress: address,
          userAgent: agent,
          eventSource: `${source}.amazonaws.com`,
          eventName,
          ...(region !== undefined && { awsRegion: region }),
          ...more,
        });
        truth.set(String(one['eventID']), who);
        return one;
      }),
  );
  return { records, truth };
};

export type Place = { address: string; country?: string; asn?: number; owner?: string; at?: [number, number] };

/** What is known of the addresses, in place of the data that comes along. */
export const describe = async ({ db }: Case, places: readonly Place[]): Promise<void> => {
  for (const { address, country = null, asn = null, owner = null, at = [null, null] } of places)
    await db.run(
      `UPDATE ips SET country = $country, asn = $asn, owner = $owner, latitude = $latitude::DOUBLE, longitude = $longitude::DOUBLE
        WHERE address LIKE $address`,
      { address, country, asn, owner, latitude: at[0], longitude: at[1] },
    );
};

export const ask = async (
  opened: Case,
  {
    seeds = [key],
    start = from,
    known,
  }: { seeds?: string[]; start?: string | null; known?: KnownGood | undefined } = {},
) => {
  const { db } = opened;
  await scopeTo(db, seeds, { from: start, to: null });
  await useKnownGood(db, known);
  await findOperators(db);
  const events = await db.rows<{ event_id: string; operator: string | null; class: string; reason: string }>(
    'SELECT event_id, operator, class, reason FROM operator_events ORDER BY event_id',
  );
  return { events, operators: operatorsInWords(await tellOperators(db, start)) };
};

type Asked = { start?: string | null; places?: Place[]; known?: KnownGood };

/** Who is found behind each of the true persons: `owner: A owner 3` is three events of the owner, put down to operator A, called owner. */
export const told = async (uses: readonly Use[], { start = from, places = [], known }: Asked = {}) => {
  const { records, truth } = recordsOf(uses);
  const opened = await load(evidence({ 'a.json': delivery(...records) }));
  await describe(opened, places);
  const { events, operators } = await ask(opened, { start, known });
  const counts = new Map<string, number>();
  for (const { event_id, operator, class: of } of events) {
    const line = `${truth.get(event_id)}: ${operator ?? 'none'} ${of}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = Array.from(counts, ([line, count]) => `${line} ${count}`).toSorted((a, b) => a.localeCompare(b, 'en'));
  return { lines, operators, reasons: [...new Set(events.map(({ reason }) => reason))] };
};
