/** The wrong answers that lineage must not give, each by its name: what looks like a tie and is none, and ties that are easily lost. */
import { describe, expect, it } from 'vitest';
import { scopeTo } from '../src/lineage/scope.ts';
import { takeInventories } from '../src/rules/inventories.ts';
import { type CloudTrailRecord, delivery, evidence, load, record, scratch, trailscope } from './support.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const account = '111122223333';
const key = (n: number): string => `ASIA${String(n).padStart(9, '0')}EXAMPLE`;
const at = (second: number): string => `2026-03-25T02:00:${String(second).padStart(2, '0')}Z`;

const session = (
  accessKeyId: string | undefined,
  name: string,
  created: string,
  more: CloudTrailRecord = {},
): CloudTrailRecord => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEROLE:${name}`,
  arn: `arn:aws:sts::${account}:assumed-role/role/${name}`,
  accountId: account,
  ...(accessKeyId !== undefined && { accessKeyId }),
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEROLE',
      arn: `arn:aws:iam::${account}:role/role`,
      accountId: account,
      userName: 'role',
    },
    attributes: { creationDate: created, mfaAuthenticated: 'false' },
  },
  ...more,
});

const issue = (n: number, issued: string, name: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, {
    eventName: 'AssumeRole',
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/role`, roleSessionName: name },
    responseElements: {
      credentials: { accessKeyId: issued },
      assumedRoleUser: {
        assumedRoleId: `AROAEXAMPLEROLE:${name}`,
        arn: `arn:aws:sts::${account}:assumed-role/role/${name}`,
      },
    },
    ...changes,
  });

const use = (n: number, userIdentity: CloudTrailRecord, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, { userIdentity, ...changes });

const scopeOf = async (...records: CloudTrailRecord[]) => {
  const { db } = await load(evidence({ 'a.json': delivery(...records) }));
  const scope = await scopeTo(db, [seed], { from: null, to: null });
  const [row] = await db.rows<{ events: number }>('SELECT count(*) AS events FROM scope_events');
  return {
    inScope: scope.credentials.filter(({ in_scope }) => in_scope).map((one) => one.access_key_id),
    look: scope.credentials.filter(({ note }) => note === 'look_here').map((one) => one.access_key_id),
    unresolved: scope.unresolved,
    events: row!.events,
  };
};

