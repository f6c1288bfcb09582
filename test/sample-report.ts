/** A report as the program would make it, told with the people and accounts of all fixtures: a leaked CI key, one night in March. */
import { answers, limits, scopeLabel } from '../src/report/index.ts';
import { noOperators } from '../src/report/operators.ts';
import { type Report, schemaVersion, type TimelineRow } from '../src/report/model.ts';
import { coverage, evidence } from './sample-evidence.ts';
import { findings } from './sample-findings.ts';
import {
  account,
  at,
  ci,
  dataSession,
  deploySession,
  eventId,
  file,
  hash,
  newKey,
  partner,
  relay,
  row,
  seed,
  thief,
  timeline,
} from './sample-story.ts';

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
    known_before: 0,
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
  | 'created_by'
  | 'event_id'
  | 'event_name'
  | 'time'
  | 'outcome'
  | 'known_before'
  | 'later_deleted_by'
  | 'later_deleted_event_id'
  | 'later_changes'
  | 'later_changed_by'
  | 'later_changed_event_id'
> => {
  const { credential: by, event_id, event_name, time, outcome } = row(event);
  return {
    created_by: by ?? '',
    event_id,
    event_name: event_name ?? '',
    time,
    outcome,
    known_before: false,
    later_deleted_by: null,
    later_deleted_event_id: null,
    later_changes: 0,
    later_changed_by: null,
    later_changed_event_id: null,
  };
};

const resource = (type: string, id: string, event: number): Report['resources'][number] => ({
  type: `AWS::EC2::${type}`,
  id,
  account,
  region: row(event).region,
  ...made(event),
});

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
    objects: kind === 'object' ? 1 : null,
    credentials: [...new Set(rows.map((one) => one.credential ?? ''))],
    first_seen: rows[0]?.time ?? null,
    last_seen: rows.at(-1)?.time ?? null,
    event_ids: rows.map((one) => one.event_id),
    ...more,
  };
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
    accuracy_km: null,
    asn: null,
    as_name: null,
    network: null,
    owner: null,
    aws_region: null,
    known_good: null,
    events: own.length,
    known_before: 0,
    nearest_before: null,
    first_seen: own[0]?.time ?? null,
    last_seen: own.at(-1)?.time ?? null,
    first_event_id: own[0]?.event_id ?? '',
    last_event_id: own.at(-1)?.event_id ?? '',
    outcomes: { success: own.length },
    credentials: [...new Set(own.map((one) => one.credential ?? ''))],
    findings: 0,
    finding_ids: [],
    ...place,
  };
};

const asked = { state: 'to_do', caution: null, account } as const;

