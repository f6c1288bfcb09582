/** The ledger and the timeline: every file, record and event accounted for, and the scope in order of time. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { scopeTo } from '../src/lineage/scope.ts';
import { summarizeScope, takeInventories } from '../src/rules/inventories.ts';
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
    await takeInventories(db);
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
    expect(rows[0]?.finding_ids).toEqual(['1']);
  });

  it('takes of the reads in a pattern of use the first alone, and of the changes all', async () => {
    const { db } = await open(record(3), record(2), call(4, 'iam', 'CreateUser'), record(5));
    await scopeTo(db, [key], { from: null, to: null });
    const pattern = { rule: 'ip-anomalies/attack-tool-agent', pack: 'ip-anomalies', category: 'c', severity: 'low' };
    await db.insert('findings', [
      {
        id: '1',
        ...pattern,
        title: 't',
        subject: 's',
        summary: 's',
        outcome: 'success',
        credential: key,
        event_ids: [2, 3, 4, 5].map((n) => record(n)['eventID']),
        details: {},
      },
    ]);
    await takeInventories(db);
    const { rows, total } = await notableTimeline(db, 9);
    expect(total).toBe(2);
    expect(rows.map(({ event_id }) => event_id)).toEqual([record(2)['eventID'], record(4)['eventID']]);
  });

  it('says what each call was about: what it made, else what AWS names, else what it asked for', async () => {
    const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket';
    const { db } = await open(
      call(1, 'ec2', 'RunInstances', {
        requestParameters: { instanceType: 'p5.48xlarge', instancesSet: { items: [{ imageId: 'ami-1' }] } },
        responseElements: {
          instancesSet: { items: [{ instanceId: 'i-0aaaaaaaaaaaaaaa1' }, { instanceId: 'i-0aaaaaaaaaaaaaaa2' }] },
        },
      }),
      call(2, 'ec2', 'RunInstances', {
        errorCode: 'Client.UnauthorizedOperation',
        requestParameters: { instanceType: 'p5.48xlarge', instancesSet: { items: [{ imageId: 'ami-1' }] } },
      }),
      record(3, {
        eventSource: 's3.amazonaws.com',
        eventName: 'GetObject',
        requestParameters: { bucketName: 'amzn-s3-demo-bucket', key: 'a/b.csv' },
        resources: [{ ARN: bucket }, { ARN: `${bucket}/a/b.csv` }],
      }),
      call(4, 'iam', 'PutUserPolicy', { requestParameters: { userName: 'ben', policyName: 'all' } }),
      call(5, 'iam', 'DeleteUser', { requestParameters: { path: '/', userName: 'ben' } }),
      record(6),
    );
    await scopeTo(db, [key], { from: null, to: null });
    await takeInventories(db);
    const whole: string[][] = [];
    for await (const row of wholeTimeline(db)) whole.push(row.what);
    expect(whole).toEqual([
      ['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2'],
      ['ami-1', 'p5.48xlarge'],
      [`${bucket}/a/b.csv`],
      ['all', 'ben'],
      ['ben'],
      [],
    ]);
  });
});

describe('the ledger', () => {
  it('accounts for every record of every file, and says what the evidence covers', async () => {
    const { db } = await load(
      evidence({
        'a.json': delivery(
          record(1),
          record(2, { awsRegion: 'eu-west-1' }),
          {
            ...record(3),
            eventTime: null,
            userIdentity: { accessKeyId: 'ASIA****' },
          },
          {
            ...record(4),
            eventName: 'AssumeRole',
            responseElements: { credentials: { accessKeyId: 'ASIAXXXXXXXXXXXXXXXX' } },
          },
        ),
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
      events_with_masked_key: 2,
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
