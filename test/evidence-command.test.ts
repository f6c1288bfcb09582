/** `evidence` and `event`: the ledger of a case as people and programs read it, and any record again as it stands in its file. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createUser, delivery, evidence, record, scratch, trailscope } from './support.ts';

const one = createUser(1);
/** As no program would write it: spaces, an escape, a number past what JavaScript can count. */
const odd = `{ "eventVersion":"1.09","eventID":"odd-1" ,"eventTime":"2026-03-25T02:00:09Z","eventSource":"s3.amazonaws.com", "eventName":"Get\\u004fbject","requestParameters":{"size":12345678901234567890},"brandNew":1}`;
const row = 'odd-2,2026-03-25T02:00:10Z,s3.amazonaws.com,ListBuckets,"x, y"';

const files = {
  'a/one.json': delivery(one),
  'b/odd.json.gz': gzipSync(`{"Records":[${JSON.stringify(one)},\n${odd}\n]}`),
  'cut.json': `{"Records":[${JSON.stringify(record(5))},{"eventVersion":"1.0`,
  'packed.zip': Buffer.from(zipSync({ 'in side/z.json': Buffer.from(delivery(record(6))) })),
  'table.csv': `eventid,eventtime,eventsource,eventname,useragent\n${row}\n`,
  'wrapped.json': JSON.stringify({ Events: [{ CloudTrailEvent: JSON.stringify(record(7)) }] }),
  'notes.txt': 'notes',
};

const loaded = (): { folder: string; caseFile: string } => {
  const folder = evidence(files);
  const caseFile = join(scratch(), 'c.duckdb');
  expect(trailscope(['ingest', folder, '--case', caseFile]).code).toBe(3);
  return { folder, caseFile };
};

describe('evidence', () => {
  it('lists each file with what became of its records, for people and programs', () => {
    const { caseFile } = loaded();
    const text = trailscope(['evidence', '--case', caseFile]);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('read s3-delivery: b/odd.json.gz\n');
    expect(text.stdout).toContain('  2 records = 1 event + 1 duplicate\n');
    expect(text.stdout).toContain('  duplicates of a/one.json (1)\n');
    expect(text.stdout).toContain('  fields kept in extra: brandNew (1)\n');
    expect(text.stdout).toMatch(
      /partial s3-delivery: cut\.json\n(?: {2}.*\n)* {2}rejected record 1 at byte \d+: the file ends in the middle/,
    );
    expect(text.stdout).toContain('read s3-delivery: packed.zip/in side/z.json\n');
    expect(text.stdout).toContain('8 files = 6 read + 1 partial + 1 skipped + 0 rejected');
    const all = JSON.parse(trailscope(['evidence', '--case', caseFile, '--format', 'json']).stdout) as {
      manifest: Record<string, unknown>[];
    };
    expect(all.manifest.find(({ path }) => path === 'b/odd.json.gz')).toMatchObject({
      duplicates_of: [{ file: 'a/one.json', records: 1 }],
      unknown_fields: [{ field: 'brandNew', records: 1 }],
    });
    const lines = trailscope(['evidence', '--case', caseFile, '--format', 'csv']).stdout.trimEnd().split('\r\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toMatch(
      /^path,status,shape,reason,bytes,inflated_bytes,sha256,sha256_inflated,records,events,duplicates/,
    );
  });
});

describe('event', () => {
  it.each([
    ['a record as it was written, whatever its spaces and numbers', 'odd-1', odd, 'event: record 1 of b/odd.json.gz'],
    [
      'a record in an archive',
      record(6)['eventID'] as string,
      JSON.stringify(record(6)),
      'event: record 0 of packed.zip/in side/z.json',
    ],
    [
      'a record out of its envelope',
      record(7)['eventID'] as string,
      JSON.stringify(record(7)),
      'event: record 0 of wrapped.json',
    ],
    ['a row of a table', 'odd-2', row, 'this is the row as it stands there'],
    [
      'a record delivered twice, with both places',
      one['eventID'] as string,
      JSON.stringify(one),
      'duplicate: record 0 of b/odd.json.gz',
    ],
  ])('prints %s', (_, id, expected, told) => {
    const { caseFile } = loaded();
    const { code, stdout, stderr } = trailscope(['event', id, '--case', caseFile]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${expected}\n` });
    expect(stderr).toContain(told);
  });

  it('finds a moved folder again by hash, and refuses one that was changed', () => {
    const { folder, caseFile } = loaded();
    const moved = join(scratch(), 'elsewhere');
    renameSync(folder, moved);
    renameSync(join(moved, 'b/odd.json.gz'), join(moved, 'renamed.bin'));
    const gone = trailscope(['event', 'odd-1', '--case', caseFile]);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toMatch(/no longer where it was.*--evidence/);
    expect(trailscope(['event', 'odd-1', '--case', caseFile, '--evidence', moved]).stdout).toBe(`${odd}\n`);
    writeFileSync(join(moved, 'renamed.bin'), 'x'.repeat(files['b/odd.json.gz'].length));
    expect(trailscope(['event', 'odd-1', '--case', caseFile, '--evidence', moved]).code).toBe(2);
  });

  it('says as JSON where the record lies, with its hash', () => {
    const { caseFile } = loaded();
    const told = JSON.parse(trailscope(['event', 'odd-1', '--case', caseFile, '--format', 'json']).stdout) as Record<
      string,
      unknown
    >;
    expect(told).toMatchObject({
      event_id: 'odd-1',
      file: 'b/odd.json.gz',
      record_index: 1,
      kind: 'event',
      record: odd,
    });
    expect(told['sha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says so where only a copy that differs can be printed', () => {
    const folder = evidence({ 'a.json': delivery(one), 'b.json': delivery({ ...one, eventName: 'DeleteUser' }) });
    const caseFile = join(scratch(), 'c.duckdb');
    trailscope(['ingest', folder, '--case', caseFile]);
    const [event] = (
      JSON.parse(trailscope(['event', String(one['eventID']), '--case', caseFile, '--format', 'json']).stdout) as {
        deliveries: { file: string; kind: string }[];
      }
    ).deliveries;
    expect(event?.kind).toBe('event');
    writeFileSync(join(folder, event!.file), 'gone');
    const { stderr } = trailscope(['event', String(one['eventID']), '--case', caseFile]);
    expect(stderr).toMatch(/This is the copy of [ab]\.json, which differs from the event that the case counts/);
  });

  it('that the case does not have is refused', () => {
    const { caseFile } = loaded();
    const { code, stderr } = trailscope(['event', 'nothing', '--case', caseFile]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/has no event nothing/);
  });
});
