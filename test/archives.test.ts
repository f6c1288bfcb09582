/** Archives as others make them, hostile ones included, and limits that are raised afterwards: nothing is lost, nothing is without end. */
import { hash } from 'node:crypto';
import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { Header } from 'tar';
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { ingest } from '../src/events/ingest.ts';
import type { ReadLimits } from '../src/evidence/limits.ts';
import { readLedger } from '../src/rules/ledger.ts';
import { delivery, evidence, load, record, root, scratch, temporaryCase, trailscope } from './support.ts';

const log = (n: number): Buffer => Buffer.from(delivery(record(n)));

type Entry = { name: string | Buffer; content?: Buffer; type?: string; linkpath?: string };

/** A tar archive, entry by entry; the name may be any bytes. */
const tar = (entries: Entry[], ustar = true): Buffer =>
  Buffer.concat([
    ...entries.flatMap(({ name, content = Buffer.alloc(0), type = '0', linkpath = '' }) => {
      const block = Buffer.alloc(512);
      new Header({ path: 'x', mode: 0o644, size: content.length, type: 'File', linkpath }).encode(block);
      block.fill(0, 0, 100);
      Buffer.from(name).copy(block, 0);
      block.write(type, 156, 'latin1');
      if (!ustar) block.fill(0, 257);
      block.fill(' ', 148, 156);
      const sum = block.reduce((all, byte) => all + byte, 0);
      block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      return [block, content, Buffer.alloc(-content.length & 511)];
    }),
    Buffer.alloc(1024),
  ]);

type ZipEntry = {
  name: string | Buffer;
  content: Buffer;
  method?: number;
  flags?: number;
  zip64?: boolean;
  later?: boolean;
};

/** A zip archive of stored files: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.9, 4.3.12, 4.5.3. */
const zip = (entries: ZipEntry[]): Buffer => {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  for (const { name: given, content, method = 0, flags = 0, zip64 = false, later = false } of entries) {
    const name = Buffer.from(given);
    const at = local.reduce((all, { length }) => all + length, 0);
    const extra = Buffer.alloc(zip64 ? 20 : 0);
    if (zip64) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(16, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(content.length), 12);
    }
    const common = Buffer.alloc(26);
    common.writeUInt16LE(45);
    common.writeUInt16LE(flags | (later ? 8 : 0), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    // Twelve bytes of an encrypted file are its key's.
    const sizes = { 14: content.length, 18: content.length - (flags & 1) * 12 };
    for (const [place, size] of Object.entries(sizes)) common.writeUInt32LE(zip64 ? 0xffffffff : size, Number(place));
    common.writeUInt16LE(name.length, 22);
    common.writeUInt16LE(extra.length, 24);
    const head = Buffer.from(common);
    if (later) head.fill(0, 10, 22);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), head, name, extra, content);
    if (later) local.push(Buffer.from('PK\x07\x08', 'latin1'), common.subarray(10, 22));
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02-\x00', 'latin1'), common, rest, name, extra);
  }
  const [files, directory] = [Buffer.concat(local), Buffer.concat(central)];
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const place of [8, 10]) end.writeUInt16LE(entries.length, place);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(files.length, 16);
  return Buffer.concat([files, directory, end]);
};

/** Each file of the ledger in one line: what became of it, how many events, and why. */
const told = async ({ db }: Case): Promise<[string, string, number, string | null][]> => {
  const { manifest, ...sums } = await readLedger(db);
  expect(sums.events + sums.duplicates + sums.conflicts + sums.ignored + sums.rejected).toBe(sums.records);
  return manifest.map(({ path, status, events, reason }) => [path, status, events, reason]);
};

