/** A report as the program would make it, told with the people and accounts of all fixtures: a leaked CI key, one night in March. */
import { answers, coverageSentence, limits, scopeLabel } from '../src/report/index.ts';
import { type Finding, type Report, schemaVersion, type TimelineRow } from '../src/report/model.ts';

const account = '111122223333';
const partner = '444455556666';
export const seed = 'AKIAIOSFODNN7EXAMPLE';
const newKey = 'AKIAI44QH8DHBEXAMPLE';
const deploySession = 'ASIAIOSFODNN7EXAMPLE';
const dataSession = 'ASIAI44QH8DHBEXAMPLE';
const thief = '203.0.113.45';
const relay = '198.51.100.7';
const ci = `arn:aws:iam::${account}:user/ci-deploy`;
const agent = 'aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 exe/x86_64.ubuntu.22';

/** Minutes after 08:00 on 2 March 2026. */
const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 2, 8, minutes)).toISOString().replace('.000', '');

const eventId = (number: number): string => `7f3c1e2a-0b4d-4c6e-9a18-${String(number).padStart(12, '0')}`;

const file = (number: number): string => {
  const region = number % 3 === 0 ? 'eu-west-1' : 'us-east-1';
  const stamp = `20260302T08${String(number % 60).padStart(2, '0')}Z`;
  return `AWSLogs/${account}/CloudTrail/${region}/2026/03/02/${account}_CloudTrail_${region}_${stamp}_Ex4mPle${number}.json.gz`;
};

const hash = (number: number): string => (number + 1).toString(16).padStart(2, '0').repeat(32);

type Step = {
  minute: number;
  service: string;
  call: string;
  outcome?: TimelineRow['outcome'];
  error?: string;
  credential?: string;
  findings?: string[];
  region?: string;
};

const steps: Step[] = [
  { minute: 2, service: 'sts', call: 'GetCallerIdentity', findings: ['reconnaissance/identity-check'] },
  { minute: 4, service: 'iam', call: 'CreateUser', findings: ['new-principals/user-created'] },
  { minute: 5, service: 'iam', call: 'CreateAccessKey', findings: ['new-principals/access-key-for-another-user'] },
  { minute: 6, service: 'iam', call: 'AttachUserPolicy', findings: ['new-principals/administrator-attached'] },
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
  { minute: 21, service: 'ec2', call: 'CreateSnapshot', credential: dataSession },
  {
    minute: 24,
    service: 'ec2',
    call: 'ModifySnapshotAttribute',
    credential: dataSession,
    findings: ['data-access/snapshot-shared'],
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
    findings: ['backdoors/role-trusts-foreign-account'],
  },
  {
    minute: 42,
    service: 'lambda',
    call: 'AddPermission20150331v2',
    credential: newKey,
    outcome: 'denied',
    error: 'AccessDeniedException',
    findings: ['backdoors/function-opened'],
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
  file: file(number),
  record_index: number * 3,
}));

const row = (number: number): TimelineRow => {
  const found = timeline[number];
  if (found === undefined) throw new Error(`the sample has no step ${number}`);
  return found;
};

type Told = Pick<Finding, 'rule' | 'severity' | 'title' | 'subject' | 'summary' | 'why' | 'misses'>;

const finding = (event: number, told: Told): Finding => {
  const { event_id, time, outcome, credential, file: path, record_index } = row(event);
  return {
    id: hash(event + 40).slice(0, 16),
    pack: told.rule.slice(0, told.rule.indexOf('/')),
    category: 'persistence',
    outcome,
    events: 1,
    event_ids: [event_id],
    first_seen: time,
    last_seen: time,
    credential,
    evidence: [{ file: path, record_index }],
    details: { region: 'us-east-1', requested_by: ci },
    status: 'open',
    explained_by: null,
    attack: { v18: ['T1098.003'], v19: ['T1098.003'] },
    ...told,
  };
};

