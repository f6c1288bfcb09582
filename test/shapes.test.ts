/** Every shape an export comes in, recognised by its content, ends as the same events. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { delivery, evidence, load, scratch } from './support.ts';
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

  it('of tar that is cut is rejected, and what was whole in it stands', async () => {
    const whole = tarOf({ 'one.json': Buffer.from(delivery(one)), 'two.json': Buffer.from(delivery(two)) }, false);
    for (const length of [2048, 2600]) {
      const { manifest, events } = await readLedger((await load(evidence({ 'x.tar': whole.subarray(0, length) }))).db);
      expect(events).toBe(1);
      expect(manifest.find(({ path }) => path === 'x.tar')).toMatchObject({
        status: 'rejected',
        reason: expect.stringContaining('archive is') as string,
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

  it('that is cut or damaged is rejected with its reason, and its whole members stand', async () => {
    const bytes = Buffer.from(zipSync(packed, { level: 0 }));
    const wrong = Buffer.from(bytes);
    wrong[wrong.indexOf('svc-backup-sync') + 2] = 0x58;
    const { db } = await load(evidence({ 'cut.zip': bytes.subarray(0, bytes.length - 30), 'wrong.zip': wrong }));
    const { manifest } = await readLedger(db);
    expect(manifest.map(({ path, status, reason }) => [path, status, /damaged/.test(reason ?? '')])).toEqual([
      ['cut.zip', 'rejected', true],
      ['wrong.zip', 'read', false],
      ['wrong.zip/one.json', 'partial', true],
      ['wrong.zip/sub dir/zwei é.json.gz', 'read', false],
    ]);
  });
});
