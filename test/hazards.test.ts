/**
 * What CloudTrail records and their exports hold that trips readers, one made-up sample each: containers and files (A), copies and joins (B),
 * callers (C), addresses and agents (D), fields (E). Those with a test of their own elsewhere are not repeated.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { type Ledger, readLedger } from '../src/rules/ledger.ts';
import {
  type CloudTrailRecord,
  createUser,
  delivery,
  evidence,
  load,
  record,
  root,
  scratch,
  trailscope,
} from './support.ts';

const accounted = async (opened: Case) => {
  const ledger = await readLedger(opened.db);
  const { records, events, duplicates, conflicts, ignored, rejected } = ledger;
  expect(events + duplicates + conflicts + ignored + rejected).toBe(records);
  return ledger;
};

const fileOf = async (name: string, content: string | Buffer) => {
  const opened = await load(evidence({ [name]: content }));
  return { db: opened.db, file: (await accounted(opened)).manifest[0]! };
};

const first = 'SELECT * FROM events ORDER BY event_time, event_id';
const rowsOf = async (...records: CloudTrailRecord[]) =>
  (await fileOf('log.json', delivery(...records))).db.rows<Record<string, unknown>>(first);
/** One record of each test that needs no more; they are loaded together, in the first of the tests. */
const samples: CloudTrailRecord[] = [];
let loaded: Promise<Record<string, unknown>[]> | undefined;
const loadSamples = async (): Promise<Record<string, unknown>[]> => {
  const { db } = await fileOf('log.json', delivery(...samples.map((changes, n) => record(n, changes))));
  return db.rows('SELECT * FROM events ORDER BY record_index');
};
const rowOf = (changes: CloudTrailRecord): (() => Promise<Record<string, unknown>>) => {
  const n = samples.push(changes) - 1;
  return async () => (await (loaded ??= loadSamples()))[n]!;
};
const identity = (userIdentity: unknown) => rowOf({ userIdentity });

