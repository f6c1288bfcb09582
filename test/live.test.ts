/** Live after containment: each story's credentials with their end and what stops them, by the built program. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/report/model.ts';
import { stories } from './lineage-stories.ts';
import { type CloudTrailRecord, delivery, evidence, record, scoped } from './support.ts';

const reportOf = async (records: CloudTrailRecord[], ...args: string[]): Promise<Report> =>
  scoped(evidence({ 'a.json': delivery(...records) }), args);
const seed = 'AKIAIOSFODNN7EXAMPLE';

describe.each(
  Object.entries(stories).filter(
    ([name]) => !['months-before-the-window', 'one-of-ten-thousand-sessions'].includes(name),
  ),
)('%s', (_name, tell) => {
  const story = tell();
  it('has a row for each credential in scope, and a step for each that is live', async () => {
    const report = await reportOf(Object.values(story.files).flat(), ...story.arguments);
    const inScope = report.credentials.filter((row) => row.in_scope);
    expect(report.live.map((row) => row.access_key_id)).toEqual(inScope.map((row) => row.access_key_id));
    const titles = report.containment.map((step) => step.title);
    for (const row of report.live) if (row.state !== 'expired') expect(titles).toContain(row.step);
  });
});

describe('the end of a credential', () => {
  const issue = (response: CloudTrailRecord, request: CloudTrailRecord = {}) =>
    record(1, {
      eventName: 'AssumeRole',
      requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/deploy', ...request },
      responseElements: {
        credentials: { accessKeyId: 'ASIAZ00AAAAAAAEXAMPLE', ...response },
        assumedRoleUser: { arn: 'arn:aws:sts::111122223333:assumed-role/deploy/x' },
      },
    });
  const endOf = async (response: CloudTrailRecord, request?: CloudTrailRecord, ...args: string[]) => {
    const row = (await reportOf([issue(response, request)], '--access-key', seed, ...args)).live[1];
    return [row?.expires_at, row?.expires_by, row?.state];
  };

  it.each([
    'Mar 25, 2026, 3:00:01 AM',
    'Mar 25, 2026 3:00:01 AM',
    'Mar 25, 2026, 3:00:01\u202FAM',
    '2026-03-25T03:00:01Z',
    '2026-03-25T03:00:01.000Z',
  ])('is read from the answer: %j', async (expiration) => {
    expect(await endOf({ expiration })).toEqual(['2026-03-25T03:00:01Z', 'answer', 'live']);
  });

  it('is counted from the duration asked for, else from the limit of AWS', async () => {
    expect(await endOf({}, { durationSeconds: 900 })).toEqual(['2026-03-25T02:15:01Z', 'duration', 'live']);
    expect(await endOf({ expiration: 'soon' })).toEqual(['2026-03-25T14:00:01Z', 'limit', 'live']);
  });

  it('is past or not as of the time asked for', async () => {
    expect(await endOf({}, {}, '--as-of', '2026-03-26')).toEqual(['2026-03-25T14:00:01Z', 'limit', 'expired']);
  });
});

describe('a long-lived key', () => {
  const key = 'AKIAI44QH8DHBEXAMPLE';
  const make = record(1, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    responseElements: { accessKey: { accessKeyId: key, userName: 'svc' } },
  });
  const turn = (n: number, status: string) =>
    record(n, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateAccessKey',
      requestParameters: { accessKeyId: key, status },
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLEELSE',
        accountId: '111122223333',
        accessKeyId: 'AKIAEEEEEEEEEEEXAMPLE',
      },
    });
  const stateOf = async (...records: CloudTrailRecord[]) =>
    (await reportOf([make, ...records], '--access-key', seed)).live.find((row) => row.access_key_id === key);

  it('has no end of its own, and does not stop with the seed', async () => {
    expect(await stateOf()).toMatchObject({
      kind: 'long-lived key',
      expires_at: null,
      state: 'live',
      stopped_by_seed: false,
    });
  });

  it('is deactivated where someone did it, unless it was enabled again', async () => {
    expect((await stateOf(turn(2, 'Inactive')))?.state).toBe('deactivated');
    expect((await stateOf(turn(2, 'Inactive'), turn(3, 'Active')))?.state).toBe('live');
  });
});

describe('a session whose role is deleted', () => {
  const issue = record(3, {
    eventName: 'AssumeRole',
    responseElements: {
      credentials: { accessKeyId: 'ASIAZ00AAAAAAAEXAMPLE', expiration: 'Mar 25, 2026, 3:00:01 AM' },
      assumedRoleUser: { arn: 'arn:aws:sts::111122223333:assumed-role/deploy/x' },
    },
  });
  const deletion = (n: number, more: CloudTrailRecord = {}) =>
    record(n, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeleteRole',
      requestParameters: { roleName: 'deploy' },
      ...more,
    });
  const stateOf = async (...records: CloudTrailRecord[]) => {
    const [, row] = (await reportOf([issue, ...records], '--access-key', seed)).live;
    return [row?.state, row?.deactivated_event_id];
  };

  it('is over from then on', async () => {
    expect(await stateOf(deletion(4))).toEqual(['deactivated', deletion(4)['eventID']]);
  });

  it('lives on where the deletion failed, came before the issue, or was of another role or account', async () => {
    for (const other of [
      deletion(4, { errorCode: 'AccessDenied' }),
      deletion(2),
      deletion(4, { requestParameters: { roleName: 'deploy-old' } }),
      deletion(4, { recipientAccountId: '444455556666' }),
    ])
      expect(await stateOf(other)).toEqual(['live', null]);
  });
});

it('says nothing of a session that was used after its end by the record', async () => {
  const use = record(9, {
    eventTime: '2026-03-27T02:00:00Z',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:x',
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/x',
      accountId: '111122223333',
      accessKeyId: 'ASIAZ00AAAAAAAEXAMPLE',
    },
  });
  const issue = record(1, {
    eventName: 'AssumeRole',
    responseElements: { credentials: { accessKeyId: 'ASIAZ00AAAAAAAEXAMPLE', expiration: 'Mar 25, 2026, 3:00:01 AM' } },
  });
  expect((await reportOf([issue, use], '--access-key', seed)).live[1]?.state).toBe('unknown');
});

it('names the kinds of the federation story, none of which stops with the seed', async () => {
  const story = stories['session-and-federation-tokens']!();
  const { live } = await reportOf(Object.values(story.files).flat(), ...story.arguments);
  expect(live.map((row) => [row.kind, row.expires_by, row.stopped_by_seed])).toEqual([
    ['long-lived key', null, true],
    ['session token', 'answer', false],
    ['federation token', 'answer', false],
    ['console session', 'limit', false],
    ['console session', 'limit', false],
    ['console session', 'limit', false],
  ]);
});

describe('what stops a credential is what AWS allows for its kind', () => {
  const account = '111122223333';
  const issued = 'ASIAZ00AAAAAAAEXAMPLE';
  const rowOf = async (records: CloudTrailRecord[], ...args: string[]) => {
    const report = await reportOf(records, ...(args.length > 0 ? args : ['--access-key', seed]));
    const row = report.live.at(-1);
    return { ...row, what: report.containment.find((step) => step.title === row?.step) };
  };

  it('a permission-set role is never to be edited in IAM', async () => {
    const role = 'AWSReservedSSO_Admins_0123456789abcdef';
    const assume = record(1, {
      eventName: 'AssumeRole',
      responseElements: {
        credentials: { accessKeyId: issued },
        assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/${role}/pat` },
      },
    });
    const row = await rowOf([assume]);
    expect([row.kind, row.stop]).toEqual(['permission-set session', expect.stringMatching(/cannot be edited in IAM/)]);
    expect(row.what?.commands.join()).not.toContain('put-role-policy');
  });

  it.each([account, `arn:aws:iam::${account}:root`])(
    'no user policy stops an assumed root: %s',
    async (targetPrincipal) => {
      const assume = record(1, {
        eventName: 'AssumeRoot',
        requestParameters: { targetPrincipal },
        responseElements: { credentials: { accessKeyId: issued } },
      });
      const row = await rowOf([assume]);
      expect([row.kind, row.step, row.what?.commands]).toEqual(['assumed root', 'Stop the tokens of root', []]);
    },
  );

  it('a service credential asked about by its user is one, and no console session', async () => {
    const bot = {
      ...{ type: 'IAMUser', principalId: 'AIDAEXAMPLEBOT', accountId: account, userName: 'BedrockAPIKey-0001' },
      arn: `arn:aws:iam::${account}:user/BedrockAPIKey-0001`,
    };
    const use = record(1, { userIdentity: bot, additionalEventData: { callWithBearerToken: true } });
    expect((await rowOf([use], '--principal', 'BedrockAPIKey-0001')).kind).toBe('service credential');
  });

  it('a sign-in ends twelve hours later at the latest', async () => {
    const pat = {
      ...{ type: 'IAMUser', principalId: 'AIDAEXAMPLEPAT', accountId: account, userName: 'pat' },
      arn: `arn:aws:iam::${account}:user/pat`,
    };
    const signIn = record(1, {
      userIdentity: pat,
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      responseElements: { ConsoleLogin: 'Success' },
    });
    expect(await rowOf([signIn], '--principal', 'pat')).toMatchObject({
      kind: 'console session',
      expires_at: '2026-03-25T14:00:01Z',
      expires_by: 'limit',
    });
  });
});
