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

describe('a zstd stream', () => {
  /** Two records, as the program zstd packs them: one compressed block, and a checksum of the content behind it. */
  const made = Buffer.from(
    'KLUv/WS1AKUFAHKLJRgw2wFOI3VI0VAjxiGEFUTbQWdYQUNBBQfxFztBALEPwbt2BiJJcFH/AanyDIXdgub5giUobHW79g/T9cS8G7LOWRM5M4igyMFBZMK1fzlmQOyNZE0K1yAUxVQOVkEKFCmuXYTcj/b+MAQdcG1SINf+qKs6rN1VR9V8EUp/rw54koXBtZvnuNPfVPPZd9jTvsX0DP9yOAkAD6jQV5N86AsggwYJAlsUGRjNGWAY9Dcw94jHems=',
    'base64',
  );
  const altered = (at: number): Buffer => {
    const bytes = Buffer.from(made);
    bytes[at]! ^= 1;
    return bytes;
  };
  const reasonOf = async (bytes: Buffer): Promise<[string, number, string | null]> => {
    const { manifest, events } = await ledgerOf(bytes, 'a.json.zst');
    return [manifest[0]!.status, events, manifest[0]!.reason];
  };

  it('is held to its checksum: altered bytes are no event in silence', async () => {
    expect(await reasonOf(made)).toEqual(['read', 2, null]);
    expect(await reasonOf(altered(made.length - 1))).toEqual([
      'partial',
      2,
      'the zstd stream is damaged (the checksum is wrong), at byte 437 of the content: 2 whole records read',
    ]);
    // A bit of its text: what comes out can be a record all the same.
    expect((await reasonOf(altered(40)))[2]).toContain('the zstd stream is damaged (');
  });

  it('may be many frames, others’ own among them, and ends where they end', async () => {
    const skippable = Buffer.from('542a4d180300000061626300', 'hex').subarray(0, 11);
    const many = Buffer.concat([made, skippable, ...Array.from({ length: 5000 }, () => made)]);
    const ledger = await ledgerOf(many, 'a.json.zst');
    expect(ledger).toMatchObject({ files_read: 1, records: 10_002, events: 2, duplicates: 10_000 });
    expect(await reasonOf(Buffer.concat([made, Buffer.from('more')]))).toEqual([
      'partial',
      2,
      expect.stringContaining('bytes follow the end of the zstd stream'),
    ]);
    for (const cut of [made.length - 4, made.length - 1])
      expect((await reasonOf(made.subarray(0, cut)))[2]).toMatch(
        /^the zstd stream ends early, .*2 whole records read$/,
      );
    expect(await reasonOf(made.subarray(0, 60))).toEqual(['rejected', 0, 'the zstd stream ends early']);
  });

  it('cannot ask for any memory it likes', async () => {
    const large = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x09, 0, 0, 0x5b]);
    expect((await reasonOf(large))[2]).toMatch(/needs a window of more than 128 MiB/);
  });
});