describe('A: containers and files', () => {
  it('A1 gzip that names another file inside is read, and the name inside is not believed', async () => {
    const plain = gzipSync(delivery(record(1)));
    const named = Buffer.concat([
      plain.subarray(0, 3),
      Buffer.from([8]),
      plain.subarray(4, 10),
      Buffer.from('../notes.txt\0'),
      plain.subarray(10),
    ]);
    expect((await fileOf('log.json.gz', named)).file).toMatchObject({ path: 'log.json.gz', status: 'read', events: 1 });
  });

  it('A2 bytes after the last member of gzip are told of, and what came before them is read', async () => {
    const { file } = await fileOf(
      'log.json.gz',
      Buffer.concat([gzipSync(delivery(record(1))), Buffer.from('garbage')]),
    );
    expect(file).toMatchObject({ status: 'partial', events: 1 });
    expect(file.reason).toMatch(/7 bytes follow the end of the gzip stream/);
  });

  it('A6 one record alone, over many lines, is read', async () => {
    expect((await fileOf('log.json', JSON.stringify(record(1), null, 4))).file).toMatchObject({
      status: 'read',
      shape: 'record',
      events: 1,
    });
  });

  it.each(['[]', '{"Records":[]}', '{"Records": [ ]}\n'])(
    'A7 no record at all is no error, and the file says so: %s',
    async (content) => {
      expect((await fileOf('log.json', content)).file).toMatchObject({
        status: 'read',
        records: 0,
        events: 0,
        reason: null,
      });
    },
  );

  it('A9 the start and the end of an insight are two events, of a category of their own', async () => {
    const insight = (eventID: string, state: string): CloudTrailRecord => ({
      eventVersion: '1.07',
      eventTime: '2026-03-25T02:00:00Z',
      awsRegion: 'us-east-1',
      eventID,
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: '111122223333',
      sharedEventID: 'one-insight',
      insightDetails: {
        state,
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateUser',
        insightType: 'ApiCallRateInsight',
      },
      eventCategory: 'Insight',
    });
    const rows = await rowsOf(insight('i-1', 'Start'), insight('i-2', 'End'));
    expect(
      rows.map((row) => [row['event_id'], row['event_category'], row['event_name'], row['is_data_event']]),
    ).toEqual([
      ['i-1', 'Insight', null, false],
      ['i-2', 'Insight', null, false],
    ]);
    expect(rows[0]!['insight_details']).toContain('"state":"Start"');
  });

  it('A11 only envelopes of CloudTrail are opened: other services look alike', async () => {
    const bridge = (type: string, detail: unknown) =>
      JSON.stringify({ version: '0', 'detail-type': type, source: 'aws.x', detail });
    const others = [
      'GuardDuty Finding',
      'AWS Health Event',
      'EC2 Instance State-change Notification',
      'Scheduled Event',
      'Security Hub Findings - Imported',
    ];
    const lines = [
      ...others.map((type) => bridge(type, record(9))),
      bridge('AWS API Call via CloudTrail', record(1)),
      bridge('AWS Console Sign In via CloudTrail', record(2)),
      bridge('AWS Service Event via CloudTrail', record(3)),
    ];
    expect((await fileOf('log.json', lines.join('\n'))).file).toMatchObject({
      shape: 'eventbridge',
      records: 8,
      events: 3,
      ignored: 5,
    });
    expect((await fileOf('log.json', lines.slice(0, 5).join('\n'))).file).toMatchObject({
      shape: 'eventbridge-other',
      status: 'skipped',
    });
  });

  it('A12 a message that CloudWatch Logs cut off is a reject, and the others are read', async () => {
    const message = (text: string) => ({ id: '1', timestamp: 1, message: text });
    const whole = JSON.stringify(record(1));
    const logEvents = [
      message(whole),
      message(JSON.stringify(record(2)).slice(0, 200)),
      message(JSON.stringify(record(3))),
    ];
    const { file } = await fileOf(
      'log.json',
      JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents }),
    );
    expect(file).toMatchObject({ shape: 'cloudwatch-logs', events: 2, rejected: 1 });
    expect(file.rejects[0]!.reason).toMatch(/ends in the middle of a record/);
  });

  it('A13 the time inside lookup-events counts, not the local one outside', async () => {
    const entry = {
      EventId: 'x',
      ReadOnly: 'true',
      EventTime: '2022-02-08 09:23:37+11:00',
      CloudTrailEvent: JSON.stringify(record(1)),
    };
    const { db } = await fileOf('log.json', JSON.stringify({ Events: [entry] }));
    expect((await db.rows(first))[0]).toMatchObject({ event_time: '2026-03-25T02:00:01Z', read_only: true });
  });

  it('A15 a time that a spreadsheet rewrote is kept as it stands, and no time is made of it', async () => {
    const header = 'Event ID,Event time,Event name,Event source,Recipient Account Id,Read-only';
    const { db, file } = await fileOf(
      'x.csv',
      `${header}\r\ne-1,3/4/2026 2:00,ListUsers,iam.amazonaws.com,5.28758E+11,FALSE\r\n`,
    );
    expect((await db.rows(first))[0]).toMatchObject({
      event_time: null,
      read_only: false,
      recipient_account_id: null,
      extra: '{"damaged_recipientAccountId":"5.28758E+11","eventTime":"3/4/2026 2:00"}',
    });
    expect(file).toMatchObject({ shape: 'event-history-csv', partial_events: 1 });
  });

  it('A16 a Splunk table of a hundred columns is read by its _raw', async () => {
    const columns = Array.from({ length: 170 }, (_, i) => `column_${i}`);
    const raw = JSON.stringify(record(1)).replaceAll('"', '""');
    const { file } = await fileOf(
      'x.csv',
      `"_time",${columns.join(',')},"_raw"\n"x",${columns.map(() => '').join(',')},"${raw}"\n`,
    );
    expect(file).toMatchObject({ shape: 'splunk', events: 1, partial_events: 0 });
  });

  it('A17 Logstash moved the time: it is put back, and the event is marked partial', async () => {
    const { eventTime, ...rest } = record(1);
    const { db, file } = await fileOf(
      'x.json',
      `${JSON.stringify({ ...rest, '@timestamp': eventTime, '@version': '1' })}\n`,
    );
    expect(file).toMatchObject({ shape: 'logstash', events: 1, partial_events: 1 });
    expect((await db.rows(first))[0]).toMatchObject({ event_time: eventTime });
  });

  it('A18 keys in another order and fields of others are no hindrance: the fields are kept', async () => {
    const turned = Object.fromEntries(
      Object.entries({ aws: 1, ...record(1), evt: { name: 'x' }, http: {} }).toReversed(),
    );
    const [row] = await rowsOf(turned);
    expect(row).toMatchObject({ event_name: 'GetCallerIdentity', partial: false });
    expect(JSON.parse(row!['extra'] as string)).toEqual({ aws: 1, evt: { name: 'x' }, http: {} });
  });

  it.each(['part-2.json', 'part-2.log'])(
    'A19 a file that starts in the middle of a record is rejected and says so: %s',
    async (name) => {
      const { file } = await fileOf(name, delivery(record(1), record(2)).slice(100));
      expect(file).toMatchObject({ status: 'rejected', events: 0 });
      expect(file.reason).toMatch(/^it starts in the middle of a CloudTrail record/);
    },
  );

  it(
    'A22 a thousand tiny files are read with 256 open files at most, as some systems allow',
    { timeout: 60_000 },
    () => {
      const files = Array.from({ length: 1000 }, (_, n) => [
        `AWSLogs/111122223333/CloudTrail/r-${n % 13}/2026/03/25/${n}.json.gz`,
        gzipSync(delivery(record(n))),
      ]);
      const folder = evidence(Object.fromEntries(files) as Record<string, Buffer>);
      const command = `ulimit -n 256; exec node '${join(root, 'dist/cli.js')}' ingest '${folder}' --case '${join(scratch(), 'c.duckdb')}'`;
      const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain('1,000 records = 1,000 events');
    },
  );

  it('A24 records out of order are no matter: the first and last event of a file are by time', async () => {
    const { file, db } = await fileOf('x.json', delivery(record(5), record(1), record(9), record(3)));
    expect(file).toMatchObject({ first_event: '2026-03-25T02:00:01Z', last_event: '2026-03-25T02:00:09Z' });
    expect((await db.rows<{ record_index: number }>(first)).map((row) => row.record_index)).toEqual([1, 3, 0, 2]);
  });

  it('A25 the account is the record’s, not the file name’s', async () => {
    const name = 'AWSLogs/444455556666/CloudTrail/us-east-1/444455556666_CloudTrail_us-east-1_20260325T0200Z_x.json';
    const { db } = await fileOf(name, delivery(record(1)));
    expect((await db.rows(first))[0]).toMatchObject({ recipient_account_id: '111122223333' });
  });
});

