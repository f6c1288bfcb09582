/** The night of the sample report: who called what, when, with which credential. */
import type { TimelineRow } from '../src/report/model.ts';

export const account = '111122223333';
export const partner = '444455556666';
export const seed = 'AKIAIOSFODNN7EXAMPLE';
export const newKey = 'AKIAI44QH8DHBEXAMPLE';
export const deploySession = 'ASIAIOSFODNN7EXAMPLE';
export const dataSession = 'ASIAI44QH8DHBEXAMPLE';
export const thief = '203.0.113.45';
export const relay = '198.51.100.7';
export const ci = `arn:aws:iam::${account}:user/ci-deploy`;
const agent = 'aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 exe/x86_64.ubuntu.22';

/** Minutes after 08:00 on 2 March 2026. */
export const at = (minutes: number): string =>
  new Date(Date.UTC(2026, 2, 2, 8, minutes)).toISOString().replace('.000', '');

export const eventId = (number: number): string => `7f3c1e2a-0b4d-4c6e-9a18-${String(number).padStart(12, '0')}`;

export const file = (number: number): string => {
  const region = number % 3 === 0 ? 'eu-west-1' : 'us-east-1';
  const stamp = `20260302T08${String(number % 60).padStart(2, '0')}Z`;
  return `AWSLogs/${account}/CloudTrail/${region}/2026/03/02/${account}_CloudTrail_${region}_${stamp}_Ex4mPle${number}.json.gz`;
};

export const hash = (number: number): string => (number + 1).toString(16).padStart(2, '0').repeat(32);

type Step = {
  minute: number;
  service: string;
  call: string;
  what?: string[];
  outcome?: TimelineRow['outcome'];
  error?: string;
  credential?: string;
  findings?: string[];
  region?: string;
};

const steps: Step[] = [
  { minute: 2, service: 'sts', call: 'GetCallerIdentity', findings: ['reconnaissance/identity-check'] },
  {
    minute: 4,
    service: 'iam',
    call: 'CreateUser',
    what: ['backup-svc'],
    findings: ['new-principals/iam-user-created'],
  },
  { minute: 5, service: 'iam', call: 'CreateAccessKey', findings: ['new-principals/access-key-for-another-user'] },
  {
    minute: 6,
    service: 'iam',
    call: 'AttachUserPolicy',
    what: ['arn:aws:iam::aws:policy/AdministratorAccess', 'backup-svc'],
    findings: ['privilege-escalation/policy-attached'],
  },
  { minute: 7, service: 'iam', call: 'CreateLoginProfile', outcome: 'denied', error: 'AccessDenied' },
  { minute: 9, service: 'sts', call: 'AssumeRole' },
  {
    minute: 12,
    service: 'secretsmanager',
    call: 'GetSecretValue',
    credential: deploySession,
    findings: ['secrets/secret-read'],
  },
  {
    minute: 13,
    service: 'secretsmanager',
    call: 'GetSecretValue',
    credential: deploySession,
    findings: ['secrets/secret-read'],
  },
  {
    minute: 14,
    service: 'secretsmanager',
    call: 'GetSecretValue',
    credential: deploySession,
    outcome: 'denied',
    error: 'AccessDeniedException',
  },
  { minute: 17, service: 'sts', call: 'AssumeRole', credential: deploySession },
  { minute: 21, service: 'ec2', call: 'CreateSnapshot', what: ['snap-0a1b2c3d4e5f60718'], credential: dataSession },
  {
    minute: 24,
    service: 'ec2',
    call: 'ModifySnapshotAttribute',
    credential: dataSession,
    findings: ['exfiltration/copy-shared'],
  },
  {
    minute: 31,
    service: 'ec2',
    call: 'RunInstances',
    credential: newKey,
    region: 'eu-west-1',
    findings: ['resources/instances-in-new-region'],
  },
  {
    minute: 33,
    service: 'ec2',
    call: 'RunInstances',
    credential: newKey,
    outcome: 'dry_run',
    error: 'Client.DryRunOperation',
  },
  {
    minute: 40,
    service: 'iam',
    call: 'UpdateAssumeRolePolicy',
    credential: newKey,
    findings: ['backdoors/role-trusts-outsiders'],
  },
  {
    minute: 42,
    service: 'lambda',
    call: 'AddPermission20150331v2',
    credential: newKey,
    outcome: 'denied',
    error: 'AccessDeniedException',
    findings: ['backdoors/permission-for-outsiders'],
  },
  {
    minute: 51,
    service: 'cloudtrail',
    call: 'StopLogging',
    credential: newKey,
    outcome: 'denied',
    error: 'AccessDenied',
    findings: ['defence-impairment/logging-stopped'],
  },
  { minute: 58, service: 'ec2', call: 'TerminateInstances', credential: newKey, region: 'eu-west-1' },
];

export const timeline: TimelineRow[] = steps.map((step, number) => ({
  time: at(step.minute),
  event_id: eventId(number),
  event_source: `${step.service}.amazonaws.com`,
  event_name: step.call,
  what: step.what ?? [],
  outcome: step.outcome ?? 'success',
  error_code: step.error ?? null,
  credential: step.credential ?? seed,
  hop: step.credential === undefined ? 0 : step.credential === dataSession ? 2 : 1,
  principal: ci,
  account,
  region: step.region ?? 'us-east-1',
  source_ip_address: step.credential === newKey ? relay : thief,
  user_agent: agent,
  read_only: step.call.startsWith('Get'),
  findings: step.findings ?? [],
  finding_ids: step.findings === undefined ? [] : [hash(number + 40).slice(0, 16)],
  file: file(number),
  record_index: number * 3,
}));

export const row = (number: number): TimelineRow => {
  const found = timeline[number];
  if (found === undefined) throw new Error(`the sample has no step ${number}`);
  return found;
};