const findings: Finding[] = [
  finding(6, {
    rule: 'secrets/secret-read',
    severity: 'high',
    title: 'Secret read by a credential that never read one before',
    subject: `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`,
    summary: 'prod/orders-db was read twice by ASIAIOSFODNN7EXAMPLE from 203.0.113.45',
    why: 'The value of a secret leaves AWS with the answer: whoever read it can use it anywhere, whatever is done to the key.',
    misses: 'Reads through other services, which show as kms Decrypt only.',
  }),
  finding(3, {
    rule: 'new-principals/administrator-attached',
    severity: 'critical',
    title: 'Administrator rights given to a new user',
    subject: `arn:aws:iam::${account}:user/backup-svc`,
    summary: 'AdministratorAccess was attached to backup-svc two minutes after the user was made',
    why: 'A new user with all rights outlives the stolen key: deactivating the key does not touch it.',
    misses: 'Rights given through a group, an inline policy or a customer-managed policy.',
  }),
  finding(1, {
    rule: 'new-principals/user-created',
    severity: 'medium',
    title: 'User created',
    subject: `arn:aws:iam::${account}:user/backup-svc`,
    summary: 'User backup-svc was created by ci-deploy from 203.0.113.45',
    why: 'A user made by an automation key at night is a way to come back.',
    misses: 'Users made in IAM Identity Center.',
  }),
  finding(11, {
    rule: 'data-access/snapshot-shared',
    severity: 'critical',
    title: 'Snapshot shared with a foreign account',
    subject: 'snap-0a1b2c3d4e5f60718',
    summary: `Snapshot snap-0a1b2c3d4e5f60718 was shared with account ${partner}, which is not in the evidence as an own account`,
    why: 'The foreign account can copy the disk and read it there, out of sight of this trail.',
    misses: 'Snapshots read block by block (EBS direct APIs), which are data events.',
  }),
  finding(14, {
    rule: 'backdoors/role-trusts-foreign-account',
    severity: 'critical',
    title: 'Role opened to a foreign account',
    subject: `arn:aws:iam::${account}:role/DeployRole`,
    summary: `DeployRole now trusts account ${partner}`,
    why: 'Anyone in that account who may call AssumeRole can come back without any key of this one.',
    misses: 'Trust given through a federated provider.',
  }),
  finding(15, {
    rule: 'backdoors/function-opened',
    severity: 'medium',
    title: 'Function opened to all callers',
    subject: `arn:aws:lambda:us-east-1:${account}:function:orders-export`,
    summary: 'An attempt to let anyone invoke orders-export was denied',
    why: 'A function that anyone can invoke acts with its role for anyone.',
    misses: 'Function URLs without authentication, which another rule finds.',
  }),
  finding(16, {
    rule: 'defence-impairment/logging-stopped',
    severity: 'medium',
    title: 'Trail stopped',
    subject: `arn:aws:cloudtrail:us-east-1:${account}:trail/org-trail`,
    summary: 'An attempt to stop org-trail was denied',
    why: 'What happens while a trail is stopped is not in its files.',
    misses: 'Event selectors narrowed so that little is recorded.',
  }),
  finding(12, {
    rule: 'resources/instances-in-new-region',
    severity: 'high',
    title: 'Instances started in a region not used before',
    subject: 'eu-west-1',
    summary: '3 g5.12xlarge instances were started in eu-west-1, where this account had no instance in the baseline',
    why: 'Large instances in a quiet region are the usual sign of mining at the owner’s cost.',
    misses: 'Regions in use before, and instance types below the threshold.',
  }),
  finding(0, {
    rule: 'reconnaissance/identity-check',
    severity: 'low',
    title: 'Identity check from a new address',
    subject: seed,
    summary: 'GetCallerIdentity from 203.0.113.45 with aws-cli, the first use from there',
    why: 'A thief asks first whose key it is.',
    misses: 'Calls that answer the same by their error text.',
  }),
];

const manifestFile = (number: number): Report['evidence']['manifest'][number] => {
  return {
    path: file(number),
    status: 'read',
    shape: 's3-delivery',
    reason: null,
    bytes: 14_210 + number * 317,
    inflated_bytes: 151_300 + number * 2_903,
    sha256: hash(number),
    sha256_inflated: hash(number + 100),
    records: 120,
    events: 118,
    duplicates: 2,
    conflicts: 0,
    ignored: 0,
    rejected: 0,
    rejects: [],
    first_event: at(number),
    last_event: at(number + 5),
  };
};

