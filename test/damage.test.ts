/** Damage and limits inside wrappers: what can be read is read, what cannot is a reject with its reason, nothing is lost in silence. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { delivery, evidence, record, scratch, trailscope } from './support.ts';

type Manifest = {
  status: string;
  records: number;
  events: number;
  duplicates: number;
  conflicts: number;
  ignored: number;
  rejected: number;
  reason: string | null;
  rejects?: { reason: string }[];
};

/** What became of one file: events, rejects with their reasons, and its status. */
const read = (content: string | Buffer, ...options: string[]) => {
  const folder = scratch();
  const kept = `${folder}/c.duckdb`;
  const ran = trailscope(['ingest', evidence({ 'a.json': content }), '--case', kept, ...options]);
  expect(ran.stderr).not.toContain('bug');
  const { stdout } = trailscope(['evidence', '--case', kept, '--format', 'json']);
  const [file] = (JSON.parse(stdout) as { manifest: Manifest[] }).manifest;
  const { records, events, duplicates, conflicts, ignored, rejected } = file!;
  expect(records).toBe(events + duplicates + conflicts + ignored + rejected);
  return { events, ignored, status: file!.status, reasons: (file!.rejects ?? []).map(({ reason }) => reason) };
};
const text = (...ns: number[]): string => ns.map((n) => JSON.stringify(record(n))).join('');
const list = (...ns: number[]): string => `[${ns.map((n) => JSON.stringify(record(n))).join(',')}]`;
const message = (inner: string) =>
  JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 't', Message: inner });
const data = (bytes: Buffer) =>
  JSON.stringify({
    records: [
      { recordId: '1', data: bytes.toString('base64') },
      { recordId: '2', data: Buffer.from(text(9)).toString('base64') },
    ],
  });

it('reads the elements before a missing comma of a list in a text, and rejects the rest as one', () => {
  const damaged = list(1, 2, 3).replace('},{"eventVersion"', '} {"eventVersion"');
  expect(read(message(damaged))).toMatchObject({
    events: 1,
    reasons: [expect.stringContaining('is damaged after 1 entry')],
  });
  expect(read(message(list(1, 2).slice(0, -1)))).toMatchObject({
    events: 2,
    reasons: [expect.stringContaining('damaged after 2')],
  });
});

it('reads lists and records one after the other, with a mark of order before them', () => {
  expect(read(message(`\ufeff${list(1, 2)}\n${text(3)}`))).toMatchObject({ events: 3, reasons: [] });
});

it('rejects what follows a record in a text and is no JSON', () => {
  expect(read(message(`${text(1)} and then some`))).toMatchObject({
    events: 1,
    reasons: [expect.stringContaining('goes on as something')],
  });
});

it('reads a wrapper up to the damage between its keys', () => {
  const damaged = JSON.stringify({ a: { Records: [record(1)] } })
    .replace('{"a":', '')
    .slice(0, -1);
  const odd = `{"took":1,"hits":{"hits":[{"_source":{"event.original":${JSON.stringify(text(1))}} "x":1}]}}`;
  expect(read(damaged).events).toBe(1);
  expect(read(odd)).toMatchObject({ events: 1, reasons: [expect.stringContaining('not JSON after 1 of the keys')] });
});

it('rejects an entry whose gzip is damaged, and reads the others', () => {
  const packed = gzipSync(text(1));
  expect(read(data(packed)).events).toBe(2);
  expect(read(data(packed.subarray(0, -12)))).toMatchObject({
    events: 1,
    ignored: 0,
    reasons: [expect.stringContaining('gzip in this firehose entry is damaged')],
  });
});

it('rejects an entry that unpacks to more than it may', () => {
  const packed = gzipSync(Buffer.alloc(17 << 20, ' '));
  expect(read(data(packed))).toMatchObject({
    events: 1,
    reasons: [expect.stringContaining('unpacks to more than 16 MiB')],
  });
});

it('reads what an entry of lookup-events tells where its record is missing', () => {
  const entry = {
    EventId: 'e',
    EventName: 'ListUsers',
    EventTime: '2026-03-25T02:00:00Z',
    EventSource: 'iam.amazonaws.com',
  };
  const both = JSON.stringify({ Events: [{ ...entry, CloudTrailEvent: text(1) }, entry] });
  expect(read(both)).toMatchObject({ events: 2, ignored: 0, reasons: [] });
});

