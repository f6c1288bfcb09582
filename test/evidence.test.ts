/** Whatever lies in the folder, every file and every record is accounted for. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { ingest } from '../src/events/ingest.ts';
import { readLedger } from '../src/rules/ledger.ts';
import { delivery, evidence, load, record, scratch, temporaryCase } from './support.ts';

/** Both identities of the design, and the ledger they are read from. */
const accounted = async (opened: Case) => {
  const ledger = await readLedger(opened.db);
  const { files, files_read, files_partial, files_skipped, files_rejected } = ledger;
  expect(files_read + files_partial + files_skipped + files_rejected).toBe(files);
  const { records, events, duplicates, conflicts, ignored, rejected } = ledger;
  expect(events + duplicates + conflicts + ignored + rejected).toBe(records);
  return ledger;
};

const only = async (content: string | Buffer, name = 'log.json') => {
  const opened = await load(evidence({ [name]: content }));
  const ledger = await accounted(opened);
  return { ...ledger, file: ledger.manifest[0]!, db: opened.db };
};

const eventIds = async (opened: Case): Promise<string[]> =>
  (await opened.db.rows<{ event_id: string }>('SELECT event_id FROM events ORDER BY event_id')).map(
    (row) => row.event_id,
  );

describe('files that CloudTrail delivered', () => {
  const whole = delivery(record(1), record(2));

  it.each([
    ['plain', Buffer.from(whole), 'log.json'],
    ['gzip', gzipSync(whole), 'log.json.gz'],
    ['gzip under a plain name', gzipSync(whole), 'log.json'],
    ['plain under a gzip name', Buffer.from(whole), 'log.json.gz'],
    ['gzip of two members', Buffer.concat([gzipSync(whole.slice(0, 100)), gzipSync(whole.slice(100))]), 'log.json.gz'],
    ['with a byte order mark', Buffer.from(`\uFEFF${whole}`), 'log.json'],
    [
      'pretty-printed with CRLF',
      Buffer.from(JSON.stringify(JSON.parse(whole), null, 2).replaceAll('\n', '\r\n')),
      'log.json',
    ],
    [
      'with other members beside Records',
      Buffer.from(`{"a": [1, {"Records": 2}], ${whole.slice(1, -1)}, "z": "]}"}`),
      'log.json',
    ],
  ])('are read: %s', async (_, content, name) => {
    const { file, events } = await only(content, name);
    expect(file).toMatchObject({ status: 'read', shape: 's3-delivery', records: 2, events: 2, reason: null });
    expect(events).toBe(2);
  });

  it('are hashed as found and inflated', async () => {
    const { file } = await only(gzipSync('{"Records":[]}'), 'log.json.gz');
    expect(file.sha256).not.toBe(file.sha256_inflated);
    // printf '{"Records":[]}' | sha256sum
    expect(file.sha256_inflated).toBe('26a792db36a3afba23b1dd277fcc9f15a7313c4a92e4e4cc0494846af345ecff');
  });

  it('hold no events where Records is empty, and that is no error', async () => {
    const { file } = await only('{"Records":[]}');
    expect(file).toMatchObject({ status: 'read', records: 0, events: 0 });
  });

  it('are read from one line of 95 MB', async () => {
    const padding = 'x'.repeat(1000);
    const lines = Array.from({ length: 56_000 }, (_, n) =>
      JSON.stringify(record(n, { requestParameters: { padding } })),
    );
    const content = `{"Records":[${lines.join(',')}]}`;
    expect(content.length).toBeGreaterThan(95e6);
    const { file, events } = await only(content);
    expect(file.status).toBe('read');
    expect(events).toBe(56_000);
  });
});