describe('B: copies and joins', () => {
  it('B3 copies by an organization’s trail and an account’s own are one event and a duplicate', async () => {
    const opened = await load(
      evidence({
        'o-example/AWSLogs/o-exampleorgid/111122223333/CloudTrail/us-east-1/a.json.gz': gzipSync(
          delivery(record(1), record(2)),
        ),
        'AWSLogs/111122223333/CloudTrail/us-east-1/b.json.gz': gzipSync(delivery(record(2), record(3))),
      }),
    );
    expect(await accounted(opened)).toMatchObject({ events: 3, duplicates: 1, conflicts: 0 });
  });

  it('B4 to B6 neither sharedEventID nor requestID makes two events one', async () => {
    const shared = { sharedEventID: 'shared', requestID: 'request' };
    const opened = await load(
      evidence({
        'x.json': delivery(
          record(1, shared),
          record(2, { ...shared, recipientAccountId: '444455556666' }),
          record(3, shared),
        ),
      }),
    );
    expect(await accounted(opened)).toMatchObject({ events: 3, duplicates: 0, conflicts: 0 });
  });

  it('B7 an addendum names the event that it amends, and both are kept', async () => {
    const addendum = {
      reason: 'UPDATED_DATA',
      updatedFields: 'responseElements',
      originalEventID: String(record(1)['eventID']),
    };
    const rows = await rowsOf(record(1), record(2, { addendum }));
    expect(rows).toHaveLength(2);
    expect(JSON.parse(rows[1]!['addendum'] as string)).toEqual(addendum);
  });

  it('B7 an addendum and its original name each other, and the ledger says how many there are', () => {
    const [first, second, third, late, lost] = [1, 2, 3, 4, 5].map((n) => String(record(n)['eventID']));
    const original = record(1, { requestID: 'r-1', responseElements: null });
    const amending = (n: number, addendum: CloudTrailRecord): CloudTrailRecord =>
      record(n, { responseElements: { ok: n }, addendum: { reason: 'UPDATED_DATA', ...addendum } });
    const folder = evidence({
      'a.json': delivery(
        original,
        amending(2, { updatedFields: 'responseElements, resources', originalRequestID: 'r-1', originalEventID: first }),
        // As tables of Lake write it.
        amending(3, { reason: undefined, updatedfields: '["userAgent"]', originaleventid: first }),
        record(4, { addendum: { reason: 'DELIVERY_DELAY' } }),
        amending(5, { updatedFields: 'resources', originalEventID: 'gone' }),
      ),
    });
    const kept = join(scratch(), 'c.duckdb');
    const { stdout } = trailscope(['ingest', folder, '--case', kept]);
    expect(stdout).toContain('5 records = 5 events + 0 duplicates + 0 conflicts');
    expect(stdout).toContain('3 events by which AWS amends earlier ones, 1 of which is without the original here\n');
    const told = (id: string): string => trailscope(['event', id, '--case', kept]).stderr;
    expect(told(first!)).toContain(
      `Amended by event ${second} (UPDATED_DATA: responseElements, resources), an event of its own.\n`,
    );
    expect(told(first!)).toContain(`Amended by event ${third} (no reason told: userAgent), an event of its own.\n`);
    expect(told(second!)).toContain(
      `This amends event ${first} (UPDATED_DATA: responseElements, resources), which is kept as it was logged first.\n`,
    );
    expect(told(late!)).toContain('AWS marks this event as an addendum (DELIVERY_DELAY).\n');
    expect(told(lost!)).toContain('This amends event gone (UPDATED_DATA: resources), which is not in this case.\n');
    const { links } = JSON.parse(trailscope(['event', first!, '--case', kept, '--format', 'json']).stdout) as {
      links: Record<string, unknown>[];
    };
    expect(links).toEqual([
      expect.objectContaining({
        kind: 'addendum',
        event_id: second,
        updated_fields: ['responseElements', 'resources'],
      }),
      expect.objectContaining({ kind: 'addendum', event_id: third, updated_fields: ['userAgent'] }),
    ]);
    const view = 'SELECT event_id, original_event_id, original_in_evidence FROM addenda ORDER BY event_id';
    const rows = JSON.parse(trailscope(['query', view, '--case', kept, '--format', 'json']).stdout) as unknown[];
    expect(rows).toEqual([
      { event_id: second, original_event_id: first, original_in_evidence: true },
      { event_id: third, original_event_id: first, original_in_evidence: true },
      { event_id: late, original_event_id: null, original_in_evidence: false },
      { event_id: lost, original_event_id: 'gone', original_in_evidence: false },
    ]);
    const sums = JSON.parse(trailscope(['evidence', '--case', kept, '--format', 'json']).stdout) as Ledger;
    expect(sums).toMatchObject({ addenda: 3, addenda_without_original: 1, late_events: 1 });
  });

  it('B10 a record without id, time and caller has a stable id, and is counted as one without time', async () => {
    const bare = { eventName: 'PutObjectAcl', eventSource: 's3.amazonaws.com', requestParameters: { a: 1 } };
    const opened = await load(evidence({ 'a.json': delivery(bare), 'b.json': delivery(bare) }));
    const ledger = await accounted(opened);
    expect(ledger).toMatchObject({ events: 1, duplicates: 1, events_without_time: 1 });
    const [row] = await opened.db.rows<{ event_id: string }>(first);
    expect(row!.event_id).toMatch(/^content-[0-9a-f]{64}$/);
  });
});

