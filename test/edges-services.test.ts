/** Edges by way of sign-in services, identity pools and services that act with a role: each kind at its grade. */
import { describe, expect, it } from 'vitest';
import { trace } from '../src/lineage/trace.ts';
import { type CloudTrailRecord, delivery, evidence, load, record } from './support.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const own = '111122223333';
const key = (n: number): string => `ASIA${String(n).padStart(9, '0')}EXAMPLE`;
const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 25, 2, 0, seconds)).toISOString().replace('.000', '');

const session = (accessKeyId: string, role: string, name: string, created: string, more: CloudTrailRecord = {}) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE${role.toUpperCase()}:${name}`,
  arn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
  accountId: own,
  accessKeyId,
  sessionContext: {
    sessionIssuer: { type: 'Role', principalId: `AROAEXAMPLE${role.toUpperCase()}`, accountId: own, userName: role },
    attributes: { creationDate: created, mfaAuthenticated: 'false' },
    ...more,
  },
});

const by = (n: number, userIdentity: CloudTrailRecord | undefined, call: string, changes: CloudTrailRecord = {}) => {
  const [service, eventName] = call.split(':');
  return record(n, {
    eventTime: at(n),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    readOnly: false,
    ...(userIdentity && { userIdentity }),
    ...changes,
  });
};

const assumed = (role: string, name: string, n: number) => ({
  credentials: { accessKeyId: key(n) },
  assumedRoleUser: {
    assumedRoleId: `AROAEXAMPLE${role.toUpperCase()}:${name}`,
    arn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
  },
});

const edgesOf = async (...records: CloudTrailRecord[]) => {
  const { db } = await load(evidence({ 'log.json': delivery(...records) }));
  const { credentials } = await trace(db, [seed], { from: null, to: null });
  return credentials
    .filter(({ hop }) => hop > 0)
    .map((row) => [row.access_key_id, row.edge, row.confidence, row.in_scope]);
};

const roleArn = (name: string): string => `arn:aws:iam::${own}:role/${name}`;

describe('edge login', () => {
  const arn = `arn:aws:signin:us-east-1:${own}:session/example`;
  const console = session(key(1), 'admin', 'ops', at(1));
  const letIn = by(3, console, 'signin:AuthorizeOAuth2Access', { additionalEventData: { signInSessionArn: arn } });
  const begin = by(1, undefined, 'sts:AssumeRole', { responseElements: assumed('admin', 'ops', 1) });
  it('is strong to keys that bear the sign-in session', async () => {
    const vended = by(5, session(key(2), 'admin', 'ops', at(1), { signInSessionArn: arn }), 's3:ListBuckets');
    const other = by(
      6,
      session(key(3), 'admin', 'else', at(4), { signInSessionArn: `${arn}-other` }),
      's3:ListBuckets',
    );
    expect(await edgesOf(begin, letIn, vended, other)).toEqual([
      [key(1), 'key', 'certain', true],
      [key(2), 'login', 'strong', true],
    ]);
  });
});

describe('edge identity', () => {
  const orphan = by(9, session(key(9), 'data', 'job', at(8), { sourceIdentity: 'ci' }), 's3:ListBuckets');
  const set = (n: number, userIdentity?: CloudTrailRecord) =>
    by(n, userIdentity, 'sts:AssumeRole', {
      requestParameters: { roleArn: roleArn('deploy'), sourceIdentity: 'ci' },
      responseElements: { ...assumed('deploy', `b-${n}`, n), sourceIdentity: 'ci' },
    });
  it('is strong where one credential ever set it', async () => {
    expect(await edgesOf(set(1), orphan)).toContainEqual([key(9), 'identity', 'strong', true]);
  });
  it('is weak where another set it too', async () => {
    const colleague = { type: 'IAMUser', principalId: 'AIDAEXAMPLEELSE', accountId: own, accessKeyId: key(50) };
    expect(await edgesOf(set(2), set(1, colleague), orphan)).toContainEqual([key(9), 'identity', 'weak', false]);
  });
});

describe('edge bearer', () => {
  const bot = {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLEBOT',
    arn: `arn:aws:iam::${own}:user/BedrockAPIKey-0001`,
    accountId: own,
    userName: 'BedrockAPIKey-0001',
  };
  const make = by(2, undefined, 'iam:CreateServiceSpecificCredential', {
    requestParameters: { userName: bot.userName, serviceName: 'bedrock.amazonaws.com' },
  });
  const use = (n: number) => by(n, bot, 'bedrock:InvokeModel', { additionalEventData: { callWithBearerToken: true } });
  const credential = `${own}/AIDAEXAMPLEBOT/bearer`;
  it('is strong where one credential made all, weak where a token was used before', async () => {
    expect(await edgesOf(make, use(3))).toEqual([[credential, 'bearer', 'strong', true]]);
    expect(await edgesOf(use(1), make, use(3))).toEqual([[credential, 'bearer', 'weak', false]]);
  });
});

describe('edge provider', () => {
  const pool = 'us-east-1:11111111-2222-3333-4444-555555555555';
  const guest = { type: 'WebIdentityUser', principalId: 'cognito-identity.amazonaws.com:example' };
  const enter = by(4, guest, 'sts:AssumeRoleWithWebIdentity', {
    requestParameters: { roleArn: roleArn('guest') },
    responseElements: { ...assumed('guest', 'w', 4), provider: 'cognito-identity.amazonaws.com', audience: pool },
  });
  it('follows an identity pool: made strong, changed weak', async () => {
    const made = by(2, undefined, 'cognito-identity:CreateIdentityPool', {
      responseElements: { identityPoolId: pool },
    });
    const changed = by(2, undefined, 'cognito-identity:SetIdentityPoolRoles', {
      requestParameters: { identityPoolId: pool },
    });
    expect(await edgesOf(made, enter)).toEqual([[key(4), 'provider', 'strong', true]]);
    expect(await edgesOf(changed, enter)).toEqual([[key(4), 'provider', 'weak', false]]);
  });

  it('follows an identity of the pool to the credentials that it is given', async () => {
    const identityId = 'us-east-1:99999999-2222-3333-4444-555555555555';
    const made = by(2, undefined, 'cognito-identity:CreateIdentityPool', {
      responseElements: { identityPoolId: pool },
    });
    const asked = by(3, { type: 'Unknown' }, 'cognito-identity:GetId', {
      requestParameters: { identityPoolId: pool },
      responseElements: { identityId },
    });
    const given = by(4, { type: 'Unknown' }, 'cognito-identity:GetCredentialsForIdentity', {
      requestParameters: { identityId },
      responseElements: { identityId, credentials: { accessKeyId: key(4) } },
    });
    expect(await edgesOf(made, asked, given)).toEqual([[key(4), 'provider', 'strong', true]]);
  });

  it('follows a profile of Roles Anywhere', async () => {
    const profileArn = `arn:aws:rolesanywhere:us-east-1:${own}:profile/example`;
    const made = by(2, undefined, 'rolesanywhere:CreateProfile', { responseElements: { profile: { profileArn } } });
    const entered = by(4, { type: 'Unknown' }, 'rolesanywhere:CreateSession', {
      requestParameters: { profileArn, roleArn: roleArn('edge') },
      responseElements: { credentialSet: [assumed('edge', '0a', 4)] },
    });
    expect(await edgesOf(made, entered)).toEqual([[key(4), 'provider', 'strong', true]]);
  });
});

describe('edge portal', () => {
  const user = '11111111-aaaa-bbbb-cccc-000000000001';
  const signIn = '22222222-aaaa-bbbb-cccc-000000000002';
  const person = { type: 'IdentityCenterUser', accountId: own, onBehalfOf: { userId: user }, credentialId: signIn };
  const enroll = by(1, undefined, 'identitystore:CreateUser', { responseElements: { userId: user } });
  const fetch = by(3, person, 'sso:GetRoleCredentials', {
    eventType: 'AwsServiceEvent',
    serviceEventDetails: { role_name: 'Admins', account_id: own },
  });
  const opened = by(4, { type: 'SAMLUser' }, 'sts:AssumeRoleWithSAML', {
    requestParameters: {
      roleArn: `arn:aws:iam::${own}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0123456789abcdef`,
    },
    responseElements: assumed('AWSReservedSSO_Admins_0123456789abcdef', 'pat', 4),
  });
  // Of the session, under a key that no call names.
  const use = by(6, session(key(6), 'AWSReservedSSO_Admins_0123456789abcdef', 'pat', at(4)), 's3:ListBuckets');

  it('leads from a user that scope made to its sign-in, and on to the keys of the portal', async () => {
    expect(await edgesOf(enroll, fetch, opened, use)).toEqual([
      [signIn, 'user', 'strong', true],
      [key(4), 'portal', 'strong', true],
      [key(6), 'portal', 'strong', true],
    ]);
  });

  it('draws in nobody who was there before', async () => {
    const assign = by(1, undefined, 'sso:CreateAccountAssignment', { requestParameters: { principalId: user } });
    expect(await edgesOf(assign, fetch, opened, use)).toEqual([[signIn, 'portal', 'weak', false]]);
  });

  it('is certain where CreateToken names the sign-in', async () => {
    const token = by(2, undefined, 'sso-oauth:CreateTokenWithIAM', {
      additionalEventData: { 'identitycenter:CredentialId': signIn },
    });
    expect(await edgesOf(token, fetch)).toEqual([[signIn, 'portal', 'certain', true]]);
  });

  it('is weak where two sign-ins fit', async () => {
    const other = { ...person, credentialId: '33333333-aaaa-bbbb-cccc-000000000003', onBehalfOf: { userId: 'else' } };
    const both = by(3, other, 'sso:GetRoleCredentials', {
      eventID: '33333333-0000-4000-8000-000000000003',
      serviceEventDetails: { role_name: 'Admins', account_id: own },
    });
    expect(await edgesOf(enroll, fetch, both, opened)).toEqual([
      [signIn, 'user', 'strong', true],
      [key(4), 'portal', 'weak', false],
    ]);
  });
});

describe('edge passed', () => {
  const states = { type: 'AWSService', invokedBy: 'states.amazonaws.com' };
  const makeRole = by(1, undefined, 'iam:CreateRole', {
    requestParameters: { roleName: 'flow' },
    responseElements: { role: { arn: roleArn('flow') } },
  });
  const machine = by(2, undefined, 'states:CreateStateMachine', { requestParameters: { roleArn: roleArn('flow') } });
  const enter = by(4, states, 'sts:AssumeRole', {
    requestParameters: { roleArn: roleArn('flow') },
    responseElements: assumed('flow', 'run', 4),
  });
  it('is strong where scope made the role too, weak where the role was there before', async () => {
    expect(await edgesOf(makeRole, machine, enter)).toContainEqual([key(4), 'passed', 'strong', true]);
    expect(await edgesOf(machine, enter)).toEqual([[key(4), 'passed', 'weak', false]]);
  });
  it('does not follow a role to another service', async () => {
    const glue = { type: 'AWSService', invokedBy: 'glue.amazonaws.com' };
    const elsewhere = by(4, glue, 'sts:AssumeRole', {
      requestParameters: { roleArn: roleArn('flow') },
      responseElements: assumed('flow', 'run', 4),
    });
    expect(await edgesOf(machine, elsewhere)).toEqual([]);
  });
});

describe('edge host, by way of a service', () => {
  const scaling = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };
  const machine = 'i-0123456789abcdef0';
  const launch = (group: string) =>
    by(
      4,
      { ...session(key(3), 'AWSServiceRoleForAutoScaling', 'AutoScaling', at(3)), ...scaling },
      'ec2:RunInstances',
      {
        requestParameters: {
          tagSpecificationSet: {
            items: [{ resourceType: 'instance', tags: [{ key: 'aws:autoscaling:groupName', value: group }] }],
          },
        },
        responseElements: { instancesSet: { items: [{ instanceId: machine }] } },
      },
    );
  const use = by(6, session(key(6), 'worker', machine, at(5)), 's3:ListBuckets');
  const group = (call: string) =>
    by(2, undefined, `autoscaling:${call}`, { requestParameters: { autoScalingGroupName: 'miners' } });
  it('follows a compute environment of Batch to the machines of its group', async () => {
    const made = by(2, undefined, 'batch:CreateComputeEnvironment', {
      requestParameters: { computeEnvironmentName: 'miners', type: 'MANAGED' },
    });
    const unique = '11111111-2222-4333-8444-555555555555';
    expect(await edgesOf(made, launch(`miners-asg-${unique}`), use)).toEqual([[key(6), 'host', 'strong', true]]);
    expect(await edgesOf(made, launch(`reports-asg-${unique}`), use)).toEqual([]);
  });
  it('follows a group to its machines: made strong, changed weak, another group not at all', async () => {
    expect(await edgesOf(group('CreateAutoScalingGroup'), launch('miners'), use)).toEqual([
      [key(6), 'host', 'strong', true],
    ]);
    expect(await edgesOf(group('UpdateAutoScalingGroup'), launch('miners'), use)).toEqual([
      [key(6), 'host', 'weak', false],
    ]);
    expect(await edgesOf(group('CreateAutoScalingGroup'), launch('web'), use)).toEqual([]);
  });
});

describe('a used credential whose issue is not in the evidence', () => {
  const noteOf = async (...records: CloudTrailRecord[]) => {
    const { db } = await load(evidence({ 'log.json': delivery(...records) }));
    const { credentials } = await trace(db, [key(9)], { from: null, to: null });
    return credentials[0]?.note;
  };
  const earlier = by(2, undefined, 's3:ListBuckets');
  const use = (created: string, name = 'job') => by(9, session(key(9), 'data', name, created), 's3:ListBuckets');
  it('says why: before the evidence, in its time, by a service, or not known', async () => {
    expect(await noteOf(earlier, use(at(1)))).toBe('issued_before_evidence');
    expect(await noteOf(earlier, use(at(5)))).toBe('issuing_log_missing');
    expect(await noteOf(earlier, use(at(5), 'i-0123456789abcdef0'))).toBe('issued_by_service');
    expect(await noteOf(earlier, by(9, { type: 'IAMUser', accessKeyId: key(9) }, 's3:ListBuckets'))).toBe(
      'issuer_not_in_evidence',
    );
  });
});

describe('edge key, seen from two accounts', () => {
  it('joins the caller’s copy without a response to the other that names the issued key', async () => {
    const other = '444455556666';
    const shared = { sharedEventID: '44444444-0000-4000-8000-000000000004' };
    const mine = by(2, undefined, 'sts:AssumeRole', { ...shared, recipientAccountId: own });
    const theirs = by(3, { type: 'AWSAccount', principalId: 'AIDAEXAMPLE', accountId: own }, 'sts:AssumeRole', {
      ...shared,
      eventTime: at(2),
      recipientAccountId: other,
      responseElements: assumed('guest', 'x', 3),
    });
    expect(await edgesOf(mine, theirs)).toEqual([[key(3), 'key', 'certain', true]]);
  });
});
