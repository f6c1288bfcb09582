/** `summary`: who did what, for when the key is not yet known; the thief on top, the busy below, AWS itself last. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type CloudTrailRecord,
  createUser,
  delivery,
  evidence,
  record,
  refused,
  scratch,
  trailscope,
} from './support.ts';

type Row = {
  name: string;
  score: number;
  why: string[];
  service: boolean;
  principal: string | null;
  [column: string]: unknown;
};

const busy = { arn: 'arn:aws:iam::111122223333:role/app', key: 'ASIAAPPAPPAPPEXAMPLE' };
const asApp = (n: number, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, {
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAAPP:worker',
      arn: 'arn:aws:sts::111122223333:assumed-role/app/worker',
      accountId: '111122223333',
      accessKeyId: busy.key,
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: busy.arn },
        attributes: { creationDate: '2026-03-25T01:00:00Z' },
      },
    },
    sourceIPAddress: '10.0.0.7',
    userAgent: 'Boto3/1.34',
    ...changes,
  });
const asService = (n: number): CloudTrailRecord =>
  record(n, {
    userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    eventName: 'AssumeRole',
    sourceIPAddress: 'ec2.amazonaws.com',
    userAgent: 'ec2.amazonaws.com',
    responseElements: { credentials: { accessKeyId: 'ASIAINSTANCEEXAMPLE1' } },
  });
const denied = (n: number, service: string, name: string): CloudTrailRecord =>
  record(n, { eventSource: `${service}.amazonaws.com`, eventName: name, errorCode: 'AccessDenied' });

/** ci-deployer was stolen; the role of an application does the same thing four hundred times; EC2 hands out keys. */
const story = [
  createUser(1),
  denied(2, 'iam', 'ListUsers'),
  denied(3, 'ec2', 'DescribeInstances'),
  denied(4, 's3', 'ListBuckets'),
  record(5, {
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    readOnly: false,
    userAgent: 'aws-cli/2 kali',
  }),
  ...Array.from({ length: 400 }, (_, n) =>
    asApp(100 + n, {
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'GetSecretValue',
      requestParameters: { secretId: n % 2 ? 'db' : 'api' },
    }),
  ),
  asApp(600, { eventName: 'AssumeRole', responseElements: { credentials: { accessKeyId: 'ASIANEXTEXAMPLE00001' } } }),
  ...Array.from({ length: 30 }, (_, n) => asService(700 + n)),
];

const caseOf = (...records: CloudTrailRecord[]): string => {
  const file = join(scratch(), 'c.duckdb');
  expect(trailscope(['ingest', evidence({ 'a.json': delivery(...records) }), '--case', file]).code).toBe(0);
  return file;
};

