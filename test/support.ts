/** What tests share: records as CloudTrail writes them, folders of evidence, cases, and the built program. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { afterAll, expect, onTestFinished } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { type Case, openCase } from '../src/case.ts';
import { askedOf, windowOf } from '../src/commands/question.ts';
import { ingest } from '../src/events/ingest.ts';
import type { Grade } from '../src/lineage/walk.ts';
import type { Report } from '../src/report/model.ts';
import type { Rule } from '../src/rules/rule.ts';

export type CloudTrailRecord = Record<string, unknown>;

/** A read by ci-deployer, with whatever a test needs different. */
export const record = (n: number, changes: CloudTrailRecord = {}): CloudTrailRecord => ({
  eventVersion: '1.09',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDACKCEVSQ6C2EXAMPLE',
    arn: 'arn:aws:iam::111122223333:user/ci-deployer',
    accountId: '111122223333',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: 'ci-deployer',
  },
  eventTime: new Date(Date.UTC(2026, 2, 25, 2, 0, n)).toISOString().replace('.000Z', 'Z'),
  eventSource: 'sts.amazonaws.com',
  eventName: 'GetCallerIdentity',
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.23',
  userAgent: 'aws-cli/2.15.30',
  requestParameters: null,
  responseElements: null,
  requestID: `11111111-0000-4000-8000-${String(n).padStart(12, '0')}`,
  eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  readOnly: true,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '111122223333',
  eventCategory: 'Management',
  ...changes,
});

/** ci-deployer makes a user. */
export const createUser = (n: number): CloudTrailRecord =>
  record(n, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    readOnly: false,
    requestParameters: { userName: 'svc-backup-sync' },
    responseElements: {
      user: {
        userName: 'svc-backup-sync',
        arn: 'arn:aws:iam::111122223333:user/svc-backup-sync',
        userId: 'AIDAI44QH8DHBEXAMPLE',
        path: '/',
      },
    },
  });

/** As CloudTrail delivers them to S3. */
export const delivery = (...records: unknown[]): string => JSON.stringify({ Records: records });

/** A folder that is gone after the test. */
export const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'trailscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A folder of evidence: content by relative path. */
export const evidence = (files: Record<string, string | Buffer>): string => lay(scratch(), files);

/** The same for all tests of a file. */
export const evidenceOnce = (files: Record<string, string | Buffer>): string => {
  const parent = mkdtempSync(join(tmpdir(), 'trailscope-test-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  return lay(parent, files);
};

const lay = (parent: string, files: Record<string, string | Buffer>): string => {
  const folder = join(parent, 'logs');
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

/** A case that is gone after the test. */
export const temporaryCase = async (): Promise<Case> => {
  const opened = await openCase({ threads: 1, memoryMB: 1000 });
  onTestFinished(() => opened.close());
  return opened;
};

export const load = async (...folders: string[]): Promise<Case> => {
  const opened = await temporaryCase();
  for (const folder of folders) await ingest(opened, [folder], { jobs: 2 });
  return opened;
};

const many = { type: 'string', multiple: true } as const;
const one = { type: 'string' } as const;

/** The report of `scope` with these options and no rules but these: for tests of what rules have little part in. */
export const scoped = async (folder: string, args: string[], rules: Rule[] = []): Promise<Report> => {
  const { values } = parseArgs({
    args,
    options: {
      'access-key': many,
      principal: many,
      event: many,
      from: one,
      to: one,
      'as-of': one,
      'min-confidence': one,
    },
  });
  const opened = await temporaryCase();
  const question = {
    command: 'scope' as const,
    paths: [folder],
    asked: askedOf({ ...values, accessKey: values['access-key'] ?? [] }),
    weakest: (values['min-confidence'] ?? 'strong') as Grade,
    resolve: windowOf({ ...values, ...(values['as-of'] !== undefined && { asOf: values['as-of'] }) }),
    version: '0.0.0',
    packs: { rules, refused: [] },
    ruleTimeoutMs: 30_000,
  };
  return (await analyze(opened, question, { jobs: 1 })).report;
};

export const root = fileURLToPath(new URL('..', import.meta.url));

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs the built program as a user does, far from UTC and with an empty home. */
export const trailscope = (args: string[], cwd: string = scratch()): Ran => {
  const { status, stdout, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {
      PATH: process.env['PATH'],
      HOME: join(tmpdir(), 'nobody'),
      TZ: 'Pacific/Auckland',
      LC_ALL: 'tr_TR.UTF-8',
      NO_COLOR: '1',
    },
  });
  return { code: status, stdout, stderr };
};

/** Work folders that a case leaves beside it. */
export const leftBehind = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /\.work(\.gone)?$/.test(name));

/** Exit 2 or another, one line on stderr, nothing on stdout. */
export const refused = (ran: Ran, sentence: RegExp, code = 2): void => {
  expect(ran.stderr).toMatch(sentence);
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(ran.stdout).toBe('');
  expect(ran.code).toBe(code);
};
