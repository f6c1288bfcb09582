/** The worksheet: what to contain, remove and change, every step in its order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EradicationRow, type Undo, worksheet, type WorksheetParts } from '../src/report/worksheet.ts';
import { parseCsv } from './read-csv.ts';
import { root } from './support.ts';

const account = '111122223333';
const seed = 'AKIAIOSFODNN7EXAMPLE';

const catalogOf = (name: string): Record<string, string>[] => {
  const [header = [], ...rows] = parseCsv(
    readFileSync(join(root, `queries/catalog/${name}.csv`), 'utf8').replaceAll('\n', '\r\n'),
  );
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ''])));
};

const eradicationCatalog = catalogOf('eradication') as EradicationRow[]; // Its columns are those, as the first test holds.

type Credential = WorksheetParts['credentials'][number];

const credential = (changes: Partial<Credential>): Credential => ({
  access_key_id: seed,
  session: null,
  kind: 'long_lived',
  hop: 0,
  issued_by: null,
  issued_at: null,
  via_event_id: null,
  via_event_name: null,
  edge: 'seed',
  confidence: 'seed',
  in_scope: true,
  note: null,
  principal: `arn:aws:iam::${account}:user/ci-deployer`,
  first_seen: null,
  last_seen: null,
  events: 1,
  known_before: 0,
  regions: [],
  ips: [],
  ...changes,
});

const issued = (key: string, principal: string, changes: Partial<Credential> = {}): Credential =>
  credential({
    access_key_id: key,
    kind: 'temporary',
    hop: 1,
    edge: 'key',
    confidence: 'certain',
    issued_by: seed,
    via_event_id: `by-${key}`,
    principal,
    ...changes,
  });

const made = (changes: Partial<Undo>): Undo => ({
  type: 'AWS::EC2::Instance',
  id: 'i-0aaaaaaaaaaaaaaa1',
  name: 'i-0aaaaaaaaaaaaaaa1',
  also: null,
  account,
  region: 'eu-west-1',
  created_by: seed,
  event_id: 'made-1',
  event_name: 'RunInstances',
  time: '2026-03-25T03:00:00Z',
  known_before: false,
  later_deleted_by: null,
  later_deleted_event_id: null,
  ...changes,
});

const sheet = (parts: Partial<WorksheetParts>, undo: Undo[] = []) =>
  worksheet(
    {
      generated: { arguments: [], as_of: '2026-03-25T09:00:00Z', known_good: null, baseline: null },
      credentials: [],
      consequences: [],
      secrets: [],
      ...parts,
    },
    eradicationCatalog,
    undo,
  );

describe('containment', () => {
  it('stops keys, then role sessions, then tokens, then other ways in, and says what stays open', () => {
    const { containment } = sheet(
      {
        credentials: [
          credential({}),
          issued('ASIAIOSFODNN7EXAMPLE', `arn:aws:sts::${account}:assumed-role/deploy/s`),
          issued('ASIAI44QH8DHBEXAMPLE', `arn:aws:sts::${account}:federated-user/helper`),
          issued('AKIAI44QH8DHBEXAMPLE', `arn:aws:iam::${account}:user/svc`, { kind: 'long_lived' }),
        ],
      },
      [made({ type: 'AWS::IAM::LoginProfile', id: 'svc', name: 'svc', event_name: 'CreateLoginProfile' })],
    );
    expect(containment.map(({ subject }) => subject)).toEqual([
      seed,
      'AKIAI44QH8DHBEXAMPLE',
      'deploy',
      'ci-deployer',
      'IAM LoginProfile svc',
      'what stays open',
    ]);
    expect(containment.flatMap(({ commands }) => commands)).toEqual([
      `aws iam update-access-key --user-name ci-deployer --access-key-id ${seed} --status Inactive`,
      'aws iam update-access-key --user-name svc --access-key-id AKIAI44QH8DHBEXAMPLE --status Inactive',
      `aws iam put-role-policy --role-name deploy --policy-name AWSRevokeOlderSessions --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-03-25T09:00:01Z"}}}]}'`,
      `aws iam put-user-policy --user-name ci-deployer --policy-name DenyAll --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'`,
      'aws iam delete-login-profile --user-name svc',
    ]);
    expect(containment[0]!.what).toContain(
      'does not stop federation tokens (they need a Deny on the user), nor roles already assumed',
    );
    expect(containment.map(({ title }) => title)).toEqual([
      `Deactivate ${seed} of ci-deployer`,
      'Deactivate AKIAI44QH8DHBEXAMPLE of svc',
      'Revoke the sessions of role deploy',
      'Deny everything to ci-deployer',
      'Close IAM LoginProfile svc',
      'What stays open',
    ]);
    expect(containment.slice(0, -1).map(({ state, account: of }) => [state, of])).toEqual(
      Array.from({ length: 5 }, () => ['to_do', account]),
    );
    expect(containment[2]!.what).toContain('would only block new sessions');
    expect(containment[3]!.what).toContain('tokens stay formally valid, and every call is denied');
    expect(containment.at(-1)!.state).toBe('open');
    expect(containment.at(-1)!.what).toContain('shared snapshots and AMIs');
  });

  it("puts a role last that only sessions from known addresses took, and doubts that it is the owner's", () => {
    const role = (name: string) => `arn:aws:sts::${account}:assumed-role/${name}/s`;
    const { containment } = sheet({
      credentials: [
        issued('ASIAIOSFODNN7EXAMPLE', role('ci-deploy'), { events: 4, known_before: 4 }),
        issued('ASIAI44QH8DHBEXAMPLE', role('admin'), { events: 4, known_before: 3 }),
      ],
    });
    expect(containment.map(({ subject, caution }) => [subject, caution === null])).toEqual([
      ['admin', true],
      ['ci-deploy', false],
      ['what stays open', true],
    ]);
  });

  it('does not edit a permission-set role, and denies no root', () => {
    const { containment } = sheet({
      credentials: [
        issued(
          'ASIAIOSFODNN7EXAMPLE',
          `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ana`,
        ),
        issued('ASIAI44QH8DHBEXAMPLE', `arn:aws:iam::${account}:root`),
      ],
    });
    expect(containment[0]!.what).toContain('cannot be edited in IAM');
    expect(containment[0]!.commands.join()).not.toContain('put-role-policy');
    expect(containment[1]!.what).toContain("an SCP denies a member account's root, not the management account's");
    expect(containment[1]!.commands).toEqual([]);
  });

  it('says of what is deleted that nothing is to be done', () => {
    const key = 'AKIAI44QH8DHBEXAMPLE';
    const deleted = { later_deleted_by: seed, later_deleted_event_id: 'gone-1' };
    const { containment, eradication } = sheet(
      {
        credentials: [
          issued(key, `arn:aws:iam::${account}:user/svc`, { kind: 'long_lived' }),
          issued('ASIAIOSFODNN7EXAMPLE', `arn:aws:sts::${account}:assumed-role/helper/s`),
        ],
      },
      [
        made({ type: 'AWS::IAM::AccessKey', id: key, name: key, also: 'svc', ...deleted }),
        made({ type: 'AWS::IAM::Role', id: `arn:aws:iam::${account}:role/helper`, name: 'helper', ...deleted }),
      ],
    );
    expect(containment.map(({ state, what, commands }) => [state, what, commands])).toEqual([
      ['settled', 'deleted later by the same credential', []],
      ['settled', 'deleted later by the same credential', []],
      ['open', expect.stringContaining('Revoking credentials leaves open'), []],
    ]);
    expect(eradication.map(({ state, title, commands, event_ids }) => [state, title, commands, event_ids])).toEqual([
      ['settled', `IAM AccessKey ${key} (svc)`, [], ['made-1', 'gone-1']],
      ['settled', 'IAM Role helper', [], ['made-1', 'gone-1']],
    ]);
  });

  it('points to what others did with the key already', () => {
    const { containment } = sheet({
      credentials: [credential({})],
      consequences: [
        {
          time: '2026-03-25T08:00:00Z',
          event_id: 'e',
          event_name: 'UpdateAccessKey',
          actor: 'ana',
          account,
          source_ip_address: null,
          outcome: 'success',
          subject: seed,
          because_event_name: null,
          because_time: null,
          what: [],
          file: 'a.json',
          record_index: 0,
          because_event_id: 'b',
        },
      ],
    });
    expect(containment[0]!.what).toContain('Look at its state first: UpdateAccessKey by ana at 2026-03-25 08:00:00.');
  });
});

describe('eradication', () => {
  it('keeps the order of what was made, and preserves first', () => {
    const { eradication } = sheet({}, [
      made({
        type: 'AWS::EC2::SecurityGroupIngress',
        id: 'sgr-01',
        name: 'sgr-01',
        also: 'sg-01',
        event_name: 'AuthorizeSecurityGroupIngress',
      }),
      made({ type: 'AWS::EC2::SecurityGroup', id: 'sg-01', name: 'sg-01', event_name: 'CreateSecurityGroup' }),
    ]);
    expect(eradication.map(({ commands }) => commands)).toEqual([
      ['aws ec2 revoke-security-group-ingress --group-id sg-01 --security-group-rule-ids sgr-01 --region eu-west-1'],
      ['aws ec2 delete-security-group --group-id sg-01 --region eu-west-1'],
    ]);
    expect(eradication[0]!.preserve_first).toEqual([
      'aws ec2 describe-security-group-rules --security-group-rule-ids sgr-01 --region eu-west-1',
    ]);
  });

  it("puts last, with a word of doubt, what came from an address that the principal used before: it may be the owner's", () => {
    const { eradication } = sheet({}, [
      made({
        type: 'AWS::ECR::Image',
        id: 'sha256:01',
        also: 'orders-api',
        event_name: 'PutImage',
        known_before: true,
      }),
      made({}),
    ]);
    expect(eradication.map(({ subject, caution }) => [subject, caution])).toEqual([
      ['i-0aaaaaaaaaaaaaaa1', null],
      ['sha256:01 (orders-api)', expect.stringContaining("may be the owner's. Check first.")],
    ]);
  });

  it('names a thing of an unknown kind without inventing a command', () => {
    const { eradication } = sheet({}, [
      made({ type: 'unknown:fsx:CreateFileCache', id: 'fc-1', event_name: 'CreateFileCache' }),
    ]);
    expect(eradication[0]).toMatchObject({ subject: 'fc-1', commands: [], preserve_first: [] });
    expect(eradication[0]!.what).toContain('No command is known for it');
  });
});

it('gives no command where a name would deceive, and says so in the step', () => {
  const { eradication } = sheet({}, [made({ type: 'AWS::IAM::User', id: 'two\nlines', name: 'two\nlines' })]);
  expect(eradication[0]!.commands).toEqual([]);
  expect(eradication[0]!.what).toContain('write it by hand, with care');
});

describe('rotation', () => {
  const secret: WorksheetParts['secrets'][number] = {
    kind: 'secret',
    id: 'orders/db',
    account,
    region: 'eu-west-1',
    outcome: 'success',
    calls: 2,
    bytes_out: null,
    objects: null,
    credentials: [seed],
    first_seen: null,
    last_seen: null,
    event_ids: ['r-1'],
  };

  it('changes what was read, not what was refused or made by scope itself', () => {
    const { rotation } = sheet(
      {
        credentials: [credential({})],
        secrets: [secret, { ...secret, id: 'hr/pay', outcome: 'denied' }, { ...secret, id: 'own' }],
      },
      [made({ type: 'AWS::SecretsManager::Secret', id: 'own', name: 'own' })],
    );
    expect(rotation.map(({ subject, commands }) => [subject, commands])).toEqual([
      [
        seed,
        [
          'aws iam create-access-key --user-name ci-deployer',
          `aws iam delete-access-key --user-name ci-deployer --access-key-id ${seed}`,
        ],
      ],
      ['orders/db', ['aws secretsmanager rotate-secret --secret-id orders/db --region eu-west-1']],
      ['made by scope itself', []],
    ]);
  });
});