const rowsOf = (...args: string[]): Row[] => {
  const { stdout, stderr } = trailscope(['summary', '--format', 'json', ...args]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Row[];
};

describe('summary', () => {
  it('puts the thief first, the busy role below and the service last, each with its numbers', () => {
    const rows = rowsOf('--case', caseOf(...story));
    expect(rows.map(({ name }) => name)).toEqual([
      'arn:aws:iam::111122223333:user/ci-deployer',
      busy.arn,
      'AWS service ec2.amazonaws.com',
    ]);
    const [thief, app, service] = rows as [Row, Row, Row];
    expect(thief).toMatchObject({
      kind: 'IAMUser',
      first_seen: '2026-03-25T02:00:01Z',
      last_seen: '2026-03-25T02:00:05Z',
      events: 5,
      success: 2,
      denied: 3,
      abused: 5,
      abused_success: 2,
      abused_denied: 3,
      other: 0,
      regions: ['us-east-1'],
      addresses: ['198.51.100.23'],
      agents: ['aws-cli'],
      service: false,
    });
    expect(thief.why).toEqual([
      'attack tool kali',
      'principals or keys made (1)',
      'logs or guards switched off (1)',
      'different calls denied (3)',
    ]);
    expect(thief.score).toBe(49);
    expect(app).toMatchObject({ events: 401, issued: 1, credentials: 1, score: 1, why: ['keys issued (1)'] });
    expect(service).toMatchObject({ service: true, kind: 'AWSService', events: 30, issued: 1, score: 0, why: [] });
    for (const row of rows)
      for (const outcome of ['success', 'denied', 'dry_run', 'throttled', 'not_found', 'failed'])
        expect(Number(row[`abused_${outcome}`]) + Number(row[`other_${outcome}`])).toBe(row[outcome]);
  });

  it.each([
    ['credential', ['AKIAIOSFODNN7EXAMPLE', busy.key, 'AWS service ec2.amazonaws.com']],
    ['ip', ['198.51.100.23', '10.0.0.7', 'ec2.amazonaws.com']],
    ['agent', ['aws-cli', 'boto3', 'aws-service']],
    ['region', ['us-east-1']],
    [
      'event-name',
      ['StopLogging', 'CreateUser', 'AssumeRole', 'GetSecretValue', 'DescribeInstances', 'ListBuckets', 'ListUsers'],
    ],
  ])('groups by %s, and every event once', (by, names) => {
    const rows = rowsOf('--case', caseOf(...story), '--by', by);
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(rows.reduce((sum, { events }) => sum + Number(events), 0)).toBe(story.length);
  });

  it('sorts by any column, services still last, and names the columns where there is none such', () => {
    const file = caseOf(...story);
    const firstBy = (column: string) =>
      rowsOf('--case', file, '--sort', column).map(({ name }) => name.split('/').at(-1));
    expect(firstBy('events')).toEqual(['app', 'ci-deployer', 'AWS service ec2.amazonaws.com']);
    expect(firstBy('denied')[0]).toBe('ci-deployer');
    expect(firstBy('first_seen')[0]).toBe('ci-deployer');
    expect(firstBy('last_seen')[0]).toBe('app');
    expect(firstBy('name')[0]).toBe('app');
    expect(firstBy('why')[0]).toBe('ci-deployer');
    refused(trailscope(['summary', '--case', file, '--sort', 'guilt']), /--sort guilt is no column.*abused_denied/);
  });

  it('says who tried to sign in, with the account where the name is all there is', () => {
    const failed = (n: number, changes: CloudTrailRecord) =>
      record(n, { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', ...changes });
    const user = { type: 'IAMUser', accountId: '111122223333', userName: 'ci-deployer' };
    const root = { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
    const rows = rowsOf(
      '--case',
      caseOf(
        record(1),
        failed(2, { userIdentity: user, responseElements: { ConsoleLogin: 'Failure' } }),
        failed(3, {
          userIdentity: root,
          responseElements: { ConsoleLogin: 'Success' },
          additionalEventData: { MFAUsed: 'No' },
        }),
      ),
    );
    expect(rows.map(({ name, events }) => [name, events])).toEqual([
      ['arn:aws:iam::111122223333:root', 1],
      ['arn:aws:iam::111122223333:user/ci-deployer', 2],
    ]);
    expect(rows[0]!.why).toEqual(['root used', 'console without MFA']);
  });

  it('prints lines on a narrow terminal, CSV for programs, the same bytes each time, and leaves the case alone', () => {
    const file = caseOf(...story);
    const text = trailscope(['summary', '--case', file]);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('49  arn:aws:iam::111122223333:user/ci-deployer\n    attack tool kali; principals');
    expect(text.stdout).toContain('abused calls: 5 (2 success, 3 denied)\n');
    expect(text.stdout).toContain('3 rows by principal.');
    expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const csv = trailscope(['summary', '--case', file, '--format', 'csv']).stdout;
    expect(csv).toMatch(/^name,kind,service,principal,score,why,first_seen,last_seen,events,success,denied/);
    expect(trailscope(['summary', '--case', file, '--format', 'csv']).stdout).toBe(csv);
    const entries = trailscope(['query', 'SELECT count(*) AS n FROM custody_log', '--case', file, '--format', 'csv']);
    expect(entries.stdout).toBe('n\r\n1\r\n');
  });

  it('reads paths straight away, and refuses what it cannot answer', () => {
    const folder = evidence({
      'a.json': delivery(...story),
      'cut.json': `{"Records":[${JSON.stringify(record(9))},{"ev`,
    });
    const read = trailscope(['summary', folder, '--format', 'json']);
    expect(read.code).toBe(3);
    expect((JSON.parse(read.stdout) as Row[])[0]).toMatchObject({ events: 6 });
    refused(trailscope(['summary', '--case', join(scratch(), 'none.duckdb')]), /does not exist/);
    refused(trailscope(['summary', evidence({ 'a.txt': 'nothing' })]), /holds no CloudTrail event/);
  });

  const data = '/tmp/shared/data';
  it.runIf(existsSync(data))(
    'finds the stolen key of a real incident, and nothing in a quiet class of students',
    () => {
      const incident = join(data, 'invictus-aws_dataset/CloudTrail');
      expect(rowsOf(incident)[0]).toMatchObject({ name: 'arn:aws:iam::123837392027:user/bert-jan' });
      const [stolen, next] = rowsOf(incident, '--by', 'credential') as [Row, Row];
      expect(stolen).toMatchObject({
        name: 'AKIATFQR7NSC8Q4X20BJ',
        principal: 'arn:aws:iam::123837392027:user/bert-jan',
      });
      expect(stolen.score).toBeGreaterThan(3 * next.score);
      const quiet = rowsOf(join(data, 'odd-shapes/grycap-2017-benign-142ev.json'));
      expect(Math.max(...quiet.map(({ score }) => score))).toBeLessThan(10);
    },
  );
});
