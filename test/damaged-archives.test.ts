/** Archives that are cut or damaged: every file in them that can be made out is read, and the archive says what is wrong with it, and where. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Zippable, Zip, ZipDeflate, zipSync } from 'fflate';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { type Ledger, readLedger } from '../src/rules/ledger.ts';
import { delivery, evidence, load, record, scratch, trailscope } from './support.ts';

/** Records of a file, each with an answer that packs badly, so that a cut in the middle leaves some whole. */
const log = (from: number, to: number): Buffer =>
  Buffer.from(
    delivery(
      ...Array.from({ length: to - from }, (_, i) =>
        record(from + i, {
          responseElements: { token: [1, 2, 3, 4].map((part) => hash('sha512', `${from + i} ${part}`)).join('') },
        }),
      ),
    ),
  );
const files: Zippable = {
  'a.json': log(0, 20),
  'folder b/b.json': log(20, 40),
  'c.json.gz': gzipSync(log(40, 60)),
  'stored.json': [log(60, 80), { level: 0 }],
};
const whole = Buffer.from(zipSync(files));
const at = (bytes: Buffer, signature: string, nth: number): number => {
  let place = -1;
  for (let i = 0; i < nth; i++) place = bytes.indexOf(signature, place + 1, 'latin1');
  return place;
};
const [local, directory] = ['PK\x03\x04', 'PK\x01\x02'] as const;

/** As streaming writers do: the size of each file stands behind it. */
const streamed = (): Buffer => {
  const blocks: Uint8Array[] = [];
  const zip = new Zip((error, block) => {
    if (error) throw error;
    blocks.push(block);
  });
  for (const name of ['a.json', 'folder b/b.json'] as const) {
    const file = new ZipDeflate(name);
    zip.add(file);
    file.push(files[name] as Uint8Array, true);
  }
  zip.end();
  return Buffer.concat(blocks);
};

const ledgerOf = async (content: Buffer, name = 'x.zip'): Promise<Ledger> => {
  const ledger = await readLedger((await load(evidence({ [name]: content }))).db);
  const { records, events, duplicates, conflicts, ignored, rejected } = ledger;
  expect(events + duplicates + conflicts + ignored + rejected).toBe(records);
  expect(ledger.files_read + ledger.files_partial + ledger.files_skipped + ledger.files_rejected).toBe(ledger.files);
  return ledger;
};
const archiveOf = ({ manifest }: Ledger) => manifest[0]!;

