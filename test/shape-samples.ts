/** One file of every shape an export comes in, made of the same two records. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { Header } from 'tar';
import { type CloudTrailRecord, createUser, delivery, record } from './support.ts';

export const one = createUser(1);
export const two = record(2, { sourceIPAddress: '203.0.113.7' });
const text = (value: unknown): string => JSON.stringify(value);
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
const lines = (...values: unknown[]): string => values.map((value) => `${text(value)}\n`).join('');

/** A frame of raw blocks: RFC 8878 sections 3.1.1.1 and 3.1.1.2. */
export const zstd = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + block.length === bytes.length ? 1 : 0), 0, 3);
    blocks.push(header, block);
  }
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...blocks]);
};

export const utf16 = (content: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${content}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

/** A tar archive of files: POSIX.1-2017 pax, ustar Interchange Format. */
export const tarOf = (files: Record<string, Buffer>): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([path, content]) => {
      const block = Buffer.alloc(512);
      new Header({ path, mode: 0o644, size: content.length, type: 'File' }).encode(block);
      return [block, content, Buffer.alloc(-content.length & 511)];
    }),
    Buffer.alloc(1024),
  ]);

const lookup = (whole: CloudTrailRecord): Record<string, unknown> => ({
  EventId: whole['eventID'],
  EventName: whole['eventName'],
  ReadOnly: 'true',
  EventTime: 1774404001.0,
  EventSource: whole['eventSource'],
  Resources: [],
  CloudTrailEvent: text(whole),
});

const bridge = (detail: unknown, type = 'AWS API Call via CloudTrail'): Record<string, unknown> => ({
  version: '0',
  id: '6f3b6c0e-0000-4000-8000-000000000001',
  'detail-type': type,
  source: 'aws.iam',
  account: '111122223333',
  time: '2026-03-25T02:00:01Z',
  region: 'us-east-1',
  resources: [],
  detail,
});

const subscription = (...messages: string[]): Record<string, unknown> => ({
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: 'cloudtrail',
  logStream: '111122223333_CloudTrail_us-east-1',
  subscriptionFilters: ['all'],
  logEvents: messages.map((message, i) => ({ id: String(i), timestamp: 1774404000000 + i, message })),
});