const manifest = (): Report['evidence']['manifest'] => {
  const files = Array.from({ length: 24 }, (_, number) => manifestFile(number));
  const cut = {
    ...manifestFile(24),
    status: 'partial' as const,
    reason: 'the file ends inside record 57',
    records: 58,
    events: 57,
    duplicates: 0,
    rejected: 1,
  };
  const reject = { record_index: 57, byte_offset: 88_412, reason: 'cut off: the JSON ends inside a string' };
  const digest = {
    ...manifestFile(25),
    status: 'skipped' as const,
    reason: 'a digest file, no log',
    shape: 'digest',
    records: 0,
    events: 0,
    duplicates: 0,
  };
  return [...files, { ...cut, rejects: [reject] }, { ...digest, first_event: null, last_event: null }];
};

const evidence = (): Report['evidence'] => {
  const files = manifest();
  const sum = (
    part: 'bytes' | 'inflated_bytes' | 'records' | 'events' | 'duplicates' | 'conflicts' | 'ignored' | 'rejected',
  ) => files.reduce((total, one) => total + (one[part] ?? 0), 0);
  return {
    files: files.length,
    files_read: files.filter((one) => one.status === 'read').length,
    files_partial: 1,
    files_skipped: 1,
    files_rejected: 0,
    bytes: sum('bytes'),
    inflated_bytes: sum('inflated_bytes'),
    records: sum('records'),
    events: sum('events'),
    duplicates: sum('duplicates'),
    conflicts: sum('conflicts'),
    ignored: sum('ignored'),
    rejected: sum('rejected'),
    events_without_time: 2,
    first_event: '2026-02-24T00:00:12Z',
    last_event: at(118),
    manifest: files,
  };
};

type Credential = Report['credentials'][number];

const credential = (id: string, hop: number, issue: number | null, more: Partial<Credential>): Credential => {
  const issuer = issue === null ? null : row(issue);
  const own = timeline.filter((one) => one.credential === id);
  return {
    access_key_id: id,
    session: null,
    kind: id.startsWith('AKIA') ? 'long_lived' : 'temporary',
    hop,
    issued_by: issuer?.credential ?? null,
    issued_at: issuer?.time ?? null,
    via_event_id: issuer?.event_id ?? null,
    via_event_name: issuer?.event_name ?? null,
    edge: issue === null ? 'seed' : 'key',
    confidence: issue === null ? 'seed' : 'certain',
    in_scope: true,
    note: null,
    principal: ci,
    first_seen: own[0]?.time ?? null,
    last_seen: own.at(-1)?.time ?? null,
    events: own.length,
    regions: [...new Set(own.map((one) => one.region ?? ''))],
    ips: [...new Set(own.map((one) => one.source_ip_address ?? ''))],
    ...more,
  };
};

const credentials = (): Credential[] => {
  const role = (name: string, session: string) => `arn:aws:sts::${account}:assumed-role/${name}/${session}`;
  return [
    credential(seed, 0, null, { note: 'issuer_not_in_evidence', events: 214, first_seen: at(2) }),
    credential(newKey, 1, 2, { principal: `arn:aws:iam::${account}:user/backup-svc`, events: 61 }),
    credential(deploySession, 1, 5, {
      principal: role('DeployRole', 'deploy-7'),
      events: 133,
      session: `${account}/AROAEXAMPLEDEPLOY:deploy-7/${at(9)}`,
    }),
    credential(dataSession, 2, 9, { principal: role('DataRole', 'export'), events: 27 }),
    credential('ASIAEXAMPLEUNUSED001', 2, 9, { principal: role('AuditRole', 'look'), note: 'never_used' }),
    credential('ASIAEXAMPLEBEFORE001', 1, 5, {
      principal: role('DeployRole', 'nightly'),
      note: 'pre_window',
      in_scope: false,
      issued_at: '2026-03-01T22:14:09Z',
    }),
  ];
};

const made = (
  event: number,
): Pick<
  Report['resources'][number],
  'created_by' | 'event_id' | 'event_name' | 'time' | 'outcome' | 'later_deleted_by' | 'later_deleted_event_id'
> => {
  const { credential: by, event_id, event_name, time, outcome } = row(event);
  return {
    created_by: by ?? '',
    event_id,
    event_name: event_name ?? '',
    time,
    outcome,
    later_deleted_by: null,
    later_deleted_event_id: null,
  };
};