describe('damage', () => {
  const whole = delivery(record(1), record(2), record(3));

  it('at the end of a file leaves its whole records and one reject with its offset', async () => {
    const cut = whole.slice(0, whole.lastIndexOf('"eventID"'));
    const { file, events, rejected } = await only(cut);
    expect(file).toMatchObject({ status: 'partial', records: 3, events: 2, rejected: 1 });
    expect(file.reason).toContain('the file ends early');
    const start = whole.indexOf(JSON.stringify(record(3)));
    expect(file.rejects).toEqual([
      { record_index: 2, byte_offset: start, reason: 'the file ends in the middle of this record' },
    ]);
    expect([events, rejected]).toEqual([2, 1]);
  });

  it('between two records loses none, and the file is partial', async () => {
    const { file, rejected } = await only(whole.slice(0, -2));
    expect(file).toMatchObject({ status: 'partial', records: 3, events: 3 });
    expect(rejected).toBe(0);
  });

  it('of a gzip stream leaves what came before it', async () => {
    const records = Array.from({ length: 3000 }, (_, n) => record(n, { requestID: Math.sin(n).toString(36) }));
    const zipped = gzipSync(delivery(...records));
    const { file, events } = await only(zipped.subarray(0, zipped.length / 2), 'log.json.gz');
    expect(file.status).toBe('partial');
    expect(file.reason).toContain('the gzip stream ends early');
    expect(events).toBeGreaterThan(1000);
  });

  it.each([
    [
      'a truncated gzip before its first record',
      gzipSync(whole).subarray(0, 20),
      'log.json.gz',
      'the gzip stream ends early',
    ],
    [
      'no gzip although the name says so',
      Buffer.from('hello'),
      'log.json.gz',
      'not gzip although its name says so, and not JSON',
    ],
    ['not JSON', Buffer.from('hello'), 'log.json', 'not JSON'],
    ['an empty file', Buffer.alloc(0), 'log.json', 'the file is empty'],
    ['no Records', Buffer.from('{"a":1}'), 'log.json', 'JSON that holds no CloudTrail records'],
    ['Records that is no array', Buffer.from('{"Records":{}}'), 'log.json', 'JSON that holds no CloudTrail records'],
    [
      'no comma between two records',
      Buffer.from(whole.replace('},{"eventVersion"', '}{"eventVersion"')),
      'log.json',
      'no comma between two records, at byte',
    ],
    ['cut inside the first record', Buffer.from(whole.slice(0, 300)), 'log.json', '0 whole records read'],
  ])('of a whole file is rejected with its reason: %s', async (_, content, name, reason) => {
    const { file, events } = await only(content, name);
    expect(file.status).toBe('rejected');
    expect(file.reason).toContain(reason);
    expect(events).toBe(0);
  });

  it('of one record rejects that record, with its bytes and place, and reads the others', async () => {
    const bad = '{"eventID": "broken", "eventName": "X" "eventSource": "y"}';
    const content = `{"Records":[${JSON.stringify(record(1))},${bad},${JSON.stringify(record(2))}]}`;
    const { file, db } = await only(content);
    expect(file).toMatchObject({ status: 'read', records: 3, events: 2, rejected: 1 });
    expect(file.rejects).toMatchObject([{ record_index: 1, byte_offset: content.indexOf('{"eventID": "broken"') }]);
    expect(file.rejects[0]!.reason).toContain('not JSON');
    expect(await db.rows('SELECT decode(raw) AS raw FROM rejects')).toEqual([{ raw: bad }]);
  });

  it.each([
    ['a number', '5', 'not a JSON object'],
    ['text', '"text"', 'not a JSON object'],
    ['a list', '[{"eventName":"X"}]', 'not a JSON object'],
    ['a raw line break in a string', '{"eventName":"a\nb"}', 'a raw control character inside a string'],
    [
      'nesting without end',
      `{"eventName":${'['.repeat(2000)}${']'.repeat(2000)}}`,
      'nested deeper than 1,000 levels (--max-depth)',
    ],
  ])('in place of a record is a reject: %s', async (_, element, reason) => {
    const { file } = await only(`{"Records":[${JSON.stringify(record(1))},${element},${JSON.stringify(record(2))}]}`);
    expect(file).toMatchObject({ status: 'read', records: 3, events: 2, rejected: 1 });
    expect(file.rejects[0]!.reason).toBe(reason);
  });

  it('by a record past the size limit is a reject, and the records after it are read', async () => {
    const opened = await temporaryCase();
    const large = record(2, { requestParameters: { text: 'x'.repeat(3_000_000) } });
    await ingest(opened, [evidence({ 'log.json': delivery(record(1), large, record(3)) })], {
      jobs: 1,
      limits: { maxRecordBytes: 1_000_000 },
    });
    const { manifest } = await accounted(opened);
    expect(manifest[0]).toMatchObject({ records: 3, events: 2, rejected: 1 });
    expect(manifest[0]!.rejects[0]!.reason).toBe(
      'longer than the limit of 1000000 bytes for one record (--max-record)',
    );
  });

  it('after a whole document costs no more than its line', async () => {
    const lines = [record(1), record(2), record(3)].map((one) => JSON.stringify(one));
    const broken = [
      `${lines[0]}\n${lines[1]!.slice(0, 200)}\n${lines[2]}\n`,
      `${lines[1]!.slice(0, 200)}\n${lines[0]}\n${lines[2]}\n`,
    ];
    for (const content of [...broken, `${delivery(record(1), record(3))} tail`]) {
      const { file } = await only(content, 'log.jsonl');
      expect(file).toMatchObject({ status: 'read', records: 3, events: 2, rejected: 1 });
    }
  });

  it.each([
    [
      'bytes after the end of gzip',
      Buffer.concat([gzipSync(whole), Buffer.from('tail')]),
      /4 bytes follow the end of the gzip stream/,
    ],
    [
      'a cut message of CloudWatch Logs',
      Buffer.from(
        JSON.stringify({ logEvents: [{ message: JSON.stringify(record(1)) }, { message: '{"eventVersion":"1.0' }] }),
      ),
      undefined,
    ],
  ])('is told, and what was whole is kept: %s', async (_, content, reason) => {
    const { file } = await only(content, 'log.json');
    expect(file.events).toBeGreaterThan(0);
    if (reason) expect(file).toMatchObject({ status: 'partial', reason: expect.stringMatching(reason) as string });
    else expect(file).toMatchObject({ records: 2, events: 1, rejected: 1 });
  });

  it.each([
    [
      'the inflated size',
      { maxInflatedBytes: 300_000 },
      Buffer.from(delivery(record(1, { requestParameters: { a: 'x'.repeat(400_000) } }))),
      /--max-inflated/,
    ],
    [
      'the ratio',
      { maxRatio: 10 },
      gzipSync(`${' '.repeat(130 << 20)}${delivery(record(1))}`),
      /more than 10 times its size \(--max-ratio\)/,
    ],
    [
      'the entries',
      { maxEntries: 1 },
      Buffer.from(zipSync({ 'a.json': Buffer.from(delivery(record(1))), 'b.json': Buffer.from(delivery(record(2))) })),
      /more files than the limit of 1 \(--max-entries\)/,
    ],
    [
      'the depth',
      { maxDepth: 3 },
      Buffer.from(delivery(record(1, { requestParameters: { a: { b: { c: 1 } } } }))),
      /deeper than 3 levels \(--max-depth\)/,
    ],
  ])('is what crosses a limit, which is named: %s', async (_, limits, content, reason) => {
    const opened = await temporaryCase();
    await ingest(opened, [evidence({ log: content })], { jobs: 1, limits });
    const { manifest } = await accounted(opened);
    const said = manifest.flatMap((file) => [file.reason ?? '', ...file.rejects.map((reject) => reject.reason)]);
    expect(said.join('\n')).toMatch(reason);
  });

  it('of one file never stops the others', async () => {
    const opened = await load(
      evidence({ 'a.json': 'broken', 'b.json': delivery(record(1)), 'c.json.gz': gzipSync(whole).subarray(0, 30) }),
    );
    const ledger = await accounted(opened);
    expect(ledger).toMatchObject({ files: 3, files_read: 1, files_rejected: 2, events: 1 });
  });
});