describe('an archive', () => {
  it('of tar as it was before ustar is recognised by the sum of its header', async () => {
    const opened = await load(
      evidence({
        'old.bin': tar(
          [
            { name: 'a.json', content: log(1) },
            { name: 'b.json', content: log(2) },
          ],
          false,
        ),
      }),
    );
    expect(await told(opened)).toEqual([
      ['old.bin', 'read', 0, null],
      ['old.bin/a.json', 'read', 1, null],
      ['old.bin/b.json', 'read', 1, null],
    ]);
  });

  it('names the links and other things in it, and follows none', async () => {
    const kinds = [
      { name: 'a.json', content: log(1) },
      { name: 'link', type: '2', linkpath: '/etc/passwd' },
      { name: 'pipe', type: '6' },
      { name: 'sparse', type: 'S' },
      { name: 'folder/', type: '5' },
    ];
    expect(await told(await load(evidence({ 'x.tar': tar(kinds) })))).toEqual([
      ['x.tar', 'read', 0, null],
      ['x.tar/a.json', 'read', 1, null],
      ['x.tar/link', 'skipped', 0, expect.stringMatching(/^a link to .* in the archive, no file$/)],
      ['x.tar/pipe', 'skipped', 0, 'neither a file nor a folder'],
      ['x.tar/sparse', 'rejected', 0, 'an entry of a kind that is not read (SparseFile)'],
    ]);
  });

  it('of zip is read where its sizes take 64 bits, and where they follow the content', async () => {
    const entries = [
      { name: 'large.json', content: log(1), zip64: true },
      { name: 'later.json', content: log(2), later: true },
    ];
    expect(
      (await told(await load(evidence({ 'x.zip': zip(entries) })))).map(([, status, events]) => [status, events]),
    ).toEqual([
      ['read', 0],
      ['read', 1],
      ['read', 1],
    ]);
  });

  it('says which of its files are encrypted or packed in a way that is not read, and reads the others', async () => {
    const entries = [
      { name: 'a.json', content: log(1), flags: 1 },
      { name: 'b.json', content: log(2), method: 12 },
      { name: 'c.json', content: log(3) },
    ];
    const opened = await load(evidence({ 'x.zip': zip(entries) }));
    expect(await told(opened)).toEqual([
      ['x.zip', 'read', 0, null],
      ['x.zip/a.json', 'rejected', 0, 'it is encrypted; unpack the archive with its password first'],
      ['x.zip/b.json', 'rejected', 0, 'it is packed in a way that is not read (method 12); unpack the archive first'],
      ['x.zip/c.json', 'read', 1, null],
    ]);
    expect(await opened.db.rows("SELECT bytes, sha256 FROM evidence WHERE path = 'x.zip/a.json'")).toEqual([
      { bytes: null, sha256: null },
    ]);
  });

  it('in the ledger tells files of one name apart, and event prints each from its own', () => {
    const folder = evidence({
      'x.tar': tar([1, 2, 3].map((n) => ({ name: 'a.json', content: log(n) }))),
      'y.zip': zip([4, 5].map((n) => ({ name: 'a.json', content: log(n) }))),
    });
    const caseFile = join(scratch(), 'c.duckdb');
    trailscope(['ingest', folder, '--case', caseFile]);
    for (const [n, path] of [
      [1, 'x.tar/a.json'],
      [2, 'x.tar/a.json#2'],
      [3, 'x.tar/a.json#3'],
      [5, 'y.zip/a.json#2'],
    ] as const) {
      const { stdout, stderr } = trailscope(['event', String(record(n)['eventID']), '--case', caseFile]);
      expect(stdout).toBe(`${JSON.stringify(record(n))}\n`);
      expect(stderr).toContain(`record 0 of ${path},`);
    }
  });

  it('whose names are no UTF-8 or act on a terminal is read, and printed without harm', () => {
    const name = Buffer.concat([Buffer.from('a\x1b[31m'), Buffer.from([0xff, 0xfe]), Buffer.from('\u202e.json')]);
    const folder = evidence({ 'x.tar': tar([{ name, content: log(1) }]), 'y.zip': zip([{ name, content: log(2) }]) });
    const caseFile = join(scratch(), 'c.duckdb');
    expect(trailscope(['ingest', folder, '--case', caseFile]).code).toBe(0);
    const { stdout } = trailscope(['evidence', '--case', caseFile]);
    expect(stdout).toContain('4 files = 4 read');
    expect(stdout).toContain('x.tar/a\\x1b[31m');
    for (const harm of ['\x1b', '\u202e']) expect(stdout).not.toContain(harm);
    for (const n of [1, 2])
      expect(trailscope(['event', String(record(n)['eventID']), '--case', caseFile]).stdout).toBe(
        `${JSON.stringify(record(n))}\n`,
      );
  });

  it('that lists one file a thousand times costs no more than the limit on files', async () => {
    const one = zip([{ name: 'a.json', content: log(1) }]);
    const [directory, end] = [one.indexOf('PK\x01\x02'), one.indexOf('PK\x05\x06')];
    const last = Buffer.from(one.subarray(end));
    for (const place of [8, 10]) last.writeUInt16LE(1000, place);
    last.writeUInt32LE(1000 * (end - directory), 12);
    const bomb = Buffer.concat([
      one.subarray(0, directory),
      ...Array.from({ length: 1000 }, () => one.subarray(directory, end)),
      last,
    ]);
    const opened = await temporaryCase();
    await ingest(opened, [evidence({ 'x.zip': bomb })], { jobs: 1, limits: { maxEntries: 10 } });
    const files = await told(opened);
    expect(files).toHaveLength(11);
    expect(files[0]).toEqual([
      'x.zip',
      'partial',
      0,
      'it holds more files than the limit of 10 (--max-entries); nothing after file 10 in it is read: 10 of 10 files found in it are whole',
    ]);
    expect(await readLedger(opened.db)).toMatchObject({ events: 1, duplicates: 9 });
  });

  it('that unpacks to more than it may is read up to the limit, and told of with the limit’s name', async () => {
    const large = Buffer.from(delivery(record(3, { requestParameters: { pad: 'x'.repeat(20_000) } }), record(4)));
    const members = { 'a.json': log(1), 'b.json': log(2), 'c.json': large, 'd.json': log(5) };
    const inOrder = Object.entries(members).map(([name, content]) => ({ name, content }));
    for (const bytes of [
      Buffer.from(zipSync(members)),
      gzipSync(tar([{ name: 'in.zip', content: Buffer.from(zipSync(members)) }])),
    ]) {
      const opened = await temporaryCase();
      await ingest(opened, [evidence({ x: bytes })], { jobs: 1, limits: { maxInflatedBytes: 20_000 } });
      const files = await told(opened);
      const c = files.find(([path]) => path.endsWith('c.json'));
      expect(c![3]).toMatch(/longer than the limit of 20000 bytes for all that is in an archive \(--max-inflated\)/);
      expect(files.some(([path]) => path.endsWith('d.json'))).toBe(false);
      const archives = files.filter(
        ([, status, , reason]) => status === 'partial' && /nothing after file \d in it is read/.test(reason ?? ''),
      );
      expect(archives.length).toBeGreaterThan(0);
      expect(await readLedger(opened.db)).toMatchObject({ events: 2 });
    }
    // What a tar archive holds is not counted twice: once as the archive, once as its files.
    const bytes = tar(inOrder);
    const opened = await temporaryCase();
    await ingest(opened, [evidence({ x: bytes })], { jobs: 1, limits: { maxInflatedBytes: bytes.length } });
    expect(await readLedger(opened.db)).toMatchObject({ events: 5, files_rejected: 0 });
  });
});