describe('a zip archive', () => {
  it('without its directory is read by the header before each file, and says where the files end', async () => {
    const end = at(whole, directory, 1);
    for (const cut of [end, end + 20, whole.length - 1]) {
      const ledger = await ledgerOf(whole.subarray(0, cut));
      expect(ledger).toMatchObject({ files: 5, files_read: 4, files_partial: 1, events: 80, rejected: 0 });
      expect(archiveOf(ledger)).toMatchObject({
        status: 'partial',
        reason: expect.stringMatching(
          new RegExp(`^the archive is damaged or incomplete .*, at byte ${end}: 4 of 4 files found in it are whole$`),
        ) as string,
        rejects: [{ record_index: null, byte_offset: end }],
      });
    }
  });

  it('whose directory breaks off takes each file once', async () => {
    const broken = Buffer.from(whole);
    broken[at(broken, directory, 3)] = 0;
    expect(await ledgerOf(broken)).toMatchObject({ files: 5, files_read: 4, events: 80, duplicates: 0 });
  });

  it('with bytes behind it is read whole, and told of', async () => {
    expect(await ledgerOf(Buffer.concat([whole, Buffer.from('more')]))).toMatchObject({ files_partial: 1, events: 80 });
  });

  it('that is cut in a file gives the records before the cut, of what is packed in that file too', async () => {
    for (const [nth, before] of [
      [2, 20],
      [3, 40],
      [4, 60],
    ] as const) {
      const [from, to] = [at(whole, local, nth), nth === 4 ? at(whole, directory, 1) : at(whole, local, nth + 1)];
      const ledger = await ledgerOf(whole.subarray(0, Math.floor((from + to) / 2)));
      expect(ledger.files_partial).toBe(2);
      expect(ledger.events).toBeGreaterThan(before + 2);
      expect(ledger.events).toBeLessThan(before + 18);
      expect(ledger.rejected).toBe(1);
    }
  });

  it('that has lost the header of one file reads the others, and says where that one was', async () => {
    const place = at(whole, local, 2);
    const broken = Buffer.from(whole.subarray(0, at(whole, directory, 1)));
    broken[place + 3] = 9;
    const ledger = await ledgerOf(broken);
    expect(ledger).toMatchObject({ files: 4, files_read: 3, events: 60 });
    expect(archiveOf(ledger).rejects[0]!.byte_offset).toBe(place);
  });

  it('whose files tell their size behind them is read without its directory, cut as well', async () => {
    const bytes = streamed();
    const end = at(bytes, directory, 1);
    expect(await ledgerOf(bytes.subarray(0, end))).toMatchObject({ files: 3, files_read: 2, events: 40 });
    const cut = await ledgerOf(bytes.subarray(0, end - 2000));
    expect(cut).toMatchObject({ files: 3, files_read: 1, files_partial: 2 });
    expect(cut.events).toBeGreaterThan(30);
  });

  it('in a damaged archive is opened like any other', async () => {
    const outer = Buffer.from(zipSync({ 'in.zip': [whole, { level: 0 }], 'd.json': log(80, 90) }));
    expect(await ledgerOf(outer.subarray(0, outer.length - 30))).toMatchObject({ files: 7, files_read: 6, events: 90 });
  });

  it('keeps the checksum of what it finds: altered bytes are no event in silence', async () => {
    const broken = Buffer.from(whole.subarray(0, at(whole, directory, 1)));
    broken[broken.indexOf('ci-deployer', at(whole, local, 4)) + 1] = 0x4f;
    const { manifest } = await ledgerOf(broken);
    expect(manifest.find(({ path }) => path === 'x.zip/stored.json')).toMatchObject({
      status: 'partial',
      reason: expect.stringContaining('the checksum is wrong') as string,
    });
  });

  it('has its records printed to the byte by trailscope event', () => {
    const folder = scratch();
    const kept = join(folder, 'c.duckdb');
    trailscope(['ingest', evidence({ 'x.zip': whole.subarray(0, at(whole, directory, 1)) }), '--case', kept]);
    const id = record(25)['eventID'] as string;
    const { stdout } = trailscope(['event', id, '--case', kept]);
    expect((files['folder b/b.json'] as Buffer).includes(stdout.trimEnd())).toBe(true);
    expect(stdout).toContain(id);
  });
});

describe('a tar archive', () => {
  const tarOf = (gzip: boolean): Buffer => {
    const file = join(scratch(), 'x.tar');
    const folder = evidence({ 'a.json': files['a.json'] as Buffer, 'b.json': files['folder b/b.json'] as Buffer });
    create({ cwd: folder, file, gzip, sync: true, portable: true }, ['a.json', 'b.json']);
    return readFileSync(file);
  };

  it('in gzip that is cut gives every record before the cut', async () => {
    const bytes = tarOf(true);
    const ledger = await ledgerOf(bytes.subarray(0, Math.floor(bytes.length * 0.75)), 'x.tgz');
    expect(archiveOf(ledger)).toMatchObject({
      status: 'partial',
      reason: expect.stringMatching(
        /^the gzip stream ends early, at byte \d+: 1 of 2 files found in it is whole$/,
      ) as string,
    });
    expect(ledger.events).toBeGreaterThan(25);
  });

  it('with a damaged header reads the files around it, and says behind which it was', async () => {
    const bytes = tarOf(false);
    bytes[bytes.indexOf('b.json')] = 0x41;
    const ledger = await ledgerOf(bytes, 'x.tar');
    expect(ledger).toMatchObject({ files: 2, events: 20 });
    expect(archiveOf(ledger)).toMatchObject({
      status: 'partial',
      reason: 'the archive is damaged after a.json (checksum failure): 1 of 1 file found in it is whole',
    });
  });
});