it('rejects Elastic documents without their record, beside others', () => {
  const bare = { _source: { '@timestamp': '2026-03-25T02:00:00Z', event: { action: 'ListUsers' } } };
  const both = JSON.stringify({ hits: { hits: [{ _source: { event: { original: text(1) } } }, bare] } });
  expect(read(both)).toMatchObject({ events: 1, ignored: 0, reasons: [expect.stringContaining('event.original')] });
});

it('reads the record from the fields of a search answer', () => {
  const hit = { _index: 'x', fields: { 'event.original': [text(1)] } };
  expect(read(JSON.stringify({ hits: { hits: [hit] } }))).toMatchObject({ events: 1, reasons: [] });
});

it('rejects what is wrapped too often, with the number', () => {
  let inner = text(1);
  for (let n = 0; n < 9; n += 1) inner = message(inner);
  expect(read(inner)).toMatchObject({
    events: 0,
    reasons: [expect.stringContaining('wrapped more than 6 times over')],
  });
});

it('takes a record of Datadog and its copy from S3 for one event, whatever Datadog laid beside it', () => {
  const added = { aws: { account: 'x' }, evt: { name: 'ListUsers' }, usr: { id: 'a' }, http: { useragent: 'x' } };
  const userIdentity = { ...(record(1)['userIdentity'] as object), assumed_role: 'x', session_name: 'y' };
  const datadog = JSON.stringify({
    id: 'x',
    type: 'log',
    attributes: { attributes: { ...record(1), ...added, userIdentity } },
  });
  const folder = evidence({
    'a.json': datadog,
    'b.json': delivery(record(1)),
    'c.json': datadog.replace('198.51.100', '203.0.113'),
  });
  const kept = `${scratch()}/c.duckdb`;
  expect(trailscope(['ingest', folder, '--case', kept]).stdout).toContain(
    '3 records = 1 event + 1 duplicate + 1 conflict',
  );
});

it('reads messages of a queue', () => {
  expect(
    read(
      JSON.stringify({
        Messages: [
          { MessageId: 'a', Body: text(1) },
          { MessageId: 'b', Body: message(text(2)) },
        ],
      }),
    ),
  ).toMatchObject({ events: 2, reasons: [] });
});

it.each([
  ['the array comes after other keys', (all: string) => `{"NextToken":"x","Records":${all}}`],
  ['of a search answer', (all: string) => `{"took":1,"hits":{"total":3,"hits":${all}}}`],
  ['of results', (all: string) => `{"preview":false,"results":${all}}`],
])('reads a document longer than one record may be, %s', (_, wrap) => {
  const all = list(...Array.from({ length: 40 }, (_unused, n) => n));
  expect(read(wrap(all), '--max-record', '4KB')).toMatchObject({ events: 40, reasons: [], status: 'read' });
});

it('rejects one line that is too long, with the limit, and reads those around it', () => {
  const long = JSON.stringify(record(2, { requestParameters: { x: 'y'.repeat(3_000_000) } }));
  const lines = `${text(1)}\n${long}\n${text(3)}\n${text(4)}\n`;
  expect(read(lines, '--max-record', '100KB')).toMatchObject({
    events: 3,
    reasons: [expect.stringContaining('(--max-record)')],
  });
});

it('still calls a file of other things by its kind', () => {
  const found = read(delivery({ some: 'thing' }, { some: 'other' }));
  expect([found.events, found.status]).toEqual([0, 'rejected']);
});

it('prints a record that was read with a higher limit', () => {
  const long = JSON.stringify(record(1, { requestParameters: { x: 'y'.repeat(17_000_000) } }));
  const kept = `${scratch()}/c.duckdb`;
  const id = String(record(1)['eventID']);
  const read = trailscope([
    'ingest',
    evidence({ 'a.json': `{"Records":[${long}]}` }),
    '--case',
    kept,
    '--max-record',
    '32MB',
  ]);
  expect(read.stdout).toContain('1 record = 1 event');
  const options = ['event', id, '--case', kept];
  expect(trailscope(options).stdout.trim()).toBe(long);
});