describe('a file longer than --max-inflated', () => {
  it('is read up to there, and partial', async () => {
    const content = delivery(...Array.from({ length: 50 }, (_, n) => record(n)));
    const opened = await temporaryCase();
    await ingest(opened, [evidence({ 'a.json': content, 'b.json.gz': gzipSync(content) })], {
      jobs: 1,
      limits: { maxInflatedBytes: content.length / 2 },
    });
    const files = await told(opened);
    expect(files.map(([path, status, events]) => [path, status, events > 10])).toEqual([
      ['a.json', 'partial', true],
      ['b.json.gz', 'partial', false],
    ]);
    for (const [, , , reason] of files)
      expect(reason).toMatch(/\(--max-inflated\), at byte \d+ of the content: \d+ whole records read$/);
  });
});

describe('a file in the folder', () => {
  it('whose name is no UTF-8 is told from others like it, known again, and its records are printed', () => {
    const folder = evidence({ 'a.json': delivery(record(1)), 'b.json': delivery(record(2)) });
    const named = (byte: number): Buffer =>
      Buffer.concat([Buffer.from(`${folder}/l`), Buffer.from([byte]), Buffer.from('g.json')]);
    for (const [name, byte] of [
      ['a.json', 0xff],
      ['b.json', 0xfe],
    ] as const) {
      renameSync(join(folder, name), named(byte));
      utimesSync(named(byte), 1_774_400_000, 1_774_400_000);
    }
    const caseFile = join(scratch(), 'c.duckdb');
    expect(trailscope(['ingest', folder, '--case', caseFile]).stdout).toMatch(/^2 new files\n/);
    for (const n of [1, 2])
      expect(trailscope(['event', String(record(n)['eventID']), '--case', caseFile]).stdout).toBe(
        `${JSON.stringify(record(n))}\n`,
      );
    // As long and as old as the others: its name alone is new.
    writeFileSync(named(0xfd), delivery(record(3)));
    utimesSync(named(0xfd), 1_774_400_000, 1_774_400_000);
    expect(trailscope(['ingest', folder, '--case', caseFile]).stdout).toMatch(/^1 new file\n/);
    expect(trailscope(['ingest', folder, '--case', caseFile]).stdout).toMatch(/^0 new files\n/);
  });

  it('that was touched or that could not be read before takes its own place in the ledger', async () => {
    const folder = evidence({ 'a.json': delivery(record(1)) });
    const opened = await load(folder);
    utimesSync(join(folder, 'a.json'), 1_774_400_000, 1_774_400_000);
    await opened.db.run(
      `INSERT INTO evidence BY NAME SELECT * REPLACE (90 AS file_id, 90 AS part_of, location || 'x' AS location, NULL AS bytes, NULL AS sha256, 'rejected' AS status) FROM evidence`,
    );
    writeFileSync(join(folder, 'a.jsonx'), delivery(record(2)));
    expect(await ingest(opened, [folder], { jobs: 1 })).toBe(2);
    expect(await told(opened)).toEqual([
      ['a.json', 'read', 1, null],
      ['a.jsonx', 'read', 1, null],
    ]);
    expect(await ingest(opened, [folder], { jobs: 1 })).toBe(0);
  });
});