const read = (
  kind: string,
  id: string,
  events: number[],
  more: Partial<Report['secrets'][number]> = {},
): Report['secrets'][number] => {
  const rows = events.map(row);
  return {
    kind,
    id,
    account,
    region: 'us-east-1',
    outcome: rows[0]?.outcome ?? 'success',
    calls: rows.length,
    bytes_out: null,
    credentials: [...new Set(rows.map((one) => one.credential ?? ''))],
    first_seen: rows[0]?.time ?? null,
    last_seen: rows.at(-1)?.time ?? null,
    event_ids: rows.map((one) => one.event_id),
    ...more,
  };
};

const coverage = (): Report['coverage'] => {
  const recorded = {
    first_event: '2026-02-24T00:00:12Z',
    last_event: at(118),
    management_events: 2_889,
    data_events: [{ event_source: 's3.amazonaws.com', events: 412 }],
    regions: [
      { account, region: 'eu-west-1', events: 402, days: 2, first_event: at(20), last_event: at(118) },
      {
        account,
        region: 'us-east-1',
        events: 2_899,
        days: 7,
        first_event: '2026-02-24T00:00:12Z',
        last_event: at(117),
      },
    ],
    days: 7,
    read_events: true,
  };
  return { ...recorded, sentence: coverageSentence(recorded) };
};

const address = (text: string, place: Partial<Report['ips'][number]>): Report['ips'][number] => {
  const own = timeline.filter((one) => one.source_ip_address === text);
  return {
    address: text,
    kind: 'public',
    country: null,
    city: null,
    latitude: null,
    longitude: null,
    events: own.length,
    first_seen: own[0]?.time ?? null,
    last_seen: own.at(-1)?.time ?? null,
    credentials: [...new Set(own.map((one) => one.credential ?? ''))],
    ...place,
  };
};

