/** What scope made and read: each inventory on records as CloudTrail writes them. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { scopeTo } from '../src/lineage/scope.ts';
import { takeAddresses } from '../src/rules/addresses.ts';
import { type Inventories, readUndo, takeInventories } from '../src/rules/inventories.ts';
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

const open = async (...records: CloudTrailRecord[]): Promise<Case> =>
  load(evidence({ 'a.json': delivery(...records) }));

const take = async (...records: CloudTrailRecord[]): Promise<Inventories> => {
  const { db } = await open(...records);
  await scopeTo(db, [key], { from: null, to: null });
  return takeInventories(db);
};

describe('what was made', () => {
  it('lists each instance of one call, and who terminated one of them', async () => {
    const { resources } = await take(
      call(1, 'ec2', 'RunInstances', {
        responseElements: {
          instancesSet: { items: [{ instanceId: 'i-0aaaaaaaaaaaaaaa1' }, { instanceId: 'i-0aaaaaaaaaaaaaaa2' }] },
        },
      }),
      call(2, 'ec2', 'TerminateInstances', {
        userIdentity: admin,
        requestParameters: { instancesSet: { items: [{ instanceId: 'i-0aaaaaaaaaaaaaaa2' }] } },
      }),
    );
    expect(resources.map(({ type, id, later_deleted_by }) => ({ type, id, later_deleted_by }))).toEqual([
      { type: 'AWS::EC2::Instance', id: 'i-0aaaaaaaaaaaaaaa1', later_deleted_by: null },
      { type: 'AWS::EC2::Instance', id: 'i-0aaaaaaaaaaaaaaa2', later_deleted_by: admin.arn },
    ]);
  });

  it('tells how often a thing was changed later and by whom last; looking, using, deleting and another account’s namesake change nothing', async () => {
    const instance = 'i-0aaaaaaaaaaaaaaa1';
    const { resources, principals } = await take(
      call(1, 'ec2', 'RunInstances', { responseElements: { instancesSet: { items: [{ instanceId: instance }] } } }),
      call(2, 'ec2', 'ModifyInstanceAttribute', { requestParameters: { instanceId: instance } }),
      call(3, 'ec2', 'StopInstances', {
        userIdentity: admin,
        requestParameters: { instancesSet: { items: [{ instanceId: instance }] } },
      }),
      call(4, 'ec2', 'DescribeInstanceAttribute', { readOnly: true, requestParameters: { instanceId: instance } }),
      call(5, 'ec2', 'TerminateInstances', {
        userIdentity: admin,
        requestParameters: { instancesSet: { items: [{ instanceId: instance }] } },
      }),
      call(6, 'iam', 'CreateUser', {
        requestParameters: { userName: 'mallory' },
        responseElements: {
          user: { userName: 'mallory', arn: `arn:aws:iam::${account}:user/mallory`, userId: 'AIDAMALLORYEXAMPLE' },
        },
      }),
      call(7, 'iam', 'AttachUserPolicy', {
        requestParameters: { userName: 'mallory', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
      call(8, 'iam', 'TagUser', {
        userIdentity: admin,
        errorCode: 'AccessDenied',
        requestParameters: { userName: 'mallory' },
      }),
      call(9, 'iam', 'TagUser', {
        userIdentity: admin,
        recipientAccountId: '444455556666',
        requestParameters: { userName: 'mallory' },
      }),
    );
    expect(resources.map((row) => [row.id, row.later_changes, row.later_changed_by, row.later_deleted_by])).toEqual([
      [instance, 2, admin.arn, admin.arn],
    ]);
    const user = principals.find(({ kind }) => kind === 'user');
    expect([user?.name, user?.later_changes, user?.later_changed_by]).toEqual(['mallory', 1, key]);
  });

  it("marks what came from an address that the same principal used before the window: it may be the owner's", async () => {
    const made = (n: number, address: string, time: string): CloudTrailRecord =>
      call(n, 'sns', 'CreateTopic', {
        eventTime: time,
        sourceIPAddress: address,
        responseElements: { topicArn: `arn:aws:sns:eu-west-1:${account}:topic-${n}` },
      });
    const { db } = await open(
      made(1, '192.0.2.10', '2026-03-24T09:00:00Z'),
      made(2, '198.51.100.23', '2026-03-25T03:00:00Z'),
      made(3, '192.0.2.10', '2026-03-25T08:00:00Z'),
      call(4, 'sns', 'CreateTopic', {
        eventTime: '2026-03-24T09:00:00Z',
        sourceIPAddress: '198.51.100.23',
        userIdentity: admin,
      }),
    );
    const { credentials } = await scopeTo(db, [key], { from: '2026-03-25T00:00:00Z', to: null });
    const { resources } = await takeInventories(db);
    const { ips } = await takeAddresses(db);
    expect(resources.map(({ id, known_before }) => [id.split(':').pop(), known_before])).toEqual([
      ['topic-2', false],
      ['topic-3', true],
    ]);
    expect((await readUndo(db)).map(({ known_before }) => known_before)).toEqual([true, false]);
    expect(ips.map(({ address, events, known_before }) => [address, events, known_before])).toEqual([
      ['198.51.100.23', 1, 0],
      ['192.0.2.10', 1, 1],
    ]);
    expect(credentials.map(({ events, known_before }) => [events, known_before])).toEqual([[2, 1]]);
  });

  it('keeps what was only tried, with its outcome and the name it asked for', async () => {
    const { resources, principals } = await take(
      call(1, 'ec2', 'RunInstances', {
        errorCode: 'Client.DryRunOperation',
        requestParameters: { instanceType: 'p4d.24xlarge' },
      }),
      call(2, 's3', 'CreateBucket', {
        errorCode: 'AccessDenied',
        requestParameters: { bucketName: 'amzn-s3-demo-bucket' },
      }),
      call(3, 'iam', 'CreateUser', { errorCode: 'AccessDenied', requestParameters: null }),
      call(4, 'iam', 'CreateAccessKey', { errorCode: 'AccessDenied', requestParameters: { userName: 'svc-backup' } }),
    );
    expect(resources.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['(not named)', 'dry_run'],
      ['amzn-s3-demo-bucket', 'denied'],
    ]);
    expect(principals.map(({ kind, name, id, outcome }) => [kind, name, id, outcome])).toEqual([
      ['user', '(not named)', null, 'denied'],
      ['access_key', 'svc-backup', null, 'denied'],
    ]);
  });

  it('puts users, keys and what was done to them apart from resources', async () => {
    const { principals, resources } = await take(
      call(1, 'iam', 'CreateUser', {
        requestParameters: { userName: 'svc' },
        responseElements: { user: { arn: `arn:aws:iam::${account}:user/team/svc` } },
      }),
      call(2, 'iam', 'CreateAccessKey', {
        responseElements: { accessKey: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', userName: 'svc' } },
      }),
      call(3, 'iam', 'AttachUserPolicy', {
        requestParameters: { userName: 'svc', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
      call(4, 'iam', 'DetachUserPolicy', {
        requestParameters: { userName: 'other', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
      call(5, 'iam', 'DeleteUser', { requestParameters: { userName: 'svc' } }),
    );
    expect(resources).toEqual([]);
    expect(principals.map(({ kind, name, id, later_deleted_by }) => [kind, name, id, later_deleted_by])).toEqual([
      ['user', 'svc', `arn:aws:iam::${account}:user/team/svc`, key],
      ['access_key', 'svc', 'AKIAI44QH8DHBEXAMPLE', null],
      ['attached_policy', 'svc', 'arn:aws:iam::aws:policy/AdministratorAccess', key],
    ]);
  });

  it('tells a parameter made from one given another value', async () => {
    const put = (n: number, overwrite: boolean, version?: number): CloudTrailRecord =>
      call(n, 'ssm', 'PutParameter', {
        requestParameters: { name: `/p${n}`, overwrite },
        responseElements: version === undefined ? null : { version },
      });
    const { db } = await open(put(1, true, 1), put(2, true, 7), put(3, false), put(4, true));
    await scopeTo(db, [key], { from: null, to: null });
    const { resources } = await takeInventories(db);
    expect(resources.map(({ type, id }) => [type, id])).toEqual([
      ['AWS::SSM::Parameter', '/p1'],
      ['AWS::SSM::Parameter', '/p3'],
    ]);
    expect((await readUndo(db)).map(({ type, id }) => [type, id])).toEqual([
      ['AWS::SSM::Parameter.Value', '/p4'],
      ['AWS::SSM::Parameter', '/p3'],
      ['AWS::SSM::Parameter.Value', '/p2'],
      ['AWS::SSM::Parameter', '/p1'],
    ]);
  });

  it('does not take for deleted what was made again, or what was made in the second of the deletion', async () => {
    const { principals } = await take(
      call(1, 'iam', 'CreateUser', { requestParameters: { userName: 'again' } }),
      call(2, 'iam', 'DeleteUser', { requestParameters: { userName: 'again' } }),
      call(3, 'iam', 'CreateUser', { requestParameters: { userName: 'again' } }),
      call(4, 'iam', 'CreateUser', { requestParameters: { userName: 'tie' } }),
      call(5, 'iam', 'DeleteUser', { requestParameters: { userName: 'tie' }, eventTime: record(4)['eventTime'] }),
    );
    expect(principals.map(({ name, later_deleted_event_id: id }) => [name, id])).toEqual([
      ['again', record(2)['eventID']],
      ['again', null],
      ['tie', null],
    ]);
  });

  it('settles what was given to a role, a user or a group by its deletion, and by no refused one', async () => {
    const { principals } = await take(
      call(1, 'iam', 'PutRolePolicy', { requestParameters: { roleName: 'r', policyName: 'inline' } }),
      call(2, 'iam', 'AttachRolePolicy', {
        requestParameters: { roleName: 'kept', policyArn: 'arn:aws:iam::aws:policy/X' },
      }),
      call(3, 'iam', 'AddUserToGroup', { requestParameters: { groupName: 'g', userName: 'u' } }),
      call(4, 'iam', 'PutGroupPolicy', { requestParameters: { groupName: 'g', policyName: 'inline' } }),
      call(5, 'iam', 'DeleteRole', { requestParameters: { roleName: 'kept' }, errorCode: 'DeleteConflictException' }),
      call(6, 'iam', 'DeleteRole', { requestParameters: { roleName: 'r' } }),
      call(7, 'iam', 'DeleteUser', { requestParameters: { userName: 'u' } }),
      call(8, 'iam', 'DeleteGroup', { requestParameters: { groupName: 'g' } }),
      call(9, 'iam', 'PutRolePolicy', { requestParameters: { roleName: 'r', policyName: 'again' } }),
    );
    expect(principals.map(({ later_deleted_event_id: id }) => id)).toEqual([
      record(6)['eventID'],
      null,
      record(7)['eventID'],
      record(8)['eventID'],
      null,
    ]);
  });

  it('knows a function by its name, its ARN and any version of the call', async () => {
    const arn = `arn:aws:lambda:us-east-1:${account}:function:sync`;
    const { resources } = await take(
      call(1, 'lambda', 'CreateFunction20150331', {
        requestParameters: { functionName: 'sync' },
        responseElements: { functionArn: `${arn}:1` },
      }),
      call(2, 'lambda', 'DeleteFunction20150331', { requestParameters: { functionName: arn } }),
    );
    expect(resources).toMatchObject([{ type: 'AWS::Lambda::Function', id: `${arn}:1`, later_deleted_by: key }]);
  });

  it('tells a thing made again from the one deleted before', async () => {
    const bucket = { requestParameters: { bucketName: 'amzn-s3-demo-bucket' } };
    const { resources } = await take(
      call(1, 's3', 'CreateBucket', bucket),
      call(2, 's3', 'DeleteBucket', bucket),
      call(3, 's3', 'CreateBucket', bucket),
    );
    expect(resources.map(({ later_deleted_event_id }) => later_deleted_event_id)).toEqual([record(2)['eventID'], null]);
  });

  it('lists what a call it does not know has made, by the first name in its answer', async () => {
    const { resources } = await take(
      call(1, 'omics', 'CreateWorkflow', {
        requestParameters: { name: 'w' },
        responseElements: { requestId: 'r-1', arn: `arn:aws:omics:us-east-1:${account}:workflow/1` },
      }),
      call(2, 'fsx', 'CreateFileCache', { responseElements: { requestId: 'r-2', fileCache: { fileCacheId: 'fc-1' } } }),
      call(3, 'ec2', 'CreateTags', { requestParameters: { resourcesSet: { items: [{ resourceId: 'i-1' }] } } }),
      call(4, 's3', 'CreateMultipartUpload', {
        eventCategory: 'Data',
        managementEvent: false,
        requestParameters: { bucketName: 'b', key: 'k' },
      }),
    );
    expect(resources.map(({ type, id }) => [type, id])).toEqual([
      ['unknown:omics:CreateWorkflow', `arn:aws:omics:us-east-1:${account}:workflow/1`],
      ['unknown:fsx:CreateFileCache', 'fc-1'],
    ]);
  });

  it('lists each of several things that a call it does not know has made at once', async () => {
    const several = { widgets: [{ widgetId: 'w-1' }, { widgetId: 'w-2', part: { partId: 'p-9' } }], requestId: 'r-1' };
    const wrapped = { gadgetSet: { items: [{ gadgetArn: 'arn:aws:gadgets:eu-west-1:111122223333:gadget/1' }] } };
    const beside = { widgetId: 'w-3', layers: [{ layerId: 'l-1' }, { layerId: 'l-2' }] };
    const two = { widgets: [{ widgetId: 'w-4' }], failures: [{ widgetId: 'w-5' }] };
    const { resources } = await take(
      call(1, 'widgets', 'RunWidgets', { responseElements: several }),
      call(2, 'gadgets', 'CreateGadgets', { responseElements: wrapped }),
      call(3, 'widgets', 'CreateWidget', { responseElements: beside }),
      call(4, 'widgets', 'CreateWidgets', { responseElements: two }),
    );
    expect(resources.map(({ id }) => id)).toEqual([
      'w-1',
      'w-2',
      'arn:aws:gadgets:eu-west-1:111122223333:gadget/1',
      'w-3',
      'w-4',
    ]);
  });

  it('settles what a call it does not know has made by the call that deletes such things', async () => {
    const widget = { responseElements: { widget: { widgetId: 'w-1' } } };
    const { resources } = await take(
      call(1, 'widgets', 'CreateWidget', widget),
      call(2, 'widgets', 'CreateWidget', { responseElements: { widget: { widgetId: 'w-2' } } }),
      call(3, 'widgets', 'BatchCreateParts', { responseElements: { parts: [{ partId: 'p-1' }] } }),
      call(4, 'others', 'DeleteWidget', { requestParameters: { widgetId: 'w-2' }, userIdentity: admin }),
      call(5, 'widgets', 'DeleteWidget', { requestParameters: { widgetId: 'w-1' }, userIdentity: admin }),
      call(6, 'widgets', 'DeleteParts', { requestParameters: { partId: 'p-1' }, errorCode: 'AccessDenied' }),
    );
    expect(resources.map(({ type, id, later_deleted_by }) => [type, id, later_deleted_by])).toEqual([
      ['unknown:widgets:CreateWidget', 'w-1', admin.arn],
      ['unknown:widgets:CreateWidget', 'w-2', null],
      ['unknown:widgets:BatchCreateParts', 'p-1', null],
    ]);
  });

  it('hands the worksheet changes that are no creations, newest first', async () => {
    const { db } = await open(
      call(1, 's3', 'PutBucketPolicy', { requestParameters: { bucketName: 'amzn-s3-demo-bucket', bucketPolicy: {} } }),
      call(2, 'ec2', 'ModifySnapshotAttribute', {
        requestParameters: {
          snapshotId: 'snap-0aaaaaaaaaaaaaaa1',
          createVolumePermission: { add: { items: [{ userId: '999988887777' }] } },
        },
      }),
      call(3, 'ec2', 'ModifySnapshotAttribute', {
        requestParameters: {
          snapshotId: 'snap-0aaaaaaaaaaaaaaa1',
          createVolumePermission: { remove: { items: [{ userId: '999988887777' }] } },
        },
      }),
    );
    await scopeTo(db, [key], { from: null, to: null });
    expect((await takeInventories(db)).resources).toEqual([]);
    expect(
      (await readUndo(db)).map(({ type, id, also, later_deleted_event_id }) => [
        type,
        id,
        also,
        later_deleted_event_id,
      ]),
    ).toEqual([
      ['AWS::EC2::Snapshot.Permission', 'snap-0aaaaaaaaaaaaaaa1', '999988887777', record(3)['eventID']],
      ['AWS::S3::BucketPolicy', 'amzn-s3-demo-bucket', null, null],
    ]);
  });
});

describe('what was read', () => {
  const arn = (suffix: string): string => `arn:aws:secretsmanager:us-east-1:${account}:secret:orders/db-${suffix}`;
  const read = (
    n: number,
    service: string,
    name: string,
    requestParameters: unknown,
    changes: Changes = {},
  ): CloudTrailRecord =>
    record(n, { eventSource: `${service}.amazonaws.com`, eventName: name, requestParameters, ...changes });

  it('counts a secret named by ARN, by part of it and by name once', async () => {
    const { secrets } = await take(
      read(1, 'secretsmanager', 'GetSecretValue', { secretId: arn('a1B2c3') }),
      read(2, 'secretsmanager', 'GetSecretValue', { secretId: 'orders/db' }),
      read(3, 'secretsmanager', 'GetSecretValue', { secretId: arn('').slice(0, -1) }),
      read(4, 'secretsmanager', 'GetSecretValue', { secretId: 'orders/db' }, { errorCode: 'AccessDeniedException' }),
    );
    expect(secrets.map(({ id, outcome, calls }) => [id, outcome, calls])).toEqual([
      [arn('a1B2c3'), 'success', 3],
      [arn('a1B2c3'), 'denied', 1],
    ]);
  });

  it('leaves a name as it is where two secrets fit it', async () => {
    const { secrets } = await take(
      read(1, 'secretsmanager', 'GetSecretValue', { secretId: arn('a1B2c3') }),
      read(2, 'secretsmanager', 'GetSecretValue', { secretId: arn('d4E5f6') }),
      read(3, 'secretsmanager', 'GetSecretValue', { secretId: 'orders/db' }),
    );
    expect(secrets.map(({ id }) => id)).toEqual([arn('a1B2c3'), arn('d4E5f6'), 'orders/db']);
  });

  it('counts the secrets of a batch once, and a batch by filter as a set of unknown size', async () => {
    const batch = { secretIdList: ['orders/db', 'orders/mail'] };
    const followed = await take(
      read(1, 'secretsmanager', 'BatchGetSecretValue', batch),
      read(2, 'secretsmanager', 'GetSecretValue', { secretId: 'orders/db' }),
    );
    expect(followed.secrets.map(({ id, calls }) => [id, calls])).toEqual([
      ['orders/mail', 1],
      ['orders/db', 1],
    ]);
    const filtered = read(1, 'secretsmanager', 'BatchGetSecretValue', { filters: [{ key: 'name' }] });
    const alone = await take(filtered);
    expect(alone.secrets.map(({ kind, id }) => [kind, id])).toEqual([
      ['unknown_set_of_secrets', '(asked for by filter: names not recorded)'],
    ]);
    const told = await take(filtered, read(2, 'secretsmanager', 'GetSecretValue', { secretId: 'orders/db' }));
    expect(told.secrets.map(({ id }) => id)).toEqual(['orders/db']);
  });

  it('counts a parameter in no folder once, by name and by ARN', async () => {
    const arn = `arn:aws:ssm:us-east-1:${account}:parameter/db`;
    const { secrets } = await take(
      read(1, 'ssm', 'GetParameter', { name: '/db:3' }),
      read(2, 'ssm', 'GetParameter', { name: arn }),
    );
    expect(secrets.map(({ id, calls }) => [id, calls])).toEqual([['/db', 2]]);
    const bare = await take(read(1, 'ssm', 'GetParameters', { names: ['db', arn] }));
    expect(bare.secrets.map(({ id }) => id)).toEqual(['db']);
  });

  it('names every parameter, and tells decrypted reads from others', async () => {
    const { secrets } = await take(
      read(1, 'ssm', 'GetParameters', { names: ['/orders/db', '/orders/mail:3'], withDecryption: true }),
      read(2, 'ssm', 'GetParameter', { name: `arn:aws:ssm:us-east-1:${account}:parameter/orders/db` }),
      read(3, 'ssm', 'GetParametersByPath', { path: '/orders', withDecryption: true }),
    );
    expect(secrets.map(({ kind, id }) => [kind, id])).toEqual([
      ['decrypted_parameter', '/orders/db'],
      ['decrypted_parameter', '/orders/mail'],
      ['parameter', '/orders/db'],
      ['decrypted_parameter_path', '/orders'],
    ]);
  });

  it('lists a few objects one by one, many as their bucket, and those that hold keys among the secrets', async () => {
    const object = (n: number, bucketName: string, name: string): CloudTrailRecord =>
      read(
        n,
        's3',
        'GetObject',
        { bucketName, key: name },
        { eventCategory: 'Data', managementEvent: false, additionalEventData: { bytesTransferredOut: 10 } },
      );
    const { data_access, secrets } = await take(
      ...Array.from({ length: 21 }, (_, n) => object(n, 'amzn-s3-demo-bucket', `export-${n}.csv`)),
      object(30, 'amzn-s3-demo-bucket1', 'home/.aws/credentials'),
    );
    expect(
      data_access.map(({ kind, id, calls, bytes_out, event_ids }) => [kind, id, calls, bytes_out, event_ids.length]),
    ).toEqual([
      ['bucket', 'amzn-s3-demo-bucket', 21, 210, 21],
      ['object', 'amzn-s3-demo-bucket1/home/.aws/credentials', 1, 10, 1],
    ]);
    expect(secrets.map(({ kind, id }) => [kind, id])).toEqual([
      ['object_with_keys', 'amzn-s3-demo-bucket1/home/.aws/credentials'],
    ]);
  });
});

it('takes stock of records of any shape', async () => {
  const odd = [
    null,
    'text',
    ['a', { b: 1 }],
    7,
    {},
    { userName: { a: [1] }, names: 'x', bucketName: [], instancesSet: [], key: null },
  ];
  const names = [
    'CreateUser',
    'RunInstances',
    'GetParameters',
    'GetObject',
    'DeleteUser',
    'CreateThing',
    'TerminateInstances',
    'ModifySnapshotAttribute',
    'BatchGetSecretValue',
  ];
  const sources = ['iam', 'ec2', 'ssm', 's3', 'secretsmanager'];
  const records = names.flatMap((name, i) =>
    odd.flatMap((shape, j) =>
      sources.map((service, k) =>
        call(i * 100 + j * 10 + k, service, name, {
          requestParameters: shape,
          responseElements: shape,
          resources: shape,
          additionalEventData: shape,
        }),
      ),
    ),
  );
  const { resources, principals } = await take(...records, {
    ...call(999, 'iam', 'CreateUser'),
    eventTime: 'yesterday',
  });
  expect(resources.length).toBeGreaterThan(0);
  expect(principals.length).toBeGreaterThan(0);
});
