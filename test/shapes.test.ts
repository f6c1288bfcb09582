/** Every shape an export comes in, recognised by its content, ends as the same events. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { delivery, evidence, load, record, scratch } from './support.ts';
import { ingest } from '../src/events/ingest.ts';
import { one, two, whole } from './shape-samples.ts';
import { readLedger } from '../src/rules/ledger.ts';

const columns = [
  'event_id',
  'event_time',
  'event_name',
  'access_key_id',
  'request_parameters',
  'response_elements',
  'source_ip_address',
];
const eventsOf = async (folder: string): Promise<Record<string, unknown>[]> => {
  const { db } = await load(folder);
  return db.rows(`SELECT ${columns.join(', ')} FROM events ORDER BY event_id`);
};

describe('a whole record is read from', () => {
  it.each(whole)('%s', async (_, name, content, shape) => {
    const opened = await load(evidence({ [name]: content }));
    const expected = await eventsOf(evidence({ 'plain.json': delivery(one, two) }));
    expect(await opened.db.rows(`SELECT ${columns.join(', ')} FROM events ORDER BY event_id`)).toEqual(expected);
    const { manifest, ...sums } = await readLedger(opened.db);
    expect(manifest[0]).toMatchObject({
      shape,
      status: 'read',
      records: 2,
      events: 2,
      ignored: 0,
      rejected: 0,
      partial_events: 0,
    });
    expect(sums).toMatchObject({ files: 1, files_read: 1, records: 2 });
  });
});

/** A tar archive of the files. */
const tarOf = (files: Record<string, Buffer>, gzip: boolean): Buffer => {
  const folder = evidence(files);
  const file = join(scratch(), 'x.tar');
  create({ cwd: folder, file, gzip, sync: true, portable: true }, Object.keys(files));
  return readFileSync(file);
};

describe('an archive', () => {
  const packed = { 'one.json': Buffer.from(delivery(one)), 'sub dir/zwei é.json.gz': gzipSync(delivery(two)) };

  it('gives its members, each with its hash and place', async () => {
    const { db } = await load(evidence({ 'logs.zip': Buffer.from(zipSync(packed)) }));
    const { manifest } = await readLedger(db);
    expect(manifest.map(({ path, status, shape, records }) => [path, status, shape, records])).toEqual([
      ['logs.zip', 'read', 'zip', 0],
      ['logs.zip/one.json', 'read', 's3-delivery', 1],
      ['logs.zip/sub dir/zwei é.json.gz', 'read', 's3-delivery', 1],
    ]);
    expect(new Set(manifest.map(({ sha256 }) => sha256)).size).toBe(3);
  });

  it('may be tar, plain or gzip, and bear long names', async () => {
    const long = `${'deep/'.repeat(40)}zwei é.json.gz`;
    const files = { 'one.json': Buffer.from(delivery(one)), [long]: gzipSync(delivery(two)) };
    for (const gzip of [false, true]) {
      const { manifest, events } = await readLedger((await load(evidence({ 'logs.tar': tarOf(files, gzip) }))).db);
      expect(events).toBe(2);
      expect(manifest.map(({ path, status }) => [path, status]).toSorted()).toEqual(
        [
          ['logs.tar', 'read'],
          [`logs.tar/${long}`, 'read'],
          ['logs.tar/one.json', 'read'],
        ].toSorted(),
      );
    }
  });

  it('of tar that is cut is partial, and what was whole in it stands', async () => {
    const whole = tarOf({ 'one.json': Buffer.from(delivery(one)), 'two.json': Buffer.from(delivery(two)) }, false);
    for (const length of [2048, 2600]) {
      const { manifest, events } = await readLedger((await load(evidence({ 'x.tar': whole.subarray(0, length) }))).db);
      expect(events).toBe(1);
      expect(manifest.find(({ path }) => path === 'x.tar')).toMatchObject({
        status: 'partial',
        reason: expect.stringMatching(/^the archive is .*: 1 of [12] files? found in it is whole$/) as string,
      });
    }
  });

  it('is read once: a second run finds nothing new', async () => {
    const folder = evidence({ 'logs.zip': Buffer.from(zipSync(packed)) });
    const opened = await load(folder);
    expect(await ingest(opened, [folder], { jobs: 2 })).toBe(0);
    expect(await readLedger(opened.db)).toMatchObject({ files: 3, events: 2, duplicates: 0 });
  });

  it('in an archive is opened, one more is not', async () => {
    const inner = zipSync(packed);
    const outer = zipSync({ 'inner.zip': inner });
    const { db } = await load(
      evidence({ 'two.zip': Buffer.from(outer), 'three.zip': Buffer.from(zipSync({ 'outer.zip': outer })) }),
    );
    const { manifest, events, duplicates, files_rejected } = await readLedger(db);
    expect({ events, duplicates, files_rejected }).toEqual({ events: 2, duplicates: 0, files_rejected: 1 });
    expect(manifest.find(({ status }) => status === 'rejected')).toMatchObject({
      path: 'three.zip/outer.zip/inner.zip',
      reason: expect.stringContaining('archive in an archive in an archive') as string,
    });
  });

  it('may name its members as it likes: nothing is written there', async () => {
    const bytes = Buffer.from(
      zipSync({ '../../etc/cron.d/x.json': packed['one.json'], 'C:\\x\u0000y.json': packed['one.json'] }),
    );
    const { db } = await load(evidence({ 'evil.zip': bytes }));
    expect(await readLedger(db)).toMatchObject({ files: 3, files_read: 3, events: 1, duplicates: 1 });
  });

  it('that is cut or damaged is partial with its reason, and what can be read in it stands', async () => {
    const bytes = Buffer.from(zipSync(packed, { level: 0 }));
    const wrong = Buffer.from(bytes);
    wrong[wrong.indexOf('svc-backup-sync') + 2] = 0x58;
    const { db } = await load(evidence({ 'cut.zip': bytes.subarray(0, bytes.length - 30), 'wrong.zip': wrong }));
    const { manifest } = await readLedger(db);
    expect(manifest.map(({ path, status, reason }) => [path, status, /damaged/.test(reason ?? '')])).toEqual([
      ['cut.zip', 'partial', true],
      ['cut.zip/one.json', 'read', false],
      ['cut.zip/sub dir/zwei é.json.gz', 'read', false],
      ['wrong.zip', 'read', false],
      ['wrong.zip/one.json', 'partial', true],
      ['wrong.zip/sub dir/zwei é.json.gz', 'read', false],
    ]);
  });
});

