/** A log of many credentials: a tenth are users' keys, the rest sessions issued in chains of them, half of those used by services. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const account = '111122223333';
const start = Date.UTC(2026, 0, 1);
const roles = 50;
const sessionNames = 20_000;
const linesAtOnce = 5000;

const time = (second) => new Date(start + second * 1000).toISOString().replace('.000', '');

/** The first and the last number belong to keys that issue others. */
export const keyOf = (i, users) => (i < users ? 'AKIA' : 'ASIA') + i.toString(36).toUpperCase().padStart(16, '0');

/** Writes JSON Lines into a folder of its own. @returns the folder, and a key that led to others */
export const manyCredentials = ({ events, credentials, dir }) => {
  const folder = join(dir, `credentials-${credentials}-of-${events}`);
  mkdirSync(folder, { recursive: true });
  const users = credentials / 10;
  const issued = credentials * 0.4;
  const second = (i) => (i % sessionNames) * 10;
  const principal = (i) => ({
    id: `AROA${i % roles}:s${i % sessionNames}`,
    arn: `arn:aws:sts::${account}:assumed-role/r${i % roles}/s${i % sessionNames}`,
  });
  const identity = (i) => {
    const accessKeyId = keyOf(i, users);
    if (i < users)
      return {
        type: 'IAMUser',
        principalId: `AIDA${i}`,
        arn: `arn:aws:iam::${account}:user/u${i}`,
        accountId: account,
        userName: `u${i}`,
        accessKeyId,
      };
    const { id, arn } = principal(i);
    const sessionIssuer = {
      type: 'Role',
      principalId: `AROA${i % roles}`,
      arn: `arn:aws:iam::${account}:role/r${i % roles}`,
      accountId: account,
      userName: `r${i % roles}`,
    };
    const sessionContext = { sessionIssuer, attributes: { creationDate: time(second(i)), mfaAuthenticated: 'false' } };
    return {
      type: 'AssumedRole',
      principalId: id,
      arn,
      accountId: account,
      accessKeyId,
      sessionContext,
      ...(i > users + issued && { invokedBy: 'secretsmanager.amazonaws.com' }),
    };
  };
  const record = (n, i, at, changes) => ({
    eventVersion: '1.11',
    userIdentity: identity(i),
    eventTime: time(at),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetBucketLocation',
    awsRegion: 'us-east-1',
    sourceIPAddress: `198.51.100.${i % 250}`,
    userAgent: 'aws-cli/2.15.30',
    requestParameters: { bucketName: `amzn-s3-demo-bucket${i % 900}` },
    responseElements: null,
    requestID: `request-${n}`,
    eventID: `event-${n}`,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...changes,
  });
  const issue = (i) => ({
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    requestParameters: {
      roleArn: `arn:aws:iam::${account}:role/r${i % roles}`,
      roleSessionName: `s${i % sessionNames}`,
    },
    responseElements: {
      credentials: { accessKeyId: keyOf(i, users) },
      assumedRoleUser: { assumedRoleId: principal(i).id, arn: principal(i).arn },
    },
  });
  const file = openSync(join(folder, 'log.jsonl'), 'w');
  let lines = [];
  for (let n = 0; n < events; n++) {
    const i = n < issued ? users + n : (n * 7919) % credentials;
    lines.push(JSON.stringify(n < issued ? record(n, n, second(i), issue(i)) : record(n, i, second(i) + (n % 60), {})));
    if (lines.length === linesAtOnce || n === events - 1) {
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  closeSync(file);
  return { folder, seed: keyOf(1, users) };
};