/** Shapes that hold whole records: nothing of them may be lost. */
export const whole: [string, string, string | Buffer, string][] = [
  ['S3 delivery', 'a.json', delivery(one, two), 's3-delivery'],
  ['a bare array', 'a.json', pretty([one, two]), 'array'],
  ['JSON Lines of records', 'a.jsonl', lines(one, two), 'json-lines'],
  ['JSON Lines without a last line break', 'a.jsonl', lines(one, two).trimEnd(), 'json-lines'],
  ['JSON Lines with CRLF', 'a.jsonl', lines(one, two).replaceAll('\n', '\r\n'), 'json-lines'],
  ['JSON Lines of deliveries', 'a.jsonl', `${delivery(one)}\n${delivery(two)}\n`, 's3-delivery'],
  ['JSON Lines of arrays', 'a.jsonl', `${text([one])}\n${text([two])}\n`, 'array'],
  ['records written over many lines, one after the other', 'a.json', `${pretty(one)}\n${pretty(two)}\n`, 'json-lines'],
  ['deliveries one after the other', 'a.json', delivery(one) + delivery(two), 's3-delivery'],
  ['a JSON text sequence', 'a.json', `\x1e${text(one)}\n\x1e${text(two)}\n`, 'json-lines'],
  ['a byte order mark', 'a.json', `\ufeff${delivery(one, two)}`, 's3-delivery'],
  ['UTF-16, little end first', 'a.json', utf16(delivery(one, two), false), 's3-delivery'],
  ['UTF-16, big end first', 'a.json', utf16(delivery(one, two), true), 's3-delivery'],
  ['UTF-16 without a mark', 'a.json', Buffer.from(delivery(one, two), 'utf16le'), 's3-delivery'],
  [
    'gzip of many members',
    'a.json.gz',
    Buffer.concat([gzipSync(delivery(one)), gzipSync(delivery(two))]),
    's3-delivery',
  ],
  ['gzip under another name', 'a.log', gzipSync(lines(one, two)), 'json-lines'],
  ['plain under the name of gzip', 'a.json.gz', delivery(one, two), 's3-delivery'],
  ['gzip in gzip', 'a.json.gz', gzipSync(gzipSync(delivery(one, two))), 's3-delivery'],
  [
    'gzip padded with zeros',
    'a.json.gz',
    Buffer.concat([gzipSync(delivery(one, two)), Buffer.alloc(512)]),
    's3-delivery',
  ],
  ['Zstandard', 'a.json.zst', zstd(delivery(one, two)), 's3-delivery'],
  ['lookup-events', 'a.json', pretty({ Events: [lookup(one), lookup(two)], NextToken: 'x' }), 'lookup-events'],
  [
    'lookup-events, the token first',
    'a.json',
    text({ NextToken: 'x', Events: [lookup(one), lookup(two)] }),
    'lookup-events',
  ],
  ['lookup-events as lines', 'a.jsonl', lines(lookup(one), lookup(two)), 'lookup-events'],
  ['EventBridge envelopes', 'a.jsonl', lines(bridge(one), bridge(two)), 'eventbridge'],
  ['an array of EventBridge envelopes', 'a.json', text([bridge(one), bridge(two)]), 'eventbridge'],
  ['a CloudWatch Logs subscription', 'a.json', text(subscription(text(one), text(two))), 'cloudwatch-logs'],
  [
    'CloudWatch Logs through Firehose, gzip documents one after the other',
    'stream-1-2026-03-25',
    Buffer.concat([gzipSync(text(subscription(text(one)))), gzipSync(text(subscription(text(two))))]),
    'cloudwatch-logs',
  ],
  [
    'CloudWatch Logs in a Lambda event',
    'a.json',
    text({ awslogs: { data: gzipSync(text(subscription(text(one), text(two)))).toString('base64') } }),
    'cloudwatch-logs',
  ],
  [
    'a CloudWatch Logs export to S3',
    '000000.gz',
    gzipSync(`2026-03-25T02:00:01.000Z ${text(one)}\n2026-03-25T02:00:02.000Z ${text(two)}\n`),
    'json-lines',
  ],
  [
    'aws logs filter-log-events',
    'a.json',
    text({ events: [one, two].map((event) => ({ logStreamName: 's', message: text(event) })), searchedLogStreams: [] }),
    'cloudwatch-logs',
  ],
  ['Firehose messages', 'a.json', lines({ message: text(one) }, { message: text(two) }), 'firehose'],
  [
    'Firehose records in base64',
    'a.json',
    text({
      invocationId: 'x',
      records: [one, two].map((event) => ({ data: Buffer.from(text(event)).toString('base64') })),
    }),
    'firehose',
  ],
  [
    'SNS notices of EventBridge',
    'a.jsonl',
    lines(...[one, two].map((event) => ({ Type: 'Notification', Message: text(bridge(event)) }))),
    'sns',
  ],
  [
    'SNS notices in a Lambda event',
    'a.json',
    text({ Records: [one, two].map((event) => ({ EventSource: 'aws:sns', Sns: { Message: text(event) } })) }),
    's3-delivery',
  ],
  [
    'Splunk results as lines',
    'a.json',
    lines(...[one, two].map((event) => ({ preview: false, result: { _raw: text(event) } }))),
    'splunk',
  ],
  [
    'Splunk results whole',
    'a.json',
    text({ preview: false, fields: [], results: [{ _raw: text(one) }, { _raw: text(two) }] }),
    'splunk',
  ],
  [
    'Splunk CSV',
    'a.csv',
    `"_serial","_time","host","_raw"\n${[one, two].map((event, i) => `"${i}","2026-03-25T02:00:01","h","${text(event).replaceAll('"', '""')}"\n`).join('')}`,
    'splunk',
  ],
  [
    'an Elasticsearch answer',
    'a.json',
    text({
      took: 1,
      hits: {
        total: { value: 2 },
        hits: [one, two].map((event) => ({ _source: { event: { original: text(event) } } })),
      },
    }),
    'elastic',
  ],
  [
    'flat Elastic documents',
    'a.ndjson',
    lines(...[one, two].map((event) => ({ '@timestamp': 'x', 'event.original': text(event) }))),
    'elastic',
  ],
  [
    'OCSF with the record beside',
    'a.json',
    lines(...[one, two].map((event) => ({ class_uid: 6003, raw_data: text(event) }))),
    'ocsf',
  ],
  [
    'Datadog extra fields',
    'a.json',
    text([one, two].map((event) => ({ ...event, evt: { name: 'x' }, http: {} }))),
    'array',
  ],
  [
    'Datadog attributes',
    'a.json',
    text({ data: [one, two].map((event) => ({ id: 'x', attributes: { attributes: event } })) }),
    'datadog',
  ],
  [
    'a table of Datadog',
    'a.csv',
    `Date,Host,Service,Content\n${[one, two].map((event) => `2026-03-25,h,cloudtrail,"${text(event).replaceAll('"', '""')}"\n`).join('')}`,
    'datadog',
  ],
];

/** Archives, and shapes that keep only some fields. */
export const others: [string, string | Buffer][] = [
  ['a.zip', Buffer.from(zipSync({ 'one.json': Buffer.from(delivery(one)), 'b/two.json.gz': gzipSync(delivery(two)) }))],
  ['b.zip', Buffer.from(zipSync({ 'c.zip': zipSync({ 'one.json': Buffer.from(delivery(one)) }) }, { level: 0 }))],
  [
    'c.csv',
    'Event ID,Event time,Event name,Event source,Resources\n"e-1",2026-03-25T02:00:01Z,ListUsers,iam.amazonaws.com,"[]"\n',
  ],
  [
    'd.csv',
    'eventid;eventtime;eventname;useridentity\ne-2;2026-03-25T02:00:01Z;ListUsers;{type=IAMUser, sessioncontext={attributes=null}}\n',
  ],
  [
    'e.json',
    JSON.stringify({
      class_uid: 6003,
      metadata: { uid: 'e-3', product: { name: 'CloudTrail' } },
      api: { operation: 'ListUsers' },
    }),
  ],
  [
    'f.json',
    JSON.stringify({
      QueryResultRows: [[{ eventID: 'e-4' }, { eventTime: '2026-03-25 02:00:01' }, { eventName: 'ListUsers' }]],
    }),
  ],
];
