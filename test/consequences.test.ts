/** What others did with what scope made, opened, shared or read: shown, and never counted as the actor's. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { type Scope, scopeTo, scopeToAll } from '../src/lineage/scope.ts';
import { type Inventories, takeInventories } from '../src/rules/inventories.ts';
import { type CloudTrailRecord, delivery, evidence, load, record } from './support.ts';

const key = 'AKIAIOSFODNN7EXAMPLE';
const account = '111122223333';

type Changes = CloudTrailRecord & { userIdentity?: CloudTrailRecord };

/** A call of ci-deployer that changes something. */
const call = (n: number, service: string, name: string, changes: Changes = {}): CloudTrailRecord =>
  record(n, { eventSource: `${service}.amazonaws.com`, eventName: name, readOnly: false, ...changes });

const admin = {
  type: 'AssumedRole',
  principalId: 'AROACKCEVSQ6C2EXAMPLE:ana',
  arn: `arn:aws:sts::${account}:assumed-role/admin/ana`,
  accountId: account,
  accessKeyId: 'ASIAI44QH8DHBEXAMPLE',
};
const stranger = { type: 'AWSAccount', principalId: 'AIDAZ00AAAAAAAEXAMPLE', accountId: '999988887777' };

const open = async (...records: CloudTrailRecord[]): Promise<Case> =>
  load(evidence({ 'a.json': delivery(...records) }));

const take = async (...records: CloudTrailRecord[]): Promise<Inventories & { scope: Scope }> => {
  const { db } = await open(...records);
  const scope = await scopeTo(db, [key], { from: null, to: null });
  return { ...(await takeInventories(db)), scope };
};

describe('what followed', () => {
  const trust = call(1, 'iam', 'UpdateAssumeRolePolicy', {
    requestParameters: { roleName: 'deploy', policyDocument: '{}' },
  });
  const assume = (n: number, userIdentity: CloudTrailRecord, issued: string): CloudTrailRecord =>
    record(n, {
      eventName: 'AssumeRole',
      userIdentity,
      requestParameters: { roleArn: `arn:aws:iam::${account}:role/deploy`, roleSessionName: 's' },
      responseElements: { credentials: { accessKeyId: issued } },
    });

  it('follows a stranger through a role that scope opened, and not its owners', async () => {
    const session = {
      ...admin,
      accessKeyId: 'ASIAZ00AAAAAAAEXAMPLE',
      arn: `arn:aws:sts::${account}:assumed-role/deploy/s`,
    };
    const { consequences, scope } = await take(
      trust,
      assume(2, stranger, 'ASIAZ00AAAAAAAEXAMPLE'),
      record(3, { userIdentity: session }),
      assume(4, admin, 'ASIAZ11AAAAAAAEXAMPLE'),
      record(5, { userIdentity: { ...session, accessKeyId: 'ASIAZ11AAAAAAAEXAMPLE' } }),
    );
    expect(consequences.map(({ event_id, actor, because_event_id }) => [event_id, actor, because_event_id])).toEqual([
      [record(2)['eventID'], '999988887777', trust['eventID']],
    ]);
    // The session that came of it is in scope, so it is no longer anyone else's.
    expect(scope.credentials.filter(({ in_scope }) => in_scope).map((row) => [row.access_key_id, row.edge])).toEqual([
      [expect.any(String), 'seed'],
      [session.accessKeyId, 'role'],
    ]);
  });

  it('shows the use of a shared snapshot, the quarantine by AWS, and the key switched off by others', async () => {
    const { consequences } = await take(
      call(1, 'ec2', 'ModifySnapshotAttribute', {
        requestParameters: {
          snapshotId: 'snap-0aaaaaaaaaaaaaaa1',
          createVolumePermission: { add: { items: [{ groups: 'all' }] } },
        },
      }),
      call(2, 'ec2', 'SharedSnapshotVolumeCreated', {
        eventType: 'AwsServiceEvent',
        userIdentity: { accountId: '999988887777', invokedBy: 'ec2.amazonaws.com' },
        serviceEventDetails: { snapshotId: 'snap-0aaaaaaaaaaaaaaa1' },
      }),
      call(3, 'iam', 'AttachUserPolicy', {
        userIdentity: { type: 'AWSService', invokedBy: 'AWS Internal' },
        requestParameters: {
          userName: 'ci-deployer',
          policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3',
        },
      }),
      call(4, 'iam', 'UpdateAccessKey', {
        userIdentity: admin,
        requestParameters: { userName: 'ci-deployer', accessKeyId: key, status: 'Inactive' },
      }),
      call(5, 'iam', 'AttachUserPolicy', {
        userIdentity: admin,
        requestParameters: { userName: 'other', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      }),
    );
    expect(consequences.map(({ event_name, subject }) => [event_name, subject])).toEqual([
      ['SharedSnapshotVolumeCreated', 'snap-0aaaaaaaaaaaaaaa1'],
      ['AttachUserPolicy', key],
      ['UpdateAccessKey', key],
    ]);
    expect(consequences.map(({ what }) => what)).toEqual([
      ['snap-0aaaaaaaaaaaaaaa1'],
      ['ci-deployer', 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3'],
      ['ci-deployer', key],
    ]);
    expect(consequences[0]).toMatchObject({
      because_event_name: 'ModifySnapshotAttribute',
      because_time: record(1)['eventTime'],
      file: 'a.json',
      record_index: 1,
    });
  });

  it('shows a sign-in by a user that scope gave a password, and nothing from before', async () => {
    const login = (n: number): CloudTrailRecord =>
      record(n, {
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        userIdentity: { type: 'IAMUser', accountId: account, arn: `arn:aws:iam::${account}:user/ben`, userName: 'ben' },
        responseElements: { ConsoleLogin: 'Success' },
      });
    const { consequences } = await take(
      login(1),
      call(2, 'iam', 'UpdateLoginProfile', { requestParameters: { userName: 'ben' } }),
      login(3),
    );
    expect(consequences.map(({ event_id }) => event_id)).toEqual([record(3)['eventID']]);
  });

  it('has none where no key was asked for', async () => {
    const { db } = await open(trust, assume(2, stranger, 'ASIAZ00AAAAAAAEXAMPLE'));
    await scopeToAll(db);
    const { consequences, principals } = await takeInventories(db);
    expect(consequences).toEqual([]);
    expect(principals).toHaveLength(1);
  });
});
