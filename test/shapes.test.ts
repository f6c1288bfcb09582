/** Every shape an export comes in, recognised by its content, ends as the same events. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { delivery, evidence, load } from './support.ts';
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
