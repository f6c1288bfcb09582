/** The ledger and the timeline: every file, record and event accounted for, and the scope in order of time. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { scopeTo } from '../src/lineage/scope.ts';
import { summarizeScope } from '../src/rules/inventories.ts';
import { readCoverage, readLedger } from '../src/rules/ledger.ts';
import { notableTimeline, wholeTimeline } from '../src/rules/timeline.ts';
import { type CloudTrailRecord, delivery, evidence, load, record } from './support.ts';

const key = 'AKIAIOSFODNN7EXAMPLE';
const account = '111122223333';

/** A call of ci-deployer that changes something. */
const call = (n: number, service: string, name: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, { eventSource: `${service}.amazonaws.com`, eventName: name, readOnly: false, ...changes });

const open = async (...records: CloudTrailRecord[]): Promise<Case> =>
  load(evidence({ 'a.json': delivery(...records) }));

describe('the timeline', () => {
  it('keeps what changed, issued or failed on a write, and first of all what a finding names', async () => {
    const { db } = await open(
      record(1),
      record(2),
      call(3, 'iam', 'CreateUser'),
      call(4, 's3', 'DeleteBucket', { errorCode: 'AccessDenied' }),
    );
    await scopeTo(db, [key], { from: null, to: null });
    await db.insert('findings', [
      {
        id: '1',
        rule: 'recon/who-am-i',
        pack: 'recon',
        category: 'c',
        severity: 'low',
        title: 't',
        subject: 's',
        summary: 's',
        outcome: 'success',
        credential: key,
        event_ids: [record(2)['eventID']],
        details: {},
      },
    ]);
    const whole: string[] = [];
    for await (const row of wholeTimeline(db)) whole.push(row.event_id);
    expect(whole).toHaveLength(4);
    const { rows, total } = await notableTimeline(db, 2);
    expect(total).toBe(3);
    expect(rows.map(({ event_name, findings }) => [event_name, findings])).toEqual([
      ['GetCallerIdentity', ['recon/who-am-i']],
      ['CreateUser', []],
    ]);
    expect(rows[0]).toMatchObject({ file: 'a.json', record_index: 1, credential: key, hop: 0, account });
  });
});

describe('the ledger', () => {
  it('accounts for every record of every file, and says what the evidence covers', async () => {
    const { db } = await load(
      evidence({
        'a.json': delivery(record(1), record(2, { awsRegion: 'eu-west-1' }), { ...record(3), eventTime: null }),
        'b.json': delivery(
          record(1),
          record(86_400, {
            eventSource: 's3.amazonaws.com',
            eventName: 'GetObject',
            eventCategory: 'Data',
            managementEvent: false,
          }),
        ),
        'cut.json': delivery(record(9), record(10)).slice(0, -40),
        'notes.txt': 'not a log',
      }),
    );
    const ledger = await readLedger(db);
    const { events, duplicates, conflicts, ignored, rejected } = ledger;
    expect(ledger.records).toBe(events + duplicates + conflicts + ignored + rejected);
    expect(ledger.files).toBe(ledger.files_read + ledger.files_partial + ledger.files_skipped + ledger.files_rejected);
    expect(ledger).toMatchObject({
      files: 4,
      files_partial: 1,
      duplicates: 1,
      events_without_time: 1,
      first_event: '2026-03-25T02:00:01Z',
      last_event: '2026-03-26T02:00:00Z',
    });
    expect(ledger.manifest.map(({ path }) => path)).toEqual(['a.json', 'b.json', 'cut.json', 'notes.txt']);
    expect(ledger.manifest[2]!.rejects).toHaveLength(1);
    expect(ledger.manifest[1]).toMatchObject({ duplicates: 1, first_event: '2026-03-25T02:00:01Z' });
    const coverage = await readCoverage(db);
    expect(coverage).toMatchObject({
      days: 2,
      read_events: true,
      data_events: [{ event_source: 's3.amazonaws.com', events: 1 }],
    });
    expect(coverage.regions).toMatchObject([
      { account, region: 'eu-west-1', events: 1, days: 1 },
      { account, region: 'us-east-1', days: 2 },
    ]);
  });

  it('sums up the scope by how it ended', async () => {
    const { db } = await open(record(1), record(2, { errorCode: 'AccessDenied' }));
    await scopeTo(db, [key], { from: null, to: null });
    expect(await summarizeScope(db)).toMatchObject({
      events: 2,
      credentials: 1,
      credentials_used: 1,
      outcomes: { success: 1, denied: 1 },
    });
  });
});