describe('a limit that is raised', () => {
  const long = record(2, { requestParameters: { pad: 'x'.repeat(5000) } });
  // What no packing makes smaller than half.
  const pad = Array.from({ length: 1600 }, (_, n) => hash('sha256', String(n))).join('');
  const deep = record(3, { requestParameters: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as unknown });
  const files = {
    'a.json': delivery(record(1), long, deep),
    'b.json': delivery(long),
    'c.json': delivery(record(4)),
    'd.zip': Buffer.from(zipSync({ 'x.json': log(5), 'y.json': Buffer.from(delivery(long, record(6))) })),
    'e.json.gz': gzipSync(`[${' '.repeat(110 << 20)}${JSON.stringify(record(7, { requestParameters: { pad } }))}]`),
  };
  const low: Partial<ReadLimits> = { maxRecordBytes: 3000, maxDepth: 20, maxRatio: 500, maxEntries: 1 };
  const state = async ({ db }: Case): Promise<unknown[]> => [
    await db.rows('SELECT event_id, path, record_index FROM events JOIN evidence USING (file_id) ORDER BY event_id'),
    await db.rows(
      'SELECT event_id, path, record_index FROM duplicates JOIN evidence USING (file_id) ORDER BY event_id, path',
    ),
    await db.rows('SELECT path, record_index, rejects.reason FROM rejects JOIN evidence USING (file_id) ORDER BY ALL'),
    await db.rows('SELECT path, status, records, sha256 FROM evidence ORDER BY path'),
  ];

  it('has what crossed it read again, and only that; the case is then as if it had been so from the start', async () => {
    const folder = evidence(files);
    const opened = await temporaryCase();
    const run = async (limits: Partial<ReadLimits>): Promise<number> => ingest(opened, [folder], { jobs: 2, limits });
    expect(await run(low)).toBe(5);
    expect(await readLedger(opened.db)).toMatchObject({ events: 3, rejected: 3 });
    expect(await run(low)).toBe(0);
    expect(await run({ ...low, maxRecordBytes: 4000 })).toBe(2);
    expect(await run({ ...low, maxRecordBytes: 4000 })).toBe(0);
    expect(await run({ ...low, maxRecordBytes: 1 << 20 })).toBe(2);
    expect(await run({ ...low, maxRecordBytes: 1 << 20, maxEntries: 2 })).toBe(1);
    // What was raised before stays so for the file: its long record is not lost again.
    expect(await run({ ...low, maxDepth: 100 })).toBe(1);
    expect(await run({})).toBe(1);
    expect(await run(low)).toBe(0);
    const afresh = await load(folder);
    expect(await state(opened)).toEqual(await state(afresh));
    expect(await readLedger(opened.db)).toMatchObject({ events: 7, duplicates: 2, rejected: 0, files_rejected: 0 });
  });

  it('is said on stderr to have files read again', () => {
    const folder = evidence({ 'a.json': files['a.json'], 'b.json': files['b.json'] });
    const caseFile = join(scratch(), 'c.duckdb');
    expect(trailscope(['ingest', folder, '--case', caseFile, '--max-record', '2KB']).code).toBe(3);
    const again = trailscope(['ingest', folder, '--case', caseFile]);
    expect(again.stderr).toBe(
      'trailscope: 2 files are read again, because a limit that something in them crossed is higher now.\n',
    );
    expect(again.code).toBe(0);
  });

  it('leaves the events of the first reading where the second is cut off', async () => {
    const folder = evidence(files);
    const opened = await temporaryCase();
    await ingest(opened, [folder], { jobs: 1, limits: low });
    const { events } = await readLedger(opened.db);
    const stopped = ingest(opened, [folder], { jobs: 1, onAgain: () => void opened.db.run('DROP TABLE agents') });
    await expect(stopped).rejects.toThrow('agents');
    expect((await readLedger(opened.db)).events).toBeGreaterThanOrEqual(events);
    await opened.db.run(readFileSync(join(root, 'queries/tables/02-events.sql'), 'utf8'));
    await ingest(opened, [folder], { jobs: 1 });
    expect(await state(opened)).toEqual(await state(await load(folder)));
  });
});