/** Everything but the answers and limits, which are read from it. */
const facts = (): Omit<Report, 'answers' | 'limits'> => {
  const window = {
    from: at(0),
    to: null,
    note: `From ${at(0)} (inclusive) to the last event. All times are UTC; a date or time without zone was read as UTC.`,
  };
  const role = `arn:aws:iam::${account}:role/DeployRole`;
  return {
    schema_version: schemaVersion,
    tool: {
      name: 'trailscope',
      version: '0.1.0',
      packs: ['backdoors', 'data-access', 'new-principals', 'secrets'].map((name, at) => ({
        name,
        sha256: hash(at + 200),
        rules: 6 + at,
      })),
    },
    generated: { arguments: ['scope', '--key', seed, '--from', '2026-03-02T08:00'], as_of: at(118) },
    scope_label: scopeLabel(window),
    seeds: [{ access_key_id: seed, occurs: true, principal: ci }],
    window,
    scope: {
      events: 435,
      credentials: 5,
      credentials_used: 4,
      first_event: at(2),
      last_event: at(58),
      outcomes: { success: 398, denied: 31, dry_run: 1, throttled: 2, not_found: 3, failed: 0 },
    },
    evidence: evidence(),
    coverage: coverage(),
    verification: { status: 'not_run', note: 'Digest files were not checked.' },
    credentials: credentials(),
    unresolved: [
      {
        access_key_id: 'ASIAEXAMPLECONSOLE01',
        principal: ci,
        events: 9,
        first_seen: at(3),
        last_seen: at(30),
        ips: [thief],
        reason: 'issuer_not_in_evidence',
      },
    ],
    consequences: [
      {
        time: at(70),
        event_id: eventId(70),
        event_name: 'SharedSnapshotVolumeCreated',
        actor: null,
        account: partner,
        source_ip_address: 'ec2.amazonaws.com',
        outcome: 'success',
        subject: 'snap-0a1b2c3d4e5f60718',
        because_event_id: row(11).event_id,
      },
      {
        time: at(83),
        event_id: eventId(83),
        event_name: 'DeleteUser',
        actor: `arn:aws:iam::${account}:user/oncall-maria`,
        account,
        source_ip_address: '192.0.2.10',
        outcome: 'success',
        subject: `arn:aws:iam::${account}:user/backup-svc`,
        because_event_id: row(1).event_id,
      },
    ],
    resources: [
      ...['i-0a11', 'i-0b22', 'i-0c33'].map((id, number) => ({
        type: 'AWS::EC2::Instance',
        id: `${id}cc33dd44ee55f`,
        account,
        region: 'eu-west-1',
        ...made(12),
        ...(number === 0 ? { later_deleted_by: newKey, later_deleted_event_id: row(17).event_id } : {}),
      })),
      { type: 'AWS::EC2::Snapshot', id: 'snap-0a1b2c3d4e5f60718', account, region: 'us-east-1', ...made(10) },
      { type: 'AWS::EC2::Instance', id: 'not named in the answer', account, region: 'us-east-1', ...made(13) },
    ],
    principals: [
      {
        kind: 'user',
        name: 'backup-svc',
        id: 'AIDAEXAMPLEBACKUPSVC',
        account,
        ...made(1),
        later_deleted_by: `arn:aws:iam::${account}:user/oncall-maria`,
        later_deleted_event_id: eventId(83),
      },
      { kind: 'access key', name: newKey, id: newKey, account, ...made(2) },
      {
        kind: 'policy attachment',
        name: 'backup-svc',
        id: 'arn:aws:iam::aws:policy/AdministratorAccess',
        account,
        ...made(3),
      },
      { kind: 'login profile', name: 'backup-svc', id: null, account, ...made(4) },
    ],
    secrets: [
      read('secret', `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`, [6, 7]),
      read('secret', 'prod/payments-api', [8]),
    ],
    data_access: [
      read('S3 object', 'example-orders-exports/2026/02/customers.csv', [10], {
        calls: 3,
        bytes_out: 48_211_904,
        event_ids: [eventId(400), eventId(401), eventId(402)],
      }),
      read('S3 object', 'example-orders-exports/2026/02/payments.csv', [10], {
        calls: 1,
        outcome: 'denied',
        event_ids: [eventId(403)],
      }),
    ],
    ips: [
      address(thief, { country: 'NL', city: 'Amsterdam', latitude: 52.37, longitude: 4.89 }),
      address(relay, { country: 'US' }),
    ],
    findings,
    stopped_rules: [],
    timeline,
    timeline_total: timeline.length,
    containment: [
      {
        subject: seed,
        what: 'Deactivate the access key of ci-deploy',
        commands: [`aws iam update-access-key --user-name ci-deploy --access-key-id ${seed} --status Inactive`],
        event_ids: [row(0).event_id],
      },
      {
        subject: newKey,
        what: 'Deactivate the access key of backup-svc',
        commands: [`aws iam update-access-key --user-name backup-svc --access-key-id ${newKey} --status Inactive`],
        event_ids: [row(2).event_id],
      },
      {
        subject: role,
        what: `Deny what sessions of DeployRole issued before ${at(118)} may do: deactivating keys does not end them`,
        commands: [
          `aws iam put-role-policy --role-name DeployRole --policy-name RevokeOlderSessions --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"${at(118)}"}}}]}'`,
        ],
        event_ids: [row(5).event_id, row(9).event_id],
      },
    ],
    eradication: [
      {
        subject: role,
        what: 'Put back the trust policy of DeployRole',
        commands: ['aws iam update-assume-role-policy --role-name DeployRole --policy-document file://last-good.json'],
        event_ids: [row(14).event_id],
        preserve_first: ['aws iam get-role --role-name DeployRole'],
      },
      {
        subject: 'i-0b22cc33dd44ee55f',
        what: 'Terminate the instance',
        commands: ['aws ec2 terminate-instances --instance-ids i-0b22cc33dd44ee55f --region eu-west-1'],
        event_ids: [row(12).event_id],
        preserve_first: [
          'aws ec2 create-image --instance-id i-0b22cc33dd44ee55f --name evidence-i-0b22cc33dd44ee55f --no-reboot --region eu-west-1',
        ],
      },
    ],
    rotation: [
      {
        subject: `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`,
        what: 'Change the password that prod/orders-db holds, then rotate the secret',
        commands: [`aws secretsmanager rotate-secret --secret-id prod/orders-db --region us-east-1`],
        event_ids: [row(6).event_id, row(7).event_id],
      },
    ],
  };
};

export const sampleReport = (changes: Partial<Report> = {}): Report => {
  const told = { ...facts(), ...changes };
  const answered = { ...told, answers: changes.answers ?? answers(told), limits: changes.limits ?? limits(told) };
  const { schema_version, tool, generated, scope_label, seeds, window, scope, answers: four, ...rest } = answered;
  return { schema_version, tool, generated, scope_label, seeds, window, scope, answers: four, ...rest };
};

export async function* rowsOf(rows: readonly TimelineRow[]): AsyncGenerator<TimelineRow> {
  yield* rows;
}