describe('trap', () => {
  it('onBehalfOf is per service, not per session: sharing it ties nothing', async () => {
    const onBehalfOf = {
      userId: 'c0d1e2f3',
      identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-1234567890`,
    };
    const seedOnBehalf = record(1, {
      userIdentity: { ...(record(1)['userIdentity'] as CloudTrailRecord), onBehalfOf },
    });
    expect((await scopeOf(seedOnBehalf, use(2, session(key(1), 'pat', at(1), { onBehalfOf })))).inScope).toEqual([
      seed,
    ]);
  });

  it('GetRoleCredentials hides what it hands out: no key is made up for it', async () => {
    const portal = record(1, {
      eventSource: 'sso.amazonaws.com',
      eventName: 'GetRoleCredentials',
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { role_name: 'role', account_id: account },
    });
    expect((await scopeOf(portal, use(2, session(key(1), 'pat', at(1))))).inScope).toEqual([seed]);
  });

  it('two credentials in one session: the one that was not issued to scope is a place to look', async () => {
    const found = await scopeOf(
      issue(2, key(1), 'i-0123456789abcdef0'),
      use(5, session(key(1), 'i-0123456789abcdef0', at(2))),
      use(6, session(key(2), 'i-0123456789abcdef0', at(2))),
    );
    expect(found).toMatchObject({ inScope: [seed, key(1)], look: [key(2)], events: 2 });
  });

  it('two users with one role session name: only the key issued to scope follows', async () => {
    const other = {
      type: 'IAMUser',
      principalId: 'AIDAI44QH8DHBEXAMPLE',
      arn: `arn:aws:iam::${account}:user/other`,
      accountId: account,
      accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
      userName: 'other',
    };
    const found = await scopeOf(
      issue(2, key(1), 'deploy'),
      issue(3, key(2), 'deploy', { userIdentity: other }),
      use(5, session(key(1), 'deploy', at(2))),
      use(6, session(key(2), 'deploy', at(3))),
    );
    expect(found).toMatchObject({ inScope: [seed, key(1)], look: [], events: 2 });
  });

  it('two AssumeRole in one second by two callers: each key stays its caller’s', async () => {
    const other = {
      type: 'IAMUser',
      principalId: 'AIDAI44QH8DHBEXAMPLE',
      arn: `arn:aws:iam::${account}:user/other`,
      accountId: account,
      accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
      userName: 'other',
    };
    const found = await scopeOf(
      issue(2, key(1), 'deploy'),
      issue(3, key(2), 'deploy', { userIdentity: other, eventTime: at(2) }),
      use(5, session(key(1), 'deploy', at(2))),
      use(6, session(key(2), 'deploy', at(2))),
    );
    expect(found).toMatchObject({ inScope: [seed, key(1)], events: 2 });
  });

  it('use before issue in one second, and clocks that ran backwards, lose nothing', async () => {
    expect((await scopeOf(use(1, session(key(1), 'x', at(1))), issue(2, key(1), 'x'))).events).toBe(2);
  });

  it('the issuing call is missing: the session is listed as not resolved, never dropped', async () => {
    const { inScope, unresolved } = await scopeOf(
      issue(2, key(1), 'x'),
      use(3, session(key(1), 'x', at(2))),
      use(9, session(key(9), 'y', at(1))),
    );
    expect(inScope).toEqual([seed, key(1)]);
    expect(unresolved.map((one) => [one.access_key_id, one.reason])).toEqual([
      [key(9), 'issued before the first event of the evidence'],
    ]);
  });

  it('an empty or absent accessKeyId is no key: such events belong together by nothing', async () => {
    const empty = record(1, {
      eventName: 'CheckMfa',
      userIdentity: { type: 'IAMUser', accountId: account, principalId: 'AIDACKCEVSQ6C2EXAMPLE', accessKeyId: '' },
    });
    const absent = use(2, session(undefined, 'x', at(1)));
    expect(await scopeOf(record(3), empty, absent)).toMatchObject({ inScope: [seed], events: 1 });
  });

  it('sharedEventID of a service call in one account is no tie between accounts', async () => {
    const shared = { sharedEventID: '11111111-2222-3333-4444-555555555555' };
    expect((await scopeOf(record(1, shared), use(2, session(key(1), 'x', at(1)), shared))).inScope).toEqual([seed]);
  });

  it('the same address is no lineage: an investigator behind the attacker’s exit stays out', async () => {
    const sourceIPAddress = '203.0.113.66';
    const { inScope, look } = await scopeOf(
      record(1, { sourceIPAddress }),
      use(2, session(key(1), 'investigator', at(1)), { sourceIPAddress }),
    );
    expect([inScope, look]).toEqual([[seed], []]);
  });

  it('a refused AssumeRole issues nothing, and proves that the key was used', async () => {
    const refused = issue(2, key(1), 'x', { errorCode: 'AccessDenied', errorMessage: 'no', responseElements: null });
    expect(await scopeOf(refused, use(3, session(key(1), 'x', at(2))))).toMatchObject({ inScope: [seed], events: 1 });
  });

  it('a made-up session name that is a machine’s id ties no machine', async () => {
    const launched = record(2, {
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      responseElements: { instancesSet: { items: [{ instanceId: 'i-0fedcba9876543210' }] } },
    });
    expect((await scopeOf(launched, use(5, session(key(1), 'i-0123456789abcdef0', at(3))))).inScope).toEqual([seed]);
  });

  it('onBehalfOf does not survive role chaining: the chain goes on by its keys', async () => {
    const onBehalfOf = { userId: 'c0d1e2f3' };
    const found = await scopeOf(
      issue(2, key(1), 'pat'),
      issue(3, key(2), 'next', { userIdentity: session(key(1), 'pat', at(2), { onBehalfOf }) }),
      use(4, session(key(2), 'next', at(3))),
    );
    expect(found).toMatchObject({ inScope: [seed, key(1), key(2)], events: 3 });
  });

  it('the key that a response names need not be the one used: the session tells', async () => {
    const found = await scopeOf(issue(2, key(1), 'pat'), use(4, session(key(2), 'pat', at(2))));
    expect(found).toMatchObject({ inScope: [seed, key(1), key(2)], events: 2 });
  });

  it('the console makes a key a request: all of a sign-in’s belong to it, another sign-in’s do not', async () => {
    const pat = {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEPAT',
      arn: `arn:aws:iam::${account}:user/pat`,
      accountId: account,
      userName: 'pat',
    };
    const keyOf = (n: number, created: string): CloudTrailRecord =>
      use(n, { ...pat, accessKeyId: key(n), sessionContext: { attributes: { creationDate: created } } });
    const found = await scopeOf(
      record(2, {
        eventSource: 'iam.amazonaws.com',
        eventName: 'UpdateLoginProfile',
        requestParameters: { userName: 'pat' },
      }),
      record(3, {
        userIdentity: pat,
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        responseElements: { ConsoleLogin: 'Success' },
      }),
      keyOf(4, at(3)),
      keyOf(5, at(3)),
      keyOf(6, at(1)),
    );
    expect(found.inScope).toEqual([seed, `${account}/AIDAEXAMPLEPAT/${at(3)}`, key(4), key(5)]);
    expect(found.look).toEqual([key(6)]);
  });

  it('AssumeRole only reads: an export of writes alone lost the lineage, and the report says so', () => {
    const write = record(1, { eventSource: 'iam.amazonaws.com', eventName: 'DeleteUser', readOnly: false });
    const folder = evidence({ 'a.json': delivery(write) });
    const ran = trailscope(['scope', folder, '-k', seed, '--out', scratch(), '--format', 'json']);
    expect((JSON.parse(ran.stdout) as { limits: string[] }).limits.join()).toMatch(/No read-only events .* AssumeRole/);
  });

  it('the two records of a call between accounts have different ids: linked, not dropped as copies', async () => {
    const sharedEventID = '22222222-0002-4000-8000-000000000001';
    const { db } = await load(
      evidence({
        'a.json': delivery(
          issue(2, key(1), 'x', { sharedEventID }),
          issue(3, key(1), 'x', {
            sharedEventID,
            eventTime: at(2),
            recipientAccountId: '444455556666',
            userIdentity: { type: 'AWSAccount', principalId: 'AIDACKCEVSQ6C2EXAMPLE', accountId: account },
          }),
        ),
      }),
    );
    expect(await db.rows('SELECT count(*) AS events FROM events')).toEqual([{ events: 2 }]);
    const { credentials } = await scopeTo(db, [seed], { from: null, to: null });
    expect(credentials.map((row) => [row.access_key_id, row.issued_by, row.via_event_id])).toEqual([
      [seed, null, null],
      [key(1), seed, record(2)['eventID']],
    ]);
  });

  it('masked keys make different credentials look like one: none is built on', async () => {
    const masked = 'ASIAXXXXXXXXXXXXXXXX';
    const found = await scopeOf(
      issue(2, masked, 'x'),
      use(3, session(masked, 'x', at(2))),
      use(4, session(masked, 'y', at(1))),
    );
    expect(found).toMatchObject({ inScope: [seed], look: [], events: 1 });
  });

  it('look-alike keys two characters apart are two keys', async () => {
    const other = seed.replace('SFOD', 'ZFOX');
    const user = { ...(record(1)['userIdentity'] as CloudTrailRecord), accessKeyId: other };
    expect(await scopeOf(record(1), use(2, user))).toMatchObject({ inScope: [seed], events: 1 });
  });

  it('the fields that lineage needs are kept, which other schemas drop', async () => {
    const identity = session(key(1), 'x', at(1), {
      onBehalfOf: { userId: 'u' },
      credentialId: 'c',
      inScopeOf: { issuerType: 'AWS::Lambda::Function' },
    });
    const context = identity['sessionContext'] as CloudTrailRecord;
    Object.assign(context, { sourceIdentity: 's', signInSessionArn: 'i', assumedRoot: 'true' });
    const addition = { eventContext: { tags: { a: 'b' } }, addendum: { reason: 'UPDATED_DATA' } };
    const { db } = await load(evidence({ 'a.json': delivery(use(1, identity, addition)) }));
    expect(
      await db.rows(`SELECT source_identity, sign_in_session_arn, assumed_root, credential_id,
        json_extract_string(on_behalf_of, '$.userId') AS on_behalf_of, json_extract_string(in_scope_of, '$.issuerType') AS in_scope_of,
        json_extract_string(event_context, '$.tags.a') AS tag, json_extract_string(addendum, '$.reason') AS reason FROM events`),
    ).toEqual([
      {
        ...{ source_identity: 's', sign_in_session_arn: 'i', assumed_root: 'true', credential_id: 'c' },
        ...{ on_behalf_of: 'u', in_scope_of: 'AWS::Lambda::Function', tag: 'b', reason: 'UPDATED_DATA' },
      },
    ]);
  });

  it('a backdoor from outside shows no credential of ours: the opened role leads to the stranger', async () => {
    const opened = record(2, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'role' },
    });
    const stranger = { type: 'AWSAccount', principalId: 'AIDAEXAMPLEELSE', accountId: '999988887777' };
    const found = await scopeOf(
      opened,
      issue(5, key(1), 'x', { userIdentity: stranger }),
      use(6, session(key(1), 'x', at(5))),
    );
    expect(found).toMatchObject({ inScope: [seed, key(1)], events: 2 });
  });

  it('that something was taken is told by someone else’s event: shown, in no count', async () => {
    const { db } = await load(
      evidence({
        'a.json': delivery(
          record(2, {
            eventSource: 'ec2.amazonaws.com',
            eventName: 'ModifySnapshotAttribute',
            readOnly: false,
            requestParameters: {
              snapshotId: 'snap-0123456789abcdef0',
              createVolumePermission: { add: { items: [{ userId: '999988887777' }] } },
              attributeType: 'CREATE_VOLUME_PERMISSION',
            },
            responseElements: { _return: true },
          }),
          record(5, {
            userIdentity: { type: 'AWSAccount', principalId: 'AIDAEXAMPLEELSE', accountId: '999988887777' },
            eventSource: 'ec2.amazonaws.com',
            eventName: 'SharedSnapshotVolumeCreated',
            eventType: 'AwsServiceEvent',
            serviceEventDetails: { snapshotId: 'snap-0123456789abcdef0' },
          }),
        ),
      }),
    );
    const { credentials } = await scopeTo(db, [seed], { from: null, to: null });
    const { consequences } = await takeInventories(db);
    expect(consequences.map((row) => row.event_name)).toEqual(['SharedSnapshotVolumeCreated']);
    expect(credentials.map((row) => row.events)).toEqual([1]);
  });
});