describe('a record that stands inside a text', () => {
  const wrapped = (text: string): string => JSON.stringify({ _raw: text });
  const refusedRecord = async (files: Record<string, string>) => {
    const { db } = await load(evidence(files));
    const [counts] = await db.rows<{ events: number; rejects: string }>(
      "SELECT (SELECT count(*) FROM events) AS events, (SELECT string_agg(reason, '; ') FROM rejects) AS rejects",
    );
    return counts;
  };

  it('cannot bring a line of its own along', async () => {
    const forged = JSON.stringify(record(7)).replace(
      '"aws-cli/2.15.30"',
      '"x\n{\\"_f\\":1,\\"_i\\":77,\\"eventID\\":\\"forged\\"}"',
    );
    expect(await refusedRecord({ 'a.json': delivery(record(1)), 'b.json': wrapped(forged) })).toMatchObject({
      events: 1,
      rejects: 'a raw control character inside a string',
    });
  });

  it('keeps to the limit of nesting', async () => {
    const deep = JSON.stringify(record(7)).replace(
      '"requestParameters":null',
      `"requestParameters":${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
    );
    expect((await refusedRecord({ 'a.json': delivery(record(1)), 'b.json': wrapped(deep) }))?.rejects).toMatch(
      /--max-depth/,
    );
  });

  it('is read out of the records that Kinesis hands to Lambda', async () => {
    const data = Buffer.from(JSON.stringify(record(7))).toString('base64');
    const entry = {
      kinesis: { data },
      eventSource: 'aws:kinesis',
      eventID: 'shardId-2',
      eventName: 'aws:kinesis:record',
    };
    const { db } = await load(evidence({ 'a.json': JSON.stringify({ Records: [entry] }) }));
    expect(await db.rows('SELECT event_id FROM events')).toEqual([{ event_id: record(7)['eventID'] }]);
  });
});

describe('what is no record, and must stop nothing', () => {
  it('a notification of S3 is skipped, with its time too', async () => {
    const notice = {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventTime: '2026-03-25T02:00:00Z',
      eventName: 'ObjectCreated:Put',
      awsRegion: 'us-east-1',
    };
    const { db } = await load(
      evidence({ 'a.json': JSON.stringify({ Records: [notice] }), 'b.json': delivery(record(1)) }),
    );
    expect(await db.rows('SELECT path, shape, status FROM evidence ORDER BY path')).toEqual([
      { path: 'a.json', shape: 's3-notification', status: 'skipped' },
      { path: 'b.json', shape: 's3-delivery', status: 'read' },
    ]);
  });

  it('an impossible time of OCSF and a value nested without end cost only their record', async () => {
    const ocsf = {
      class_uid: 6003,
      time: 1e18,
      metadata: { product: { name: 'CloudTrail' } },
      api: { operation: 'ListUsers', service: { name: 'iam.amazonaws.com' } },
    };
    const lake = {
      QueryResultRows: [
        [
          { eventID: 'x' },
          { eventName: 'y' },
          { eventTime: '2026-03-25' },
          { requestParameters: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` },
        ],
      ],
    };
    const { db } = await load(
      evidence({ 'a.json': JSON.stringify(ocsf), 'b.json': JSON.stringify(lake), 'c.json': delivery(record(1)) }),
    );
    const [row] = await db.rows<{ n: number }>(
      "SELECT count(*)::INTEGER AS n FROM events WHERE event_id LIKE '00000000-%'",
    );
    expect(row).toEqual({ n: 1 });
  });

  it('rows of a spreadsheet that hold nothing, and a repeated header, are no events', async () => {
    const head = 'Event ID,Event time,Event name,Event source';
    const csv = `${head}\ne-1,2026-03-25T02:00:00Z,ListUsers,iam.amazonaws.com\n,,,\n${head}\ne-2,2026-03-25T02:00:01Z,ListUsers,iam.amazonaws.com\n`;
    const { db } = await load(evidence({ 'a.csv': csv }));
    expect(await db.rows('SELECT event_id FROM events ORDER BY event_id')).toEqual([
      { event_id: 'e-1' },
      { event_id: 'e-2' },
    ]);
  });
});

it('a record that calls itself partial is not: a copy that differs is a conflict', async () => {
  const other = { ...record(1, { eventName: 'StopLogging' }), _p: true };
  const { db } = await load(evidence({ 'a.json': delivery(record(1)), 'b.json': delivery(other) }));
  expect(await db.rows('SELECT count(*)::INTEGER AS n FROM conflicts')).toEqual([{ n: 1 }]);
});
