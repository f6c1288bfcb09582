/** Records of lineage, as CloudTrail writes them: users, role sessions, console keys, sign-ins; and the edges found in them. */
import { trace } from '../src/lineage/trace.ts';
import type { Grade, Window } from '../src/lineage/walk.ts';
import { type CloudTrailRecord, delivery, evidence, load, record } from './support.ts';

export const seed = 'AKIAIOSFODNN7EXAMPLE';
export const own = '111122223333';
export const foreign = '999988887777';
export const key = (n: number): string => `ASIA${String(n).padStart(9, '0')}EXAMPLE`;
export const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 25, 2, 0, seconds)).toISOString().replace('.000', '');

/** A session of a role, as its calls show it. */
export const session = (
  accessKeyId: string,
  role: string,
  name: string,
  created: string,
  more: CloudTrailRecord = {},
) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE${role.toUpperCase()}:${name}`,
  arn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
  accountId: own,
  accessKeyId,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: `AROAEXAMPLE${role.toUpperCase()}`,
      arn: `arn:aws:iam::${own}:role/${role}`,
      accountId: own,
      userName: role,
    },
    attributes: { creationDate: created, mfaAuthenticated: 'false' },
  },
  ...more,
});

export const user = (name: string, changes: CloudTrailRecord = {}): CloudTrailRecord => ({
  type: 'IAMUser',
  principalId: `AIDAEXAMPLE${name.toUpperCase()}`,
  arn: `arn:aws:iam::${own}:user/${name}`,
  accountId: own,
  userName: name,
  ...changes,
});

/** A key that the console made for a user's session. */
export const consoleKey = (
  accessKeyId: string,
  name: string,
  created: string,
  more: CloudTrailRecord = {},
): CloudTrailRecord =>
  user(name, {
    accessKeyId,
    sessionContext: { attributes: { creationDate: created, mfaAuthenticated: 'false' } },
    ...more,
  });

/** Someone else of the account, who did nothing wrong. */
export const admin = user('admin', { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' });

export const call = (n: number, userIdentity: CloudTrailRecord, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, { eventTime: at(n), userIdentity, ...changes });

export const bySeed = (
  n: number,
  eventSource: string,
  eventName: string,
  changes: CloudTrailRecord,
): CloudTrailRecord =>
  record(n, { eventTime: at(n), eventSource: `${eventSource}.amazonaws.com`, eventName, ...changes });

export const signIn = (n: number, name: string, outcome = 'Success'): CloudTrailRecord =>
  record(n, {
    eventTime: at(n),
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    userIdentity: user(name),
    requestParameters: null,
    responseElements: { ConsoleLogin: outcome },
  });

export const edgesOf = async (
  records: CloudTrailRecord[],
  weakest: Grade = 'strong',
  window: Window = { from: null, to: null },
) => {
  const { db } = await load(evidence({ 'log.json': delivery(...records) }));
  const { credentials } = await trace(db, [seed], window, weakest);
  return credentials
    .filter(({ hop }) => hop > 0)
    .map((row) => [row.access_key_id, row.hop, row.edge, row.confidence, row.in_scope]);
};