describe('other files in the folder', () => {
  it.each([
    [
      'a digest file',
      '{"awsAccountId":"111122223333","digestS3Object":"x","logFiles":[]}',
      'd.json',
      'skipped',
      'digest',
    ],
    [
      'an S3 event notification',
      delivery({ eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' }),
      'n.json',
      'skipped',
      's3-notification',
    ],
    ['a text file', 'notes', 'README.txt', 'skipped', 'unknown'],
    ['an AWS Config file', '{"fileVersion":"1.0","configurationItems":[]}', 'c.json', 'skipped', 'aws-config'],
    [
      'AWS Config items as an object each',
      '{"configurationItem":{},"messageType":"x"}',
      'c.json',
      'skipped',
      'aws-config',
    ],
    ['a notice of delivery', '{"s3Bucket":"b","s3ObjectKey":["k"]}', 'n.json', 'skipped', 'delivery-notice'],
    ['a WAF log', '{"timestamp":1,"webaclId":"x","httpRequest":{}}', 'w.json', 'skipped', 'waf'],
    ['GuardDuty findings', '{"schemaVersion":"2.0","service":{},"severity":5}', 'g.json', 'skipped', 'guardduty'],
    [
      'CloudWatch Logs of something else',
      '{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","timestamp":1,"message":"text"}]}',
      'l.json',
      'skipped',
      'cloudwatch-logs-other',
    ],
    ['a VPC flow log', 'version account-id interface-id srcaddr\n2 1 eni-1 x\n', 'v.log.gz', 'skipped', 'vpc-flow-log'],
    [
      'a load balancer log',
      'h2 2026-03-25T02:00:00.000000Z app/x/1 198.51.100.23:1 - 0 0\n',
      'e.log',
      'skipped',
      'elb',
    ],
    [
      'an S3 access log',
      `${'a'.repeat(64)} bucket [25/Mar/2026:02:00:00 +0000] 198.51.100.23\n`,
      's.log',
      'skipped',
      's3-access-log',
    ],
    ['a bzip2 archive', Buffer.from('BZh91AY&SY'), 'logs.bz2', 'rejected', 'bzip2'],
    ['a zip archive that is cut', Buffer.from('504b0304aaaa', 'hex'), 'logs.zip', 'rejected', 'zip'],
  ])('are named for what they are: %s', async (_, content, name, status, shape) => {
    const { file, events } = await only(content, name);
    expect(file).toMatchObject({ status, shape, events: 0 });
    expect(file.reason).toBeTruthy();
    expect(events).toBe(0);
  });

  it('that are objects in Records but no CloudTrail records are ignored and counted', async () => {
    const { file, ignored } = await only(delivery(record(1), { a: 1 }, {}));
    expect(file).toMatchObject({ status: 'read', records: 3, events: 1, ignored: 2 });
    expect(ignored).toBe(2);
  });

  it('may be links in a loop, and links to files read already', async () => {
    const folder = evidence({ 'a/log.json': delivery(record(1)) });
    symlinkSync(folder, join(folder, 'a/again'));
    symlinkSync(join(folder, 'a/log.json'), join(folder, 'link.json'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.json'));
    const { manifest, events } = await accounted(await load(folder));
    expect(events).toBe(1);
    expect(manifest.map(({ path, status }) => [path, status])).toEqual([
      ['a/again', 'skipped'],
      ['a/log.json', 'read'],
      ['broken.json', 'rejected'],
      ['link.json', 'skipped'],
    ]);
  });

  it('may bear names that are no UTF-8', async () => {
    const folder = evidence({ 'log.json': delivery(record(1)) });
    renameSync(
      join(folder, 'log.json'),
      Buffer.concat([Buffer.from(`${folder}/l`), Buffer.from([0xff]), Buffer.from('g.json')]),
    );
    const { manifest, events } = await accounted(await load(folder));
    expect(manifest[0]!.reason).toBe(null);
    expect([manifest[0]!.path, events]).toEqual(['l\\xffg.json', 1]);
  });
});

describe('a record', () => {
  const rowOf = async (changes: Record<string, unknown>) => {
    const { db } = await only(delivery(record(1, changes)));
    return (await db.rows('SELECT * FROM events'))[0]!;
  };

  it('without userIdentity, or with text in its place, is an event', async () => {
    expect(await rowOf({ userIdentity: undefined })).toMatchObject({
      identity_type: null,
      event_name: 'GetCallerIdentity',
    });
    const text = await rowOf({ userIdentity: 'nobody' });
    expect(text).toMatchObject({ identity_type: null, extra: '{"userIdentity":"nobody"}' });
  });

  it.each([
    ['none', undefined, null],
    ['nonsense', 'yesterday', null],
    ['far beyond any log', '294247-01-10T04:00:54Z', null],
    ['with an offset', '2026-03-25T04:00:00+02:00', '2026-03-25T02:00:00Z'],
    ['without a zone', '2025-01-21 17:49:47.000000000', '2025-01-21T17:49:47Z'],
  ])('keeps its place whatever its time is: %s', async (_, eventTime, expected) => {
    expect((await rowOf({ eventTime }))['event_time']).toBe(expected);
  });

  const denied = { errorMessage: 'User: ci is not authorized to perform: iam:CreateUser' };
  it.each([
    ['nothing said', {}, 'success'],
    ['a code', { errorCode: 'AccessDenied', ...denied }, 'denied'],
    ['a message alone', denied, 'denied'],
    ['another message alone', { errorMessage: 'The request was cut short' }, 'failed'],
    ['a code that says success', { errorCode: 'Success', errorMessage: 'ok' }, 'success'],
    [
      'a failed sign-in',
      { eventName: 'ConsoleLogin', errorMessage: 'No username found in supplied account' },
      'denied',
    ],
    ['a sign-in said to fail', { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } }, 'denied'],
    ['a rehearsal', { errorCode: 'Client.DryRunOperation', errorMessage: 'would have succeeded' }, 'dry_run'],
  ])('ends as its error says: %s', async (_, changes, outcome) => {
    expect((await rowOf(changes))['outcome']).toBe(outcome);
  });

  it('keeps a masked key beside the columns that join', async () => {
    const identity = { type: 'IAMUser', accessKeyId: 'AKIA****************' };
    expect(await rowOf({ userIdentity: identity, surprise: 1 })).toMatchObject({
      access_key_id: null,
      extra: '{"surprise":1,"maskedAccessKeyId":"AKIA****************"}',
    });
  });

  it('without an id gets one of its content, whatever the order of its keys', async () => {
    const { eventID: _, ...nameless } = record(1);
    const turned = Object.fromEntries(Object.entries(nameless).toReversed());
    const opened = await load(
      evidence({
        'a.json': delivery(nameless),
        'b.json': delivery(turned),
        'c.json': delivery({ ...nameless, eventID: '' }),
      }),
    );
    const ids = await eventIds(opened);
    expect(ids.every((id) => /^content-[0-9a-f]{64}$/.test(id))).toBe(true);
    expect(await accounted(opened)).toMatchObject({ records: 3, events: 2, duplicates: 1, conflicts: 0 });
  });

  it('keeps unknown fields, and known ones of another kind', async () => {
    const row = await rowOf({ newField: { a: [1] }, eventName: 5 });
    expect(JSON.parse(row['extra'] as string)).toEqual({ newField: { a: [1] }, eventName: 5 });
  });

  it('keeps what is unknown inside the identity, under its path, and the ledger counts it', async () => {
    const userIdentity = {
      type: 'AssumedRole',
      newId: 'a}"',
      sessionContext: {
        newContext: [1],
        sessionIssuer: { type: 'Role', newIssuer: null },
        attributes: { creationDate: 'soon', mfaAuthenticated: 'false', newAttribute: { type: 'x' } },
      },
      userName: { first: 'ci' },
    };
    const written = JSON.stringify({ Records: [record(1, { userIdentity, readOnly: 'perhaps' })] }, null, 2);
    const { db, file } = await only(written.replace('"newId"', '"new\\u0049d"'));
    const [row] = await db.rows('SELECT identity_type, session_issuer_type, mfa_authenticated, extra FROM events');
    const extra = {
      'userIdentity.newId': 'a}"',
      'userIdentity.userName': { first: 'ci' },
      'userIdentity.sessionContext.newContext': [1],
      'userIdentity.sessionContext.sessionIssuer.newIssuer': null,
      'userIdentity.sessionContext.attributes.newAttribute': { type: 'x' },
      'userIdentity.sessionContext.attributes.creationDate': 'soon',
      readOnly: 'perhaps',
    };
    expect(row).toMatchObject({
      identity_type: 'AssumedRole',
      session_issuer_type: 'Role',
      mfa_authenticated: false,
    });
    expect(JSON.parse(row!['extra'] as string)).toEqual(extra);
    expect(file.unknown_fields.map(({ field }) => field)).toEqual(Object.keys(extra).toSorted());
  });

  it.each([
    [
      'an unknown field of the identity',
      { userIdentity: { type: 'Root', brandNew: 1 } },
      { userIdentity: { type: 'Root', brandNew: 2 } },
    ],
    [
      'text where the session stands',
      { userIdentity: { type: 'Root', sessionContext: 'a' } },
      { userIdentity: { type: 'Root', sessionContext: 'b' } },
    ],
    ['a time that cannot be read', { eventTime: 'yesterday' }, { eventTime: 'today' }],
  ])('and its copy that differ in %s are a conflict', async (_, changes, others) => {
    const opened = await load(
      evidence({ 'a.json': delivery(record(1, changes)), 'b.json': delivery(record(1, others)) }),
    );
    expect(await accounted(opened)).toMatchObject({ events: 1, duplicates: 0, conflicts: 1 });
    expect(await opened.db.rows('SELECT differs_in FROM conflicts')).toEqual([{ differs_in: ['extra'] }]);
  });

  it('cannot take the place of the columns that say where it came from', async () => {
    const { db } = await only('{"Records":[{"_f":99,"_i":7,"_id":"forged","\\u005fx":{"a":1},"eventName":"X"}]}');
    const [row] = await db.rows<{ file_id: number; record_index: number; event_id: string }>(
      'SELECT file_id, record_index, event_id FROM events',
    );
    expect(row).toMatchObject({ file_id: 1, record_index: 0 });
    expect(row!.event_id).toMatch(/^content-/);
  });

  it('that writes one key twice is read by the first, and the second is kept', async () => {
    const { db } = await only('{"Records":[{"eventID":"a","eventName":"First","eventName":"Second"}]}');
    expect(await db.rows('SELECT event_name, extra FROM events')).toEqual([
      { event_name: 'First', extra: '{"eventName":"Second"}' },
    ]);
  });
});

describe('deliveries', () => {
  it('of one event in two files are one event and a duplicate', async () => {
    const content = delivery(record(1), record(2));
    const opened = await load(evidence({ 'b/log.json': content, 'a/log.json.gz': gzipSync(content) }));
    const { manifest, ...ledger } = await accounted(opened);
    expect(ledger).toMatchObject({ records: 4, events: 2, duplicates: 2, conflicts: 0 });
    expect(manifest.map(({ path, events, duplicates }) => [path, events, duplicates])).toEqual([
      ['a/log.json.gz', 2, 0],
      ['b/log.json', 0, 2],
    ]);
  });

  it('that share an id and differ are a conflict that names the field; spaces and order of keys are no difference', async () => {
    const spaced = JSON.stringify(JSON.parse(delivery(record(1, { requestParameters: { b: 1, a: 2 } }))), null, 1);
    const opened = await load(
      evidence({
        'a.json': delivery(record(1, { requestParameters: { a: 2, b: 1 } })),
        'b.json': spaced,
        'c.json': delivery(record(1, { eventName: 'Other' })),
      }),
    );
    expect(await accounted(opened)).toMatchObject({ records: 3, events: 1, duplicates: 1, conflicts: 1 });
    const differing = await opened.db.rows<{ differs_in: string[] }>('SELECT differs_in FROM conflicts');
    expect(differing[0]!.differs_in).toContain('event_name');
    expect(differing[0]!.differs_in).toContain('request_parameters');
  });

  it('leave the same case whatever the order of loading', async () => {
    const copies = [
      record(1),
      record(1, { eventName: 'Other' }),
      record(1),
      record(1, { eventName: 'Third' }),
      record(1, { eventName: 'Other' }),
    ];
    const states = await Promise.all(
      [
        [0, 1, 2, 3, 4],
        [4, 3, 2, 1, 0],
        [2, 4, 0, 3, 1],
        [1, 3, 0, 4, 2],
      ].map(async (order) => {
        const folders = order.map((i) => evidence({ [`${i}.json`]: delivery(copies[i]) }));
        const { db } = await load(...folders);
        return [
          await db.rows('SELECT path, event_name FROM events JOIN evidence USING (file_id)'),
          await db.rows('SELECT path FROM duplicates JOIN evidence USING (file_id) ORDER BY path'),
          await db.rows(
            'SELECT path, fingerprint, differs_in FROM conflicts JOIN evidence USING (file_id) ORDER BY path',
          ),
        ];
      }),
    );
    for (const state of states) expect(state).toEqual(states[0]);
  });
});

describe('the table of events', () => {
  it('holds the calls of one name side by side, and at the end what was delivered before', async () => {
    const names = ['CreateUser', 'ListUsers', 'GetUser'];
    const calls = Array.from({ length: 60 }, (_, n) => record(n + 1, { eventName: names[n % 3] }));
    const opened = await temporaryCase();
    const files = {
      'a.json': delivery(...calls.slice(0, 40)),
      'b.json': delivery(...calls.slice(39), record(99, { eventName: 'CreateUser' })),
    };
    await ingest(opened, [evidence(files)], { jobs: 1 });
    const places = await opened.db.rows<{ event_name: string; spread: number; calls: number }>(
      'SELECT event_name, (max(rowid) - min(rowid) + 1)::INTEGER AS spread, count(*)::INTEGER AS calls FROM events GROUP BY event_name ORDER BY event_name',
    );
    expect(places).toEqual([
      { event_name: 'CreateUser', spread: 21, calls: 21 },
      { event_name: 'GetUser', spread: 20, calls: 20 },
      { event_name: 'ListUsers', spread: 20, calls: 20 },
    ]);
    expect(await opened.db.rows('SELECT file_id, record_index FROM duplicates')).toEqual([
      { file_id: 2, record_index: 0 },
    ]);
    expect(await opened.db.rows('SELECT max(rowid)::INTEGER AS last FROM events')).toEqual([{ last: 60 }]);
  });
});

describe('loading again', () => {
  it('reads only what is new', async () => {
    const folder = evidence({ 'a.json': delivery(record(1)) });
    const opened = await temporaryCase();
    expect(await ingest(opened, [folder], { jobs: 2 })).toBe(1);
    writeFileSync(join(folder, 'b.json'), delivery(record(2)));
    expect(await ingest(opened, [folder], { jobs: 2 })).toBe(1);
    expect(await ingest(opened, [folder], { jobs: 2 })).toBe(0);
    expect(await accounted(opened)).toMatchObject({ files: 2, events: 2, duplicates: 0 });
  });

  it('finishes what a killed run left half done', async () => {
    const opened = await load(evidence({ 'a.json': delivery(record(1)) }));
    await opened.db.run(`INSERT INTO events BY NAME SELECT * REPLACE (77 AS file_id, 'half' AS event_id) FROM events`);
    await ingest(opened, [evidence({ 'b.json': delivery(record(2)) })], { jobs: 1 });
    expect(await accounted(opened)).toMatchObject({ files: 2, events: 2 });
  });

  it('leaves out the case itself where it lies in the folder', async () => {
    const folder = scratch();
    mkdirSync(join(folder, 'x.duckdb.work'));
    writeFileSync(join(folder, 'log.json'), delivery(record(1)));
    const { openCase } = await import('../src/case.ts');
    const opened = await openCase({ path: join(folder, 'x.duckdb'), threads: 1, memoryMB: 700 });
    await ingest(opened, [folder], { jobs: 1 });
    expect(await accounted(opened)).toMatchObject({ files: 1, events: 1 });
    opened.close();
  });
});