describe('C: callers', () => {
  it.each(
    [
      [
        'C1 a service alone',
        { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
        { identity_type: 'AWSService', invoked_by: 'ec2.amazonaws.com', access_key_id: null },
      ],
      [
        'C2 no type',
        { accountId: '111122223333', invokedBy: 'secretsmanager.amazonaws.com' },
        { identity_type: null, account_id: '111122223333' },
      ],
      [
        'C3 an account from outside',
        { type: 'AWSAccount', principalId: 'AIDAEXAMPLE', accountId: '444455556666' },
        { identity_type: 'AWSAccount', account_id: '444455556666', identity_arn: null },
      ],
      [
        'C4 an empty key',
        { type: 'Root', principalId: '111122223333', accountId: '111122223333', accessKeyId: '' },
        { identity_type: 'Root', access_key_id: null },
      ],
      ['C5 no key', { type: 'IAMUser', userName: 'ci-deployer' }, { user_name: 'ci-deployer', access_key_id: null }],
      [
        'C8 root with a key of a session',
        { type: 'Root', accountId: '111122223333', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' },
        { access_key_id: 'ASIAIOSFODNN7EXAMPLE' },
      ],
      ['C10 an unknown one', { type: 'Unknown', principalId: 'x' }, { identity_type: 'Unknown' }],
      ['C15 an empty object', {}, { identity_type: null, access_key_id: null, extra: null }],
      ['C15 none', undefined, { identity_type: null, access_key_id: null, extra: null }],
      ['C15 null', null, { identity_type: null, access_key_id: null, extra: null }],
      [
        'C16 a hidden user name',
        { type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
        { user_name: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      ],
    ].map(([name, caller, expected]) => ({ name, expected: expected as object, row: identity(caller) })),
  )('$name is an event like others', async ({ row, expected }) => {
    expect(await row()).toMatchObject({ event_name: 'GetCallerIdentity', ...expected });
  });

  const federated = ['SAMLUser', 'WebIdentityUser', 'Directory', 'Role', 'FederatedUser'];
  it.each(
    federated.map((type) => ({ type, row: identity({ type, identityProvider: 'www.example.com', userName: 'x' }) })),
  )('C7, C14 $type is read with its provider', async ({ type, row }) => {
    expect(await row()).toMatchObject({
      identity_type: type,
      identity_provider: 'www.example.com',
    });
  });

  const more = {
    onBehalfOf: { userId: 'u', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
    credentialId: 'c',
    inScopeOf: {},
    invokedByDelegate: { accountId: '444455556666' },
  };
  const center = identity({ type: 'IdentityCenterUser', accountId: '111122223333', ...more });
  it('C9, C11 what an Identity Center user acts by is kept whole', async () => {
    const row = await center();
    expect(row).toMatchObject({
      identity_type: 'IdentityCenterUser',
      credential_id: 'c',
      access_key_id: null,
      in_scope_of: '{}',
      extra: null,
    });
    expect(JSON.parse(row['on_behalf_of'] as string)).toEqual(more.onBehalfOf);
    expect(JSON.parse(row['invoked_by_delegate'] as string)).toEqual(more.invokedByDelegate);
  });

  const sessions = [true, 'true'].map((assumedRoot) => {
    const sessionContext = {
      sessionIssuer: {},
      attributes: { creationDate: '2026-03-25T01:00:00Z', mfaAuthenticated: 'true' },
      ec2RoleDelivery: '2.0',
      sourceIdentity: 'jane',
      assumedRoot,
    };
    return { assumedRoot, row: identity({ type: 'AssumedRole', sessionContext }) };
  });
  it.each(sessions)(
    'C11 to C13 a session without issuer, of a machine, with a source identity, of an assumed root: $assumedRoot',
    async ({ row }) => {
      expect(await row()).toMatchObject({
        session_issuer_arn: null,
        session_created: '2026-03-25T01:00:00Z',
        mfa_authenticated: true,
        ec2_role_delivery: '2.0',
        source_identity: 'jane',
        assumed_root: 'true',
        extra: null,
      });
    },
  );
});

describe('D: addresses and agents', () => {
  it.each(
    [
      ['D1', 'secretsmanager.amazonaws.com', 'aws_service'],
      ['D1', 'delivery.logs.amazonaws.com', 'aws_service'],
      ['D2', 'AWS Internal', 'aws_internal'],
      ['D2', 'AWS Internal/2', 'aws_internal'],
      ['D3', '2001:db8::7', 'public'],
      ['D3', '2001:0DB8:0:0:0:0:0:7', 'public'],
      ['D3', 'fe80::1%eth0', 'private'],
      ['D4', '255.18.064.253', 'unparsable'],
      ['D4', '06.237.252.245', 'unparsable'],
      ['D5', 'REDACTED_SOURCE_IP', 'unparsable'],
      ['D5', '1.2.3.4', 'public'],
      ['D5', '0.0.0.0', 'private'],
      ['D6', '192.168.10.20', 'private'],
      ['D6', '10.8.8.10', 'private'],
      ['D6', '::ffff:10.8.8.10', 'private'],
    ].map(([id, address, kind]) => ({ id, address, kind, row: rowOf({ sourceIPAddress: address }) })),
  )('$id the source $address is $kind', async ({ address, kind, row }) => {
    expect(await row()).toMatchObject({ source_ip_address: address, source_kind: kind });
  });

  it('D8, D9 an agent in the brackets of S3 is the same client as without', async () => {
    const agents = ['aws-cli/2.15.30 Python/3.11', '[aws-cli/2.15.30 Python/3.11]'];
    const { db } = await fileOf('x.json', delivery(...agents.map((userAgent, n) => record(n, { userAgent }))));
    expect(await db.rows('SELECT DISTINCT family, version FROM agents')).toEqual([
      { family: 'aws-cli', version: '2.15.30' },
    ]);
  });
});

describe('E: fields', () => {
  const version = rowOf({ eventVersion: '1.10' });
  it('E1 a version is text: 1.10 is not 1.1', async () => {
    expect(await version()).toMatchObject({ event_version: '1.10' });
  });

  it('E2 an old record without category is told for a data event by its call', async () => {
    const { eventCategory: _c, managementEvent: _m, readOnly: _r, recipientAccountId: _a, ...old } = record(1);
    const rows = await rowsOf(old, {
      ...old,
      eventID: 'e-2',
      eventTime: '2026-03-25T02:00:02Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
    });
    expect(rows.map((row) => [row['is_data_event'], row['read_only'], row['event_category']])).toEqual([
      [false, null, null],
      [true, null, null],
    ]);
  });

  it.each(
    [
      ['AssumeRole', { credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' } }],
      ['GetSessionToken', { credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' } }],
      ['GetFederationToken', { credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }, federatedUser: {} }],
      ['CreateAccessKey', { accessKey: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', status: 'Active' } }],
      ['CreateSession', { credentialSet: [{ credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' } }] }],
    ].map(([eventName, responseElements]) => ({ eventName, row: rowOf({ eventName, responseElements }) })),
  )('E4 the key that $eventName issued is found in its answer', async ({ row }) => {
    expect(await row()).toMatchObject({
      issued_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
    });
  });

  const flags = [true, 'true', 'True', 'TRUE'].map((flag) => ({
    flag,
    row: rowOf({ readOnly: flag, managementEvent: flag, sessionCredentialFromConsole: flag }),
  }));
  it.each(flags)('E7 a flag may be text: $flag', async ({ row }) => {
    expect(await row()).toMatchObject({
      read_only: true,
      management_event: true,
      session_credential_from_console: true,
    });
  });

  it.each(
    [
      ['E8 text', 'cut off at 100 KB …'],
      ['E8 a list', [1, { a: null }]],
      ['E9 JSON as text', { policyDocument: '{\n  "Version": "2012-10-17"\n}' }],
      ['E10 an object where others have text', { bucketPolicy: { Version: '2012-10-17', Statement: [] } }],
      [
        'E11 leftovers of XML',
        { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: 'fl-1' } }, lifecycle: '', instancesSet: {} },
      ],
      ['E12 what AWS hid', { parameters: 'HIDDEN_DUE_TO_SECURITY_REASONS' }],
      ['E23 32 KB', { text: 'x'.repeat(32_000) }],
      ['E24 other scripts', { userName: 'Ольга 山田 🔑 \u00e9', key: 'e\u0301' }],
    ].map(([name, parameters]) => ({
      name,
      parameters,
      of: rowOf({ requestParameters: parameters, responseElements: parameters }),
    })),
  )('$name in the parameters of a call is kept as it is', async ({ parameters: requestParameters, of }) => {
    const row = await of();
    for (const column of ['request_parameters', 'response_elements'])
      expect(JSON.parse(row[column] as string)).toEqual(requestParameters);
    expect(row['extra']).toBe(null);
  });

  const written = ['ARN', 'ARNPrefix', 'arn'].map((key) => {
    const resources = [{ [key]: 'arn:aws:s3:::amzn-s3-demo-bucket/', type: 'AWS::S3::Object' }];
    return { key, resources, row: rowOf({ resources }) };
  });
  it.each(written)('E14 resources that write $key, without an account, are kept', async ({ resources, row }) => {
    expect(JSON.parse((await row())['resources'] as string)).toEqual(resources);
  });

  it('E15 keys in small letters throughout are read, and marked partial', async () => {
    const small = Object.fromEntries(Object.entries(createUser(1)).map(([key, value]) => [key.toLowerCase(), value]));
    const { db } = await fileOf('x.json', JSON.stringify([small]));
    expect((await db.rows(first))[0]).toMatchObject({
      event_id: createUser(1)['eventID'],
      event_name: 'CreateUser',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    });
  });

  const fields = {
    vpcEndpointId: 'cloudtrail.amazonaws.com',
    vpcEndpointAccountId: 'cloudtrail.amazonaws.com',
    eventType: 'AwsVpceEvent',
    awsRegion: 'ap-isob-east-1r',
    tlsDetails: { clientProvidedHostHeader: 'sts.example.com', keyExchange: 'X25519MLKEM768' },
    eventContext: { tagContext: {} },
    edgeDeviceDetails: { deviceID: 'd' },
  };
  const novel = rowOf(fields);
  it('E16, E17, E19, E25 new fields, odd endpoints and made-up regions are kept in their columns', async () => {
    const row = await novel();
    expect(row).toMatchObject({
      vpc_endpoint_id: fields.vpcEndpointId,
      vpc_endpoint_account_id: fields.vpcEndpointAccountId,
      event_type: 'AwsVpceEvent',
      aws_region: fields.awsRegion,
      extra: null,
    });
    for (const [column, key] of [
      ['tls_details', 'tlsDetails'],
      ['event_context', 'eventContext'],
      ['edge_device_details', 'edgeDeviceDetails'],
    ] as const)
      expect(JSON.parse(row[column] as string)).toEqual(fields[key]);
  });

  const service = rowOf({
    eventType: 'AwsServiceEvent',
    serviceEventDetails: { keyId: 'k' },
    userIdentity: { invokedBy: 'kms.amazonaws.com', accountId: '111122223333' },
  });
  it('E18 an event of a service keeps its details, without request and answer', async () => {
    expect(await service()).toMatchObject({
      event_type: 'AwsServiceEvent',
      service_event_details: '{"keyId":"k"}',
      request_parameters: null,
    });
  });

  it.each(
    [
      ['E20', 'AccessDenied', 'denied'],
      ['E20', 'AccessDeniedException', 'denied'],
      ['E20', 'UnauthorizedOperation', 'denied'],
      ['E20', 'Client.UnauthorizedOperation', 'denied'],
      ['E21', 'NoSuchBucketPolicy', 'not_found'],
      ['E21', 'ThrottlingException', 'throttled'],
      ['E21', 'Client.DryRunOperation', 'dry_run'],
      ['E21', 'ValidationException', 'failed'],
    ].map(([id, errorCode, outcome]) => ({ id, errorCode, outcome, row: rowOf({ errorCode, errorMessage: 'x' }) })),
  )('$id $errorCode is $outcome', async ({ outcome, row }) => {
    expect(await row()).toMatchObject({ outcome });
  });

  it('E26 events without requestID, or with an empty one, stay apart', async () => {
    const rows = await rowsOf(
      record(1, { requestID: null }),
      record(2, { requestID: '' }),
      record(3, { requestID: undefined }),
    );
    expect(rows).toHaveLength(3);
  });

  const large = rowOf({
    requestParameters: { text: 'x'.repeat(100_000) },
    userAgent: 'a'.repeat(1024),
    additionalEventData: { text: 'y'.repeat(28_000) },
  });
  it('E27 parameters of 100 KB, as much as CloudTrail writes, are kept', async () => {
    const row = await large();
    expect((row['request_parameters'] as string).length).toBeGreaterThan(100_000);
    expect(row['user_agent']).toHaveLength(1024);
  });
});
