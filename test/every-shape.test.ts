/** Each shape of export in each packing: the same records come out, and each is found again to the byte. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { queryText } from '../src/database.ts';
import { findRecord, type RecordPlace } from '../src/evidence/find-record.ts';
import { pathOfText } from '../src/evidence/find.ts';
import { readLedger } from '../src/rules/ledger.ts';
import { one, tarOf, two, utf16, whole, zstd } from './shape-samples.ts';
import { evidence, load } from './support.ts';

/** What is text may be packed in all ways, what is packed already only once more. */
const packings: [string, (content: Buffer, name: string) => Buffer, 'text' | 'any'][] = [
  ['plain', (content) => content, 'any'],
  ['gz', (content) => gzipSync(content), 'any'],
  ['zst', (content) => zstd(content), 'any'],
  ['zip', (content, name) => Buffer.from(zipSync({ [`in side/${name}`]: content })), 'any'],
  ['tar', (content, name) => tarOf({ [name]: content }), 'any'],
  ['tgz', (content, name) => gzipSync(tarOf({ [name]: gzipSync(content) })), 'any'],
  ['nested', (content, name) => Buffer.from(zipSync({ 'in.tar': tarOf({ [name]: content }) })), 'any'],
  ['bom', (content) => Buffer.concat([Buffer.from('\ufeff'), content]), 'text'],
  ['utf16le', (content) => utf16(content.toString(), false), 'text'],
  ['utf16be', (content) => utf16(content.toString(), true), 'text'],
];

const files = new Map<string, { content: Buffer; text: string | undefined; shape: string }>();
for (const [i, [, name, sample, shape]] of whole.entries())
  for (const [packing, pack, kind] of packings) {
    const isText = typeof sample === 'string' && !sample.startsWith('\ufeff');
    if (kind === 'text' && !isText) continue;
    const content = pack(Buffer.from(sample), name);
    files.set(`${packing}/${String(i).padStart(2, '0')}/${name}`, {
      content,
      text: isText ? sample : undefined,
      shape,
    });
  }

it(`all ${files.size} of them hold the two records, each to the byte`, { timeout: 180_000 }, async () => {
  const opened = await load(evidence(Object.fromEntries(Array.from(files, ([path, { content }]) => [path, content]))));
  const { manifest, ...sums } = await readLedger(opened.db);
  expect(sums).toMatchObject({
    files_rejected: 0,
    files_partial: 0,
    files_skipped: 0,
    events: 2,
    conflicts: 0,
    rejected: 0,
    ignored: 0,
  });
  expect(sums).toMatchObject({ records: 2 * files.size, duplicates: 2 * files.size - 2, partial_events: 0 });
  const found = new Map<string, number>();
  for (const expected of [one, two]) {
    const places = await opened.db.rows<RecordPlace & { path: string }>(queryText('steps/event-deliveries'), {
      event_id: String(expected['eventID']),
    });
    expect(places).toHaveLength(files.size);
    for (const place of places) {
      const path = [...files.keys()].find((name) => place.path.startsWith(name));
      const { text, shape } = files.get(path!)!;
      const record = await findRecord(pathOfText(place.location), place, opened.workFolder);
      expect(record, place.path).toHaveProperty('record');
      const written = (record as { record: Buffer }).record.toString();
      expect(JSON.parse(written), place.path).toMatchObject(expected); // Datadog lays fields of its own beside.
      // Out of a text in a text it comes as that reads; else as it stands.
      if (text?.includes('"eventID":') === true || text?.includes('"eventID": ') === true)
        expect(text, place.path).toContain(written);
      expect(manifest.find((file) => file.path === place.path)!.shape, place.path).toBe(shape);
      found.set(path!, (found.get(path!) ?? 0) + 1);
    }
  }
  expect([...found.values()].every((n) => n === 2)).toBe(true);
  expect(found.size).toBe(files.size);
});
