/** Exports that keep only some of a record's fields: loaded with what they have, marked partial, and never set against the whole record. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { type Ledger, readLedger } from '../src/rules/ledger.ts';
import { createUser, delivery, evidence, load, record, root, scratch, temporaryCase, trailscope } from './support.ts';

const issued = 'ASIAIOSFODNN7EXAMPLE';
const assumed = record(3, {
  eventName: 'AssumeRole',
  responseElements: { credentials: { accessKeyId: issued, expiration: 'Mar 25, 2026, 3:00:00 AM' } },
});

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const csv = (...rows: string[][]): string => rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');

const historyHeader = [
  ...[
    'Event ID',
    'Event time',
    'User name',
    'AWS access key',
    'Event name',
    'Event source',
    'AWS region',
    'Source IP address',
  ],
  ...[
    'User agent',
    'Error code',
    'Read-only',
    'Request ID',
    'Recipient Account Id',
    'Event type',
    'Resources',
    'Event version',
  ],
];
/** One row as the console's Event history writes it; the nth record of these tests. */
const historyRow = (n: number, changes: Record<string, string> = {}): string[] => {
  const row: Record<string, string> = {
    'Event ID': `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    'Event time': `2026-03-25T02:00:0${n}Z`,
    'User name': 'ci-deployer',
    'AWS access key': 'AKIAIOSFODNN7EXAMPLE',
    'Event name': 'GetCallerIdentity',
    'Event source': 'sts.amazonaws.com',
    'AWS region': 'us-east-1',
    'Source IP address': '198.51.100.23',
    'Read-only': 'true',
    'Recipient Account Id': '111122223333',
    'Event type': 'AwsApiCall',
    Resources: '[]',
    ...changes,
  };
  return historyHeader.map((column) => row[column] ?? '');
};
const issuing = historyRow(3, {
  'Event name': 'AssumeRole',
  Resources: JSON.stringify([
    { resourceType: 'AWS::IAM::AccessKey', resourceName: issued },
    { resourceType: 'AWS::IAM::Role', resourceName: 'arn:aws:iam::111122223333:role/deploy' },
  ]),
});

const first = async ({ db }: Case): Promise<Record<string, unknown>> =>
  (await db.rows('SELECT * FROM events ORDER BY event_id'))[0]!;

describe('Event history as CSV', () => {
  it('is loaded with what it has, and marked', async () => {
    const opened = await load(evidence({ 'event_history.csv': csv(historyHeader, historyRow(1), historyRow(2)) }));
    expect(await first(opened)).toMatchObject({
      event_id: '00000000-0000-4000-8000-000000000001',
      event_time: '2026-03-25T02:00:01Z',
      event_source: 'sts.amazonaws.com',
      event_name: 'GetCallerIdentity',
      user_name: 'ci-deployer',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      source_ip_address: '198.51.100.23',
      read_only: true,
      recipient_account_id: '111122223333',
      partial: true,
    });
    const { manifest, partial_events } = await readLedger(opened.db);
    expect(partial_events).toBe(2);
    expect(manifest[0]).toMatchObject({ shape: 'event-history-csv', status: 'read', records: 2, events: 2 });
  });

  it('names the key that a call issued among its resources: a strong edge, and the report says what it cannot answer', () => {
    const used = historyRow(4, {
      'AWS access key': issued,
      'Event name': 'ListBuckets',
      'Event source': 's3.amazonaws.com',
    });
    const folder = evidence({ 'h.csv': csv(historyHeader, issuing, used) });
    const out = scratch();
    const ran = trailscope(['scope', folder, '-k', 'AKIAIOSFODNN7EXAMPLE', '-o', join(out, 'r'), '--format', 'json']);
    expect(ran.code).toBe(0);
    const report = JSON.parse(ran.stdout) as { credentials: Record<string, unknown>[]; limits: string[] };
    expect(report.credentials.find(({ access_key_id }) => access_key_id === issued)).toMatchObject({
      confidence: 'strong',
      via_event_name: 'AssumeRole',
      events: 1,
    });
    expect(report.limits.join(' ')).toMatch(/2 events come from exports that keep only some fields/);
  });

  it('re-saved by a spreadsheet has lost account ids: flagged, never repaired', async () => {
    const rows = [historyHeader, historyRow(1, { 'Recipient Account Id': '1.11122E+11', 'Read-only': 'FALSE' })];
    const opened = await load(evidence({ 'h.csv': csv(...rows).replaceAll('\n', '\r\n') }));
    expect(await first(opened)).toMatchObject({
      recipient_account_id: null,
      read_only: false,
      extra: '{"damaged_recipientAccountId":"1.11122E+11"}',
    });
    expect(await readLedger(opened.db)).toMatchObject({ damaged_events: 1 });
  });
});

const identity =
  '{type=IAMUser, principalid=AIDACKCEVSQ6C2EXAMPLE, arn=arn:aws:iam::111122223333:user/ci-deployer, accountid=111122223333, invokedby=null, accesskeyid=AKIAIOSFODNN7EXAMPLE, username=ci-deployer, sessioncontext={attributes={creationdate=2026-03-25T01:00:00Z, mfaauthenticated=false}, sessionissuer=null}}';

describe('query results', () => {
  it('of Athena, with structures as Trino prints them', async () => {
    const header = [
      'eventid',
      'eventtime',
      'eventsource',
      'eventname',
      'useridentity',
      'requestparameters',
      'responseelements',
      'dt',
    ];
    const row = [
      ...['00000000-0000-4000-8000-000000000001', '2026-03-25T02:00:01Z', 'iam.amazonaws.com', 'CreateUser', identity],
      ...['{"userName":"svc-backup-sync"}', 'null', '2026/03/25'],
    ];
    const opened = await load(evidence({ 'q.csv': csv(header, row) }));
    expect(await first(opened)).toMatchObject({
      identity_type: 'IAMUser',
      identity_arn: 'arn:aws:iam::111122223333:user/ci-deployer',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      invoked_by: null,
      session_created: '2026-03-25T01:00:00Z',
      mfa_authenticated: false,
      request_parameters: '{"userName":"svc-backup-sync"}',
      response_elements: null,
      extra: '{"dt":"2026/03/25"}',
      partial: true,
    });
  });

  it.each([
    [
      'of Athena as JSON',
      {
        ResultSet: {
          Rows: [
            { Data: ['eventid', 'eventtime', 'eventname'].map((VarCharValue) => ({ VarCharValue })) },
            { Data: ['e-1', '2026-03-25 02:00:01.000', 'ListUsers'].map((VarCharValue) => ({ VarCharValue })) },
          ],
        },
      },
    ],
    [
      'of CloudTrail Lake as JSON',
      {
        QueryStatus: 'FINISHED',
        QueryResultRows: [[{ eventID: 'e-1' }, { eventTime: '2026-03-25 02:00:01.000' }, { eventName: 'ListUsers' }]],
      },
    ],
    ['in small letters', { eventid: 'e-1', eventtime: '2026-03-25T02:00:01Z', eventname: 'ListUsers' }],
  ])('%s', async (_, answer) => {
    const opened = await load(evidence({ 'q.json': JSON.stringify(answer) }));
    expect(await first(opened)).toMatchObject({
      event_id: 'e-1',
      event_time: '2026-03-25T02:00:01Z',
      event_name: 'ListUsers',
      partial: true,
    });
  });

  it('of CloudTrail Lake that hold the whole event lose nothing', async () => {
    const opened = await load(evidence({ 'q.csv': csv(['eventJson'], [JSON.stringify(createUser(1))]) }));
    expect(await first(opened)).toMatchObject({ event_name: 'CreateUser', partial: false });
  });
});

it('a table with the columns of an export, whose rows hold no record, is refused as such', async () => {
  const { manifest } = await readLedger(
    (await load(evidence({ 'd.csv': csv(['Date', 'Content'], ['2026', 'hello']) }))).db,
  );
  expect(manifest).toMatchObject([
    {
      status: 'rejected',
      shape: 'csv',
      records: 0,
      reason: 'a table whose rows hold no CloudTrail records; remove it from the folder if it is not evidence',
    },
  ]);
});

/** A Parquet file of what the query gives over a case. */
const parquet = (folder: string, sql: string): Buffer => {
  const work = scratch();
  mkdirSync(join(work, 'out'));
  const file = join(work, 'out', 'x.parquet');
  expect(trailscope(['ingest', folder, '--case', join(work, 'c.duckdb')]).code).toBe(0);
  const made = trailscope(['query', sql, '--case', join(work, 'c.duckdb'), '--format', 'parquet', '-o', file]);
  expect(made.stderr).toBe('');
  return readFileSync(file);
};

describe('Parquet', () => {
  const rows = `SELECT event_id AS eventid, strftime(event_time, '%Y-%m-%dT%H:%M:%SZ') AS eventtime, event_source AS eventsource,
    event_name AS eventname, {'type': identity_type, 'accesskeyid': access_key_id} AS useridentity, request_parameters::VARCHAR AS requestparameters FROM events`;

  it('of CloudTrail columns is loaded row by row', async () => {
    const bytes = parquet(evidence({ 'a.json': delivery(createUser(1), record(2)) }), rows);
    const opened = await load(evidence({ 'x.parquet': bytes }));
    expect(await first(opened)).toMatchObject({
      event_name: 'CreateUser',
      event_time: '2026-03-25T02:00:01Z',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      request_parameters: '{"userName":"svc-backup-sync"}',
      partial: true,
    });
    const { manifest } = await readLedger(opened.db);
    expect(manifest).toMatchObject([
      { path: 'x.parquet', shape: 'parquet', status: 'read', records: 2, events: 2, bytes: bytes.length },
    ]);
    expect(manifest[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of something else, or broken, is refused with its reason', async () => {
    const other = parquet(evidence({ 'a.json': delivery(record(1)) }), 'SELECT 1 AS price, 2 AS amount');
    const opened = await load(evidence({ 'o.parquet': other, 'b.parquet': other.subarray(0, 60) }));
    const { manifest } = await readLedger(opened.db);
    expect(manifest.map(({ status, reason }) => [status, reason])).toEqual([
      ['rejected', 'the Parquet table cannot be read: No magic bytes found at end of file'],
      ['rejected', expect.stringMatching(/columns are not CloudTrail's \(price, amount\)/)],
    ]);
  });
});

describe('Parquet', () => {
  const none = (): Buffer =>
    parquet(
      evidence({ 'a.json': delivery(record(1)) }),
      `SELECT event_id AS eventid, event_name AS eventname, event_source AS eventsource, '' AS eventtime FROM events WHERE false`,
    );

  it('of no rows is read, and holds nothing', async () => {
    const { manifest } = await readLedger((await load(evidence({ 'x.parquet': none() }))).db);
    expect(manifest).toMatchObject([{ status: 'read', shape: 'parquet', records: 0, reason: null }]);
  });

  it('that its archive damaged is rejected, whatever can be read of it', async () => {
    const packed = Buffer.from(zipSync({ 'x.parquet': none(), 'a.json': Buffer.from(delivery(record(1))) }));
    packed.fill(0, packed.indexOf('PK\x01\x02') + 16, packed.indexOf('PK\x01\x02') + 20);
    const { manifest } = await readLedger((await load(evidence({ 'x.zip': packed }))).db);
    expect(manifest.map(({ path, status, events }) => [path, status, events])).toEqual([
      ['x.zip', 'read', 0],
      ['x.zip/a.json', 'read', 1],
      ['x.zip/x.parquet', 'rejected', 0],
    ]);
  });

  it('in an archive is loaded with it, or again where the run was killed between', { timeout: 60_000 }, async () => {
    const table = parquet(
      evidence({ 'a.json': delivery(record(1)) }),
      `SELECT 'e-' || i AS eventid, 'N' AS eventname, 's' AS eventsource, '2026-03-25T02:00:00Z' AS eventtime FROM range(150000) AS r(i)`,
    );
    const folder = evidence({
      'x.zip': Buffer.from(
        zipSync({ 'a.json': Buffer.from(delivery(record(1))), 'x.parquet': table, 'y.parquet': table }),
      ),
    });
    const caseFile = join(scratch(), 'c.duckdb');
    for (const seconds of [0.8, 1.2, 1.6, 2, 2.5])
      spawnSync('node', [join(root, 'dist/cli.js'), 'ingest', folder, '--case', caseFile], {
        timeout: seconds * 1000,
        killSignal: 'SIGKILL',
      });
    const { stdout } = trailscope(['ingest', folder, '--case', caseFile]);
    expect(stdout).toContain('4 files = 4 read');
    expect(stdout).toContain('300,001 records = 150,001 events + 150,000 duplicates');
  });
});

describe('a Parquet table with a damaged row group', () => {
  const perGroup = 2048; // The engine's least.
  const damaged = async (groups: number, ...broken: number[]): Promise<{ bytes: Buffer; offsets: number[] }> => {
    const { db, workFolder } = await temporaryCase();
    const file = join(workFolder, 'made.parquet');
    await db.run(
      `COPY (SELECT 'e-' || range AS "eventID", 'GetUser' AS "eventName", 'iam.amazonaws.com' AS "eventSource", '2026-03-25T02:00:00Z' AS "eventTime",
         md5(range::VARCHAR) AS "requestID" FROM range(${groups * perGroup}) ORDER BY range) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE ${perGroup})`,
    );
    const offsets = await db.rows<{ at: number }>(
      `SELECT min(data_page_offset) AS at FROM parquet_metadata('${file}') GROUP BY row_group_id ORDER BY row_group_id`,
    );
    const bytes = readFileSync(file);
    for (const group of broken) bytes.fill(0xff, offsets[group]!.at, offsets[group]!.at + 20);
    return { bytes, offsets: offsets.map(({ at }) => at) };
  };

  it('is read before and behind it; each lost row is a reject that names the row group', async () => {
    const { bytes, offsets } = await damaged(4, 1);
    const folder = evidence({ 'x.parquet': bytes });
    const kept = join(scratch(), 'c.duckdb');
    expect(trailscope(['ingest', folder, '--case', kept]).code).toBe(3);
    const { stdout } = trailscope(['evidence', '--case', kept, '--format', 'json']);
    const { manifest } = JSON.parse(stdout) as Ledger;
    const place = `row group 1, rows 2048 to 4095, from byte ${offsets[1]} of the file on, cannot be read: `;
    expect(manifest[0]).toMatchObject({
      status: 'partial',
      records: 8192,
      events: 6144,
      rejected: 2048,
      reason: expect.stringMatching(new RegExp(`^${place}.*: 6144 of 8192 rows read$`)) as string,
    });
    expect(manifest[0]!.rejects[0]).toEqual({
      record_index: 2048,
      byte_offset: null,
      reason: expect.stringContaining(place) as string,
    });
    expect(trailscope(['evidence', '--case', kept]).stdout).toContain('and 2,043 further rejects\n');
    // Rows keep their numbers, and are found again by them.
    const event = JSON.parse(trailscope(['event', 'e-5000', '--case', kept, '--format', 'json']).stdout) as {
      record: string;
      record_index: number;
    };
    expect(event.record_index).toBe(5000);
    expect(JSON.parse(event.record)).toMatchObject({ eventID: 'e-5000', eventName: 'GetUser' });
  });

  it('is read as well where that is the first, and rejected where all are', async () => {
    const first = await readLedger((await load(evidence({ 'x.parquet': (await damaged(2, 0)).bytes }))).db);
    expect(first).toMatchObject({ events: 2048, rejected: 2048, files_partial: 1 });
    const none = await readLedger((await load(evidence({ 'x.parquet': (await damaged(2, 0, 1)).bytes }))).db);
    expect(none).toMatchObject({ events: 0, rejected: 0, files_rejected: 1 });
    expect(none.manifest[0]!.reason).toMatch(/^the Parquet table cannot be read: /);
  });
});

describe('OCSF events of Security Lake', () => {
  const event = {
    class_uid: 6003,
    metadata: { uid: 'e-1', version: '1.1.0', product: { name: 'CloudTrail', version: '1.09' } },
    time: Date.UTC(2026, 2, 25, 2, 0, 1),
    cloud: { region: 'us-east-1', provider: 'AWS' },
    api: {
      operation: 'CreateUser',
      service: { name: 'iam.amazonaws.com' },
      request: { uid: 'r-1', data: '{"userName":"x"}' },
      response: { error: 'AccessDenied', message: 'no' },
    },
    src_endpoint: { ip: '198.51.100.23' },
    http_request: { user_agent: 'aws-cli/2' },
    actor: {
      user: {
        type: 'AssumedRole',
        uid: 'arn:aws:sts::111122223333:assumed-role/deploy/s',
        uid_alt: 'AROA:s',
        credential_uid: issued,
        account: { uid: '111122223333' },
      },
      session: {
        issuer: 'arn:aws:iam::111122223333:role/deploy',
        created_time_dt: '2026-03-25T01:00:00Z',
        is_mfa: false,
      },
    },
    unmapped: { eventType: 'AwsApiCall', 'requestParameters.path': '/', readOnly: 'false' },
  };

  it('are mapped back and marked', async () => {
    const opened = await load(evidence({ 'o.json': JSON.stringify(event) }));
    expect(await first(opened)).toMatchObject({
      event_id: 'e-1',
      event_time: '2026-03-25T02:00:01Z',
      event_source: 'iam.amazonaws.com',
      event_name: 'CreateUser',
      outcome: 'denied',
      access_key_id: issued,
      identity_arn: 'arn:aws:sts::111122223333:assumed-role/deploy/s',
      session_issuer_arn: 'arn:aws:iam::111122223333:role/deploy',
      session_created: '2026-03-25T01:00:00Z',
      event_type: 'AwsApiCall',
      read_only: false,
      partial: true,
    });
  });

  it('of another source are named and skipped', async () => {
    const other = { ...event, metadata: { product: { name: 'Amazon VPC' } } };
    const { manifest } = await readLedger((await load(evidence({ 'o.json': JSON.stringify(other) }))).db);
    expect(manifest[0]).toMatchObject({ shape: 'ocsf-other', status: 'skipped' });
  });
});

it('a partial copy is a duplicate of the whole record, whatever the order of loading', async () => {
  const more = historyRow(3, {
    'User agent': 'aws-cli/2.15.30',
    'Error code': '',
    'Request ID': '11111111-0000-4000-8000-000000000003',
  });
  const files: [string, string][] = [
    ['a.csv', csv(historyHeader, issuing)],
    ['b.json', delivery(assumed)],
    ['c.csv', csv(historyHeader, more)],
  ];
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [0, 2, 1],
    [2, 0, 1],
    [1, 2, 0],
  ];
  for (const order of orders) {
    const opened = await load(...order.map((i) => evidence({ [files[i]![0]]: files[i]![1] })));
    const sums = await readLedger(opened.db);
    expect(sums).toMatchObject({ records: 3, events: 1, duplicates: 2, conflicts: 0, partial_events: 0 });
    expect(await first(opened)).toMatchObject({
      partial: false,
      issued_access_key_id: issued,
      identity_type: 'IAMUser',
    });
  }
  for (const order of [
    [0, 2],
    [2, 0],
  ]) {
    const opened = await load(...order.map((i) => evidence({ [files[i]![0]]: files[i]![1] })));
    expect(await readLedger(opened.db)).toMatchObject({ records: 2, events: 1, duplicates: 1, conflicts: 0 });
    expect(await first(opened)).toMatchObject({ partial: true });
  }
});

it.each([
  [
    'a CSV of something else',
    'x.csv',
    'Event name,Price,Amount\n"Concert",10,2\n',
    'rejected',
    /columns lack eventTime/,
  ],
  [
    'JSON of something else',
    'x.json',
    '[{"eventName":"click","eventTime":"2026-03-25T02:00:01Z"}]',
    'rejected',
    /holds no CloudTrail records/,
  ],
  ['a list of numbers', 'x.json', '[1,2,3]', 'rejected', /no CloudTrail records|not a JSON object/],
  [
    'an EventBridge envelope of another kind',
    'x.json',
    '{"detail-type":"GuardDuty Finding","detail":{"eventName":"x","eventSource":"y"}}',
    'skipped',
    /other services/,
  ],
  [
    'Elastic documents without the original',
    'x.json',
    '{"@timestamp":"x","event":{"action":"CreateUser"}}',
    'rejected',
    /event\.original/,
  ],
])('%s is refused or named, not half read', async (_, name, content, status, reason) => {
  const { manifest, events } = await readLedger((await load(evidence({ [name]: content }))).db);
  expect(events).toBe(0);
  expect(manifest[0]).toMatchObject({ status, reason: expect.stringMatching(reason) as string });
});