/** Everything but the answers and limits, which are read from it. */
const facts = (): Omit<Report, 'answers' | 'limits'> => {
  const window = {
    from: at(0),
    to: null,
    note: 'Times of the window were given without a zone and read as UTC.',
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
    generated: {
      arguments: ['scope', '--key', seed, '--from', '2026-03-02T08:00'],
      as_of: at(118),
      known_good: null,
      baseline: null,
    },
    scope_label: scopeLabel(window),
    addresses: [],
    address_data: [
      {
        kind: 'places',
        name: 'geoip-lite 2.0.3',
        built: '2026-07-08',
        sha256: null,
        licence: 'GeoLite2',
        attribution: 'By MaxMind.',
      },
      { kind: 'networks', name: 'Example-ASN', built: null, sha256: hash(300), licence: null, attribution: null },
    ],
    live: [],
    attribution: { compared: false, uses: [], totals: [] },
    operators: noOperators,
    seeds: [{ access_key_id: seed, occurs: true, principal: ci }],
    window,
    scope: {
      events: 435,
      credentials: 5,
      credentials_used: 4,
      by_confidence: [{ confidence: 'certain', credentials: 5, credentials_used: 4, events: 435 }],
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
        services: [],
        reason: 'issuer_not_in_evidence',
      },
    ],
    consequences: [
      {
        time: at(70),
        event_id: eventId(70),
        event_name: 'SharedSnapshotVolumeCreated',
        what: ['snap-0a1b2c3d4e5f60718'],
        actor: null,
        account: partner,
        source_ip_address: 'ec2.amazonaws.com',
        outcome: 'success',
        subject: 'snap-0a1b2c3d4e5f60718',
        because_event_id: row(11).event_id,
        because_event_name: row(11).event_name,
        because_time: row(11).time,
        file: file(70),
        record_index: 4,
      },
      {
        time: at(83),
        event_id: eventId(83),
        event_name: 'DeleteUser',
        what: ['backup-svc'],
        actor: `arn:aws:iam::${account}:user/oncall-maria`,
        account,
        source_ip_address: '192.0.2.10',
        outcome: 'success',
        subject: `arn:aws:iam::${account}:user/backup-svc`,
        because_event_id: row(1).event_id,
        because_event_name: row(1).event_name,
        because_time: row(1).time,
        file: file(83),
        record_index: 7,
      },
    ],
    resources: [
      {
        ...resource('Instance', 'i-0a11cc33dd44ee55f', 12),
        later_deleted_by: newKey,
        later_deleted_event_id: row(17).event_id,
      },
      resource('Instance', 'i-0b22cc33dd44ee55f', 12),
      resource('Instance', 'i-0c33cc33dd44ee55f', 12),
      resource('Snapshot', 'snap-0a1b2c3d4e5f60718', 10),
      resource('Instance', '(not named)', 13),
    ],
    principals: [
      {
        kind: 'user',
        name: 'backup-svc',
        id: `arn:aws:iam::${account}:user/backup-svc`,
        account,
        ...made(1),
        later_deleted_by: `arn:aws:iam::${account}:user/oncall-maria`,
        later_deleted_event_id: eventId(83),
      },
      { kind: 'access_key', name: 'backup-svc', id: newKey, account, ...made(2) },
      {
        kind: 'attached_policy',
        name: 'backup-svc',
        id: 'arn:aws:iam::aws:policy/AdministratorAccess',
        account,
        ...made(3),
      },
      { kind: 'login_profile', name: 'backup-svc', id: 'backup-svc', account, ...made(4) },
    ],
    secrets: [
      read('secret', `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`, [6, 7]),
      read('secret', 'prod/payments-api', [8]),
    ],
    data_access: [
      read('object', 'example-orders-exports/2026/02/customers.csv', [10], {
        calls: 3,
        bytes_out: 48_211_904,
        event_ids: [eventId(400), eventId(401), eventId(402)],
      }),
      read('object', 'example-orders-exports/2026/02/payments.csv', [10], {
        calls: 1,
        outcome: 'denied',
        event_ids: [eventId(403)],
      }),
    ],
    ips: [
      address(thief, {
        country: 'NL',
        city: 'Amsterdam',
        latitude: 52.37,
        longitude: 4.89,
        accuracy_km: 20,
        nearest_before: 'nothing',
        outcomes: { success: 12, denied: 4 },
        findings: 30,
        finding_ids: findings.slice(0, 5).map(({ id }) => id),
      }),
      address(relay, {
        country: 'US',
        asn: 64_496,
        as_name: 'Example Hosting',
        owner: 'hosting',
        latitude: 39.05,
        longitude: -77.49,
        accuracy_km: 1000,
        network: '198.51.100.0/24',
        nearest_before: 'network',
        known_good: 'relay of the office',
      }),
    ],
    hours: {
      normal: Array.from({ length: 168 }, (_, at) =>
        at % 24 > 7 && at % 24 < 18 && at < 120 ? 40 + ((at * 7) % 90) : 0,
      ),
      seen: Array.from({ length: 168 }, (_, at) => (at === 8 ? 400 : at === 2 ? 35 : 0)),
      of_strangers: 0,
    },
    findings,
    stopped_rules: [],
    timeline,
    timeline_total: timeline.length,
    containment: [
      {
        ...asked,
        subject: seed,
        title: `Deactivate ${seed} of ci-deploy`,
        what: 'This does not stop roles already assumed.',
        commands: [`aws iam update-access-key --user-name ci-deploy --access-key-id ${seed} --status Inactive`],
        event_ids: [row(0).event_id],
      },
      {
        ...asked,
        subject: newKey,
        title: `Deactivate ${newKey} of backup-svc`,
        what: 'This does not stop roles already assumed.',
        commands: [`aws iam update-access-key --user-name backup-svc --access-key-id ${newKey} --status Inactive`],
        event_ids: [row(2).event_id],
      },
      {
        ...asked,
        subject: role,
        title: 'Revoke the sessions of role DeployRole',
        what: `It stops sessions issued before ${at(118)}: deactivating keys does not end them`,
        commands: [
          `aws iam put-role-policy --role-name DeployRole --policy-name RevokeOlderSessions --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"${at(118)}"}}}]}'`,
        ],
        event_ids: [row(5).event_id, row(9).event_id],
      },
      {
        ...asked,
        state: 'settled',
        subject: 'IAM LoginProfile backup-svc',
        title: 'IAM LoginProfile backup-svc',
        what: 'deleted later by oncall-maria',
        commands: [],
        event_ids: [eventId(83)],
      },
      {
        ...asked,
        state: 'open',
        subject: 'what stays open',
        title: 'What stays open',
        what: 'Revoking credentials leaves open: shared snapshots.',
        account: null,
        commands: [],
        event_ids: [],
      },
    ],
    eradication: [
      {
        ...asked,
        subject: role,
        title: 'Put back the trust policy of DeployRole',
        what: 'UpdateAssumeRolePolicy at 2026-03-02 08:40:00.',
        commands: [
          "aws iam update-assume-role-policy --role-name DeployRole --policy-document file://'<LAST-GOOD-POLICY>'",
        ],
        event_ids: [row(14).event_id],
        preserve_first: ['aws iam get-role --role-name DeployRole'],
      },
      {
        ...asked,
        subject: 'i-0b22cc33dd44ee55f',
        title: 'Remove EC2 Instance i-0b22cc33dd44ee55f',
        what: 'RunInstances at 2026-03-02 08:31:00.',
        caution: "It may be the owner's. Check first.",
        commands: ['aws ec2 terminate-instances --instance-ids i-0b22cc33dd44ee55f --region eu-west-1'],
        event_ids: [row(12).event_id],
        preserve_first: [
          'aws ec2 create-image --instance-id i-0b22cc33dd44ee55f --name evidence-i-0b22cc33dd44ee55f --no-reboot --region eu-west-1',
        ],
      },
    ],
    rotation: [
      {
        ...asked,
        subject: `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`,
        title: 'Change secret prod/orders-db-Ab12Cd',
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
